// The operator's table in a terminal: one row a seat, as many columns as fit, the loops first. What a peer wrote is made
// harmless before it is measured, and wide characters count twice.
import type { SeatActivity } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import measure from "fast-string-truncated-width";
import type { Paint } from "../answer.ts";
import { showSpan } from "../show.ts";

interface Column {
  readonly title: string;
  /** Cells of the screen it has at least and at most. */
  readonly least: number;
  readonly most: number;
  /** Those with the lowest number stay when there is little room. */
  readonly rank: number;
  readonly right?: true;
  readonly of: (row: SeatActivity, now: number) => string;
}

const STATE_WORDS: Readonly<Record<SeatActivity["state"], string>> = {
  working: "working",
  permission: "permission",
  idle: "idle",
  paused: "paused",
  away: "away",
};

const COLUMNS: readonly Column[] = [
  { title: "SEAT", least: 14, most: 34, rank: 0, of: nameOf },
  { title: "STATE", least: 6, most: 10, rank: 1, of: ({ state }) => STATE_WORDS[state] },
  { title: "5M", least: 2, most: 5, rank: 2, right: true, of: ({ turns }) => few(turns.m5) },
  { title: "1H", least: 2, most: 5, rank: 3, right: true, of: ({ turns }) => few(turns.h1) },
  { title: "CHAIN", least: 5, most: 7, rank: 4, right: true, of: chainOf },
  { title: "QUEUED", least: 6, most: 6, rank: 7, right: true, of: ({ queued }) => few(queued) },
  { title: "SIGN", least: 6, most: 8, rank: 5, of: ({ lastSign }, now) => ago(lastSign, now) },
  { title: "WAITS FOR", least: 9, most: 24, rank: 6, of: waitsOf },
  { title: "MODE", least: 6, most: 6, rank: 9, of: ({ mode = "" }) => mode },
  { title: "SINCE", least: 6, most: 8, rank: 10, of: ({ since }, now) => ago(since, now) },
  { title: "BRANCH", least: 8, most: 24, rank: 11, of: ({ branch = "" }) => branch },
  { title: "DOING", least: 12, most: 80, rank: 8, of: ({ status = "" }) => status },
];
const GAP = 2;
/** Narrower than this nobody can read a table. */
const LEAST_COLUMNS = 20;

/**
 * The table as lines, each at most `columns` cells wide: its head, a line a seat, and below one that is in a loop which it is.
 *
 * @param rows as `activity` answers them
 */
export function boardLines(
  rows: readonly SeatActivity[],
  columns: number,
  now: number,
  paint: Paint,
): readonly string[] {
  const room = Math.max(LEAST_COLUMNS, columns);
  const cells = rows.map((row) => new Map(COLUMNS.map((one) => [one, harmlessLine(one.of(row, now), 200)])));
  const widths = widthsIn(room, cells);
  const lineOf = (text: (column: Column) => string): string =>
    [...widths]
      .map(([column, width]) => fitted(text(column), width, column.right === true))
      .join(" ".repeat(GAP))
      .trimEnd();
  const head = paint.dim(lineOf(({ title }) => title));
  return [
    head,
    ...rows.flatMap((row, at) => {
      const line = lineOf((column) => cells[at]!.get(column)!);
      if (row.loop !== undefined)
        return [paint.bad(line), paint.bad(cut(`  loop: ${harmlessLine(row.loop, 300)}`, room))];
      if (row.state === "away") return [paint.dim(line)];
      return [row.chain?.stopped === true ? paint.bad(line) : line];
    }),
  ];
}

/** The columns that fit, in their order, each with its width. */
function widthsIn(room: number, cells: readonly ReadonlyMap<Column, string>[]): ReadonlyMap<Column, number> {
  const wishes = new Map(
    COLUMNS.map((column) => {
      const widest = Math.max(cellsOf(column.title), ...cells.map((row) => cellsOf(row.get(column)!)));
      const isEmpty = column.rank > 4 && cells.every((row) => row.get(column) === "");
      return [column, isEmpty ? 0 : Math.min(column.most, Math.max(column.least, widest))] as const;
    }),
  );
  const kept = new Map<Column, number>();
  let left = room;
  for (const column of [...COLUMNS].sort((a, b) => a.rank - b.rank)) {
    const wish = wishes.get(column)!;
    const least = Math.min(column.least, wish) + (kept.size === 0 ? 0 : GAP);
    if (wish === 0 || least > left) continue;
    kept.set(column, Math.min(column.least, wish));
    left -= least;
  }
  // Who lacks little gets it first.
  const lack = ([column, width]: [Column, number]): number => wishes.get(column)! - width;
  for (const [column, width] of [...kept].sort((a, b) => lack(a) - lack(b))) {
    const more = Math.min(left, wishes.get(column)! - width);
    kept.set(column, width + more);
    left -= more;
  }
  return new Map(COLUMNS.filter((column) => kept.has(column)).map((column) => [column, kept.get(column)!]));
}

function nameOf({ member, seat, you }: SeatActivity): string {
  return `${member}${seat === undefined ? "" : `/${seat}`}${you ? " (you)" : ""}`;
}

function few(count: number): string {
  return count === 0 ? "" : String(count);
}

function chainOf({ chain }: SeatActivity): string {
  return chain === undefined ? "" : `${chain.turns}/${chain.limit}`;
}

function waitsOf({ state, waitsFor = [] }: SeatActivity): string {
  return state === "permission" ? "its person" : waitsFor.map((name) => `@${name}`).join(" ");
}

function ago(at: number | undefined, now: number): string {
  return at === undefined ? "" : showSpan(Math.max(0, now - at));
}

/** How many cells of a screen a text takes. */
function cellsOf(text: string): number {
  return measure(text).width;
}

/** At most so many cells of a text, with a mark where something is missing. */
function cut(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  let kept = text.slice(0, measure(text, { limit: cells, ellipsis: "…" }).index);
  // Within a run of wide letters the place to cut may be told one too late.
  while (kept !== "" && cellsOf(`${kept}…`) > cells) kept = Array.from(kept).slice(0, -1).join("");
  return `${kept}…`;
}

/** Exactly so many cells. */
function fitted(text: string, cells: number, right: boolean): string {
  const own = cut(text, cells);
  const blanks = " ".repeat(Math.max(0, cells - cellsOf(own)));
  return right ? `${blanks}${own}` : `${own}${blanks}`;
}
