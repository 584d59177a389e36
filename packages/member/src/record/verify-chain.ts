// One author's chain in one audience: what of it is missing, contradicts itself, or stands in another order than it was said in.
import { compareStamps } from "@agora/protocol";
import { gapsOf, type Ranges, addRange, subtract } from "../kernel/marks.ts";
import { audienceWords, type Finding } from "./finding.ts";
import { follows, type Link, mayShareNumber, seqBefore } from "./link.ts";

/** A link and where it stands in the journal. */
export interface PlacedLink extends Link {
  readonly where: string;
  /** Its place among the lines. */
  readonly line: number;
  readonly stamp: string;
  /** Its place is a member's word, or it waits behind nothing, as a control does: its place tells nothing of the order. */
  readonly isAnywhere: boolean;
}

/** What the links of one chain, in the order of their lines, show. */
export function verifyChain(links: readonly PlacedLink[]): {
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
} {
  const bySeq = new Map<number, PlacedLink[]>();
  for (const link of links) {
    const same = bySeq.get(link.seq);
    if (same === undefined) bySeq.set(link.seq, [link]);
    else same.push(link);
  }
  const sorted = [...bySeq.keys()].sort((a, b) => a - b).map((seq) => bySeq.get(seq)!);
  return {
    faults: [...conflicts(sorted), ...broken(sorted, bySeq), ...missing(sorted), ...misplaced(sorted)],
    notes: [...unchained(sorted)],
  };
}

function nameOf({ author, seq, audience }: Link): string {
  return `@${author}'s number ${seq} ${audienceWords(audience)}`;
}

function* conflicts(sorted: readonly (readonly PlacedLink[])[]): Iterable<Finding> {
  for (const [first, ...others] of sorted) {
    const other = others.find((link) => !mayShareNumber(first!, link));
    if (other !== undefined) yield conflict(first!, other, `stands here as ${first!.id} and as ${other.id}`);
  }
  const byPrev = new Map<string, PlacedLink>();
  for (const link of sorted.flat()) {
    if (link.prev === undefined) continue;
    const before = byPrev.get(link.prev);
    if (before === undefined) byPrev.set(link.prev, link);
    else if (before.seq !== link.seq)
      yield conflict(before, link, `and number ${link.seq} both claim to follow the same event`);
  }
}

function conflict(first: Link, { where }: PlacedLink, what: string): Finding {
  return { code: "conflict", where, message: `${nameOf(first)} ${what}: its author signed two different stories.` };
}

function* broken(
  sorted: readonly (readonly PlacedLink[])[],
  bySeq: ReadonlyMap<number, readonly PlacedLink[]>,
): Iterable<Finding> {
  for (const link of sorted.flat()) {
    const { gap, seq, where } = link;
    if (gap !== undefined && (gap.to !== seq - 1 || gap.from > gap.to))
      yield { code: "broken-chain", where, message: `${nameOf(link)} speaks of a gap that does not end before it.` };
    const before = bySeq.get(seqBefore(link));
    if (link.prev === undefined || before === undefined || before.some((b) => follows(link, b))) continue;
    const message = `${nameOf(link)} does not follow the number ${seqBefore(link)} that stands here: others were told something else.`;
    yield { code: "broken-chain", where, message };
  }
}

function* missing(sorted: readonly (readonly PlacedLink[])[]): Iterable<Finding> {
  const gaps = sorted.flat().flatMap(({ gap }) => (gap === undefined ? [] : [[gap.from, gap.to] as const]));
  const here = sorted.reduce<(readonly [number, number])[]>((ranges, [link]) => {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === link!.seq - 1) ranges[ranges.length - 1] = [last[0], link!.seq];
    else ranges.push([link!.seq, link!.seq]);
    return ranges;
  }, []);
  for (const [from, to] of subtract(gapsOf(here), gaps.reduce<Ranges>(addRange, []))) {
    const behind = sorted.find(([link]) => link!.seq > to)![0]!;
    const which = from === to ? `number ${from}` : `numbers ${from} to ${to}`;
    const are =
      from === to ? "isn't here: it was removed, or never came" : "aren't here: they were removed, or never came";
    const message = `@${behind.author}'s ${which} ${audienceWords(behind.audience)} ${are}.`;
    yield { code: "missing", where: behind.where, message };
  }
}

function* misplaced(sorted: readonly (readonly PlacedLink[])[]): Iterable<Finding> {
  let before: PlacedLink | undefined;
  for (const [link] of sorted) {
    if (link!.isAnywhere) continue;
    if (before !== undefined && (link!.line < before.line || compareStamps(link!.stamp, before.stamp) < 0)) {
      const message = `${nameOf(link!)} stands before number ${before.seq}, though its author said it later.`;
      yield { code: "out-of-order", where: link!.where, message };
    }
    before = link;
  }
}

function* unchained(sorted: readonly (readonly PlacedLink[])[]): Iterable<Finding> {
  let isChained = false;
  for (const [link] of sorted) {
    if (isChained && link!.prev === undefined && link!.gap === undefined)
      yield {
        code: "unchained",
        where: link!.where,
        message: `${nameOf(link!)} names no event before it, though earlier ones do: an older version said it.`,
      };
    isChained = link!.prev !== undefined;
  }
}
