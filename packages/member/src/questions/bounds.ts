// How much is kept of questions and of what belongs to them, and what goes when there is too much: the same in whatever order
// it came.
import { compareStamps } from "@agora/protocol";
import type { Author, Standing } from "../kernel/authors.ts";

/** What the bounds look at. */
interface Kept {
  readonly id: string;
  readonly key: string;
  readonly stamp: string;
  readonly queued?: true;
}

/** Events of each sort that are kept of one author. */
export const MAX_OF_AUTHOR = 150;
/** And of all whom this member knows. */
export const MAX_OF_ALL = 500;
/** Besides those: of all strangers who spoke by the relay's word, and of all whom others handed on. */
export const MAX_OF_STRANGERS = 250;
export const MAX_HANDED_ON = 100;

/** Who an author is to this member, and who handed it on; undefined: nobody that is known. */
export type WhoIs = (key: string) => Pick<Author, "standing" | "by"> | undefined;

/** Who share a bound: what one of them says pushes out nothing of the others. */
type Circle = "known" | "strangers" | "handed";
const MOST: Readonly<Record<Circle, number>> = {
  known: MAX_OF_ALL,
  strangers: MAX_OF_STRANGERS,
  handed: MAX_HANDED_ON,
};
const CIRCLES: Readonly<Record<Standing, Circle>> = { own: "known", met: "known", here: "strangers", handed: "handed" };

/**
 * Keeps the latest of an author, and of all in a circle: the same ones in whatever order they came. When there are too many in a
 * circle, who has the most there gives one up, so that nobody's few are pushed out by the many of others; and of strangers who have as many,
 * who came last: what waits longer is not pushed out by names that cost nothing.
 */
export function put<T extends Kept>(entries: Record<string, T>, entry: T, whoIs: WhoIs): void {
  if (Object.hasOwn(entries, entry.id) && (entries[entry.id]!.queued !== true || entry.queued === true)) return;
  entries[entry.id] = entry;
  const all = Object.values(entries);
  dropEarliest(
    entries,
    all.filter(({ key }) => key === entry.key),
    MAX_OF_AUTHOR,
  );
  const circleOf = (of: T): Circle => (of.queued === true ? "known" : CIRCLES[whoIs(of.key)?.standing ?? "here"]);
  const circle = circleOf(entry);
  if (all.length <= MOST[circle]) return;
  const among = Object.values(entries).filter((of) => circleOf(of) === circle);
  // Of what is handed on, who hands it on pays.
  const payer = ({ key }: T): string => (circle === "handed" ? (whoIs(key)?.by ?? key) : key);
  if (among.length > MOST[circle]) dropEarliest(entries, ofWhoHasMost(among, payer), 0);
}

/** The entries of who has the most; of those with as many, of who came last. */
function ofWhoHasMost<T extends Kept>(entries: readonly T[], payer: (entry: T) => string): readonly T[] {
  const byPayer = new Map<string, T[]>();
  for (const entry of entries) {
    const own = byPayer.get(payer(entry));
    if (own === undefined) byPayer.set(payer(entry), [entry]);
    else own.push(entry);
  }
  const earliest = (own: readonly T[]): T => own.reduce((a, b) => (inOrder(a, b) < 0 ? a : b));
  return [...byPayer.values()].reduce((a, b) => {
    if (a.length !== b.length) return a.length > b.length ? a : b;
    return inOrder(earliest(a), earliest(b)) > 0 ? a : b;
  });
}

function dropEarliest<T extends Kept>(entries: Record<string, T>, among: readonly T[], most: number): void {
  if (among.length <= most) return;
  delete entries[among.reduce((a, b) => (inOrder(a, b) < 0 ? a : b)).id];
}

/** The room's order. [STAMP-4] */
export function inOrder(a: Kept, b: Kept): number {
  return compareStamps(a.stamp, b.stamp) || (a.id < b.id ? -1 : 1);
}
