// The operator's board without its looks: which rows are shown, in which groups, and whose they are. Pure.
import type { SeatActivity } from "@agora/ipc/messages";

/** A group of rows under one heading; without one all rows. */
export interface Group {
  readonly owner?: string;
  readonly rows: readonly SeatActivity[];
}

/** The words by which a row can be found. */
const wordsOf = ({ member, seat, owner, status, branch, state, mode, loop }: SeatActivity): string =>
  [member, seat, owner, status, branch, state, mode, loop === undefined ? undefined : `loop ${loop}`]
    .filter((word) => word !== undefined)
    .join(" ")
    .toLowerCase();

/** A row's own key. */
export function keyOf({ member, seat }: SeatActivity): string {
  return `${member}/${seat ?? ""}`;
}

/** The rows that have all words of `filter`, in their order; by owner, those with the most urgent row first. */
export function groupsOf(rows: readonly SeatActivity[], filter: string, byOwner: boolean): readonly Group[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => words.every((word) => wordsOf(row).includes(word)));
  if (!byOwner) return [{ rows: found }];
  const groups = new Map<string, SeatActivity[]>();
  for (const row of found) {
    const owner = row.owner ?? row.member;
    groups.set(owner, [...(groups.get(owner) ?? []), row]);
  }
  return [...groups].map(([owner, own]) => ({ owner, rows: own }));
}

/** The members of the chosen rows, each once. */
export function membersOf(rows: readonly SeatActivity[], chosen: ReadonlySet<string>): readonly string[] {
  return [...new Set(rows.filter((row) => chosen.has(keyOf(row))).map(({ member }) => member))];
}
