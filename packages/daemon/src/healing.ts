// Healing: daemons compare what they have, audience by audience, and give each other what is missing. One peer after the
// other, in batches; what comes is checked as any other event. The relay only hands it on.
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { audienceOf, compareStamps, type HealFrame, type HealMark, MAX_HEAL_MARKS } from "@agora/protocol";
import { gapsOf, type HistoryRecord, isRestamp, markOf, type Marks, type Ranges, readHeadOf, sealedOf, subtract } from "@agora/room";
import type { Store } from "./store.ts";

export interface Healing {
  /** Joined: everybody here is compared with, in turn. */
  joined(names: readonly string[]): void;
  /** A member came: they begin; but what we lack of theirs is asked for soon. */
  cameBack(name: string): void;
  hear(frame: HealFrame): void;
  /** Something that was missing came. */
  progress(): void;
  lost(): void;
}

/** Events given to one peer at once, and between two looks at the connection. */
const MAX_GIVEN = 20_000;
const BATCH = 200;
const BATCH_EVERY_MS = 10;
const BACKPRESSURE_BYTES = 512 * 1024;
/** A peer that does not answer is left for the next one after this. */
const ANSWER_MS = 4_000;
/** The same peer is not asked again sooner, unless it said that there is more. */
const AGAIN_MS = 5_000;
/** Comparing goes on now and then, with one peer at random. */
const EVERY_MS = 60_000;
/** Lines of history read for one answer. */
const MAX_READ = 2_000_000;

/** Makes the healer of one room. */
export function createHealing(options: {
  readonly store: Store;
  readonly link: () => Link;
  readonly room: string;
  readonly me: string;
  readonly myKey: string;
  /** The stamp at which this member first joined: what is older is history. */
  readonly begin: () => string;
  /** How much of the past a newcomer is given. */
  readonly history: () => number;
  readonly keyOf: (name: string) => string | undefined;
  readonly isHere: (name: string) => boolean;
  readonly online: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}): Healing {
  const { store, clock, log, me, myKey, room } = options;
  let queue: string[] = [];
  let asking: { readonly name: string; cancel: () => void; came: number } | undefined;
  const askedAt = new Map<string, number>();
  const giving = new Set<string>();

  const ask = (name: string): void => {
    askedAt.set(name, clock.steady());
    const marks = sharedMarks(store.state.marks, { name: me, key: myKey }, { name, key: options.keyOf(name) ?? "" });
    asking = { name, cancel: clock.after(ANSWER_MS, giveUpAsking), came: 0 };
    options.link().send({ type: "heal", room, to: name, step: "marks", since: options.begin(), marks });
  };
  /** The peer fell silent; what came from it until then was not all, so it is asked once more. */
  const giveUpAsking = (): void => {
    if (asking !== undefined && asking.came > 0) queue.unshift(asking.name);
    asking = undefined;
    next();
  };
  const next = (): void => {
    if (asking !== undefined) return;
    const name = queue.shift();
    if (name === undefined) return;
    if (!options.isHere(name) || name === me) return next();
    ask(name);
  };
  const enqueue = (names: readonly string[], afterMs: number): void => {
    clock.after(afterMs, () => {
      queue.push(...names.filter((n) => n !== me && !queue.includes(n)));
      next();
    });
  };

  clock.every(EVERY_MS, () => {
    const names = options.online().filter((n) => n !== me);
    const name = names[Math.floor(options.random() * names.length)];
    if (name !== undefined) enqueue([name], options.random() * EVERY_MS * 0.5);
  });

  /** Gives a peer what it lacks and may have. */
  const answer = (frame: HealFrame): void => {
    const peer = { name: frame.from, key: frame.key };
    if (giving.has(peer.name)) return;
    const theirs = new Map((frame.marks ?? []).map((m) => [markOf(m.key, m.audience), m.ranges as Ranges]));
    const ours = sharedMarks(store.state.marks, peer, { name: me, key: myKey });
    const missing = new Map<string, Ranges>();
    for (const mark of ours) {
      const lacks = subtract(mark.ranges as Ranges, theirs.get(markOf(mark.key, mark.audience)) ?? []);
      if (lacks.length > 0) missing.set(markOf(mark.key, mark.audience), lacks);
    }
    const gone = goneForGood(frame.marks ?? [], myKey, store.state.marks);
    const { records, more } = missing.size === 0 ? { records: [], more: false } : collect(store, missing, frame.since ?? "0-0", options.history());
    giving.add(peer.name);
    give(peer.name, records, () => {
      giving.delete(peer.name);
      options.link().send({ type: "heal", room, to: peer.name, step: "done", more, ...(gone.length === 0 ? {} : { marks: gone }) });
      if (records.length > 0) log.info("healed-peer", { name: peer.name, events: records.length });
    });
    // What they have and we lack is asked for in our turn.
    const lacking = [...theirs].some(([mark, ranges]) => subtract(ranges, store.state.marks[mark] ?? []).length > 0);
    if (lacking && clock.steady() - (askedAt.get(peer.name) ?? -AGAIN_MS) >= AGAIN_MS) enqueue([peer.name], options.random() * 200);
  };

  const give = (name: string, records: readonly HistoryRecord[], done: () => void, from = 0): void => {
    if (from >= records.length || !options.isHere(name)) return done();
    if (options.link().unsent > BACKPRESSURE_BYTES) return void clock.after(BATCH_EVERY_MS, () => give(name, records, done, from));
    for (const record of records.slice(from, from + BATCH)) {
      if (!options.link().send({ type: "deliver", room, to: name, stamp: record.stamp, event: sealedOf(record) })) return done();
    }
    clock.after(BATCH_EVERY_MS, () => give(name, records, done, from + BATCH));
  };

  const hearDone = (frame: HealFrame): void => {
    for (const mark of frame.marks ?? []) {
      // Only the author can say that its own events are gone.
      if (mark.key !== frame.key || options.keyOf(frame.from) !== frame.key) continue;
      for (const range of mark.ranges) store.giveUp(mark.key, mark.audience, range);
    }
    if (asking?.name !== frame.from) return;
    asking.cancel();
    // The relay may have dropped some of it: as long as something comes, the same peer is asked again.
    if (frame.more === true || asking.came > 0) queue.unshift(frame.from);
    asking = undefined;
    next();
  };

  return {
    joined(names) {
      queue = [];
      asking?.cancel();
      asking = undefined;
      giving.clear();
      // Jitter, so that after a relay's restart not everybody asks everybody in the same moment.
      enqueue(shuffle(names, options.random), 50 + options.random() * 500);
    },
    cameBack(name) {
      enqueue([name], 1_000 + options.random() * 2_000);
    },
    hear(frame) {
      if (!options.isHere(frame.from) || options.keyOf(frame.from) !== frame.key) return;
      if (frame.step === "marks") answer(frame);
      else hearDone(frame);
    },
    progress() {
      if (asking === undefined) return;
      asking.came += 1;
      asking.cancel();
      asking.cancel = clock.after(ANSWER_MS, giveUpAsking);
    },
    lost() {
      queue = [];
      asking?.cancel();
      asking = undefined;
    },
  };
}

/** The marks of audiences that both members belong to: the room's, and directed ones that name or are by both. [HEAL-3] */
export function sharedMarks(marks: Marks, a: { readonly name: string; readonly key: string }, b: { readonly name: string; readonly key: string }): HealMark[] {
  const shared: HealMark[] = [];
  for (const [mark, ranges] of Object.entries(marks).reverse()) {
    const bar = mark.indexOf("|");
    const key = mark.slice(0, bar);
    const audience = mark.slice(bar + 1);
    if (audience !== "*" && !(belongs(audience, key, a) && belongs(audience, key, b))) continue;
    shared.push({ key, audience, ranges: ranges.map(([from, to]) => [from, to] as [number, number]) });
    if (shared.length >= MAX_HEAL_MARKS) break;
  }
  return shared;
}

function belongs(audience: string, author: string, member: { readonly name: string; readonly key: string }): boolean {
  return author === member.key || (audience.startsWith("@") && audience.slice(1).split(",").includes(member.name));
}

/** Own seqs that a peer lacks between others and that we do not have either: our journal was lost. */
function goneForGood(theirs: readonly HealMark[], myKey: string, ours: Marks): HealMark[] {
  return theirs
    .filter((m) => m.key === myKey)
    .map((m) => ({ ...m, ranges: subtract(gapsOf(m.ranges), ours[markOf(m.key, m.audience)] ?? []).map(([from, to]) => [from, to] as [number, number]) }))
    .filter((m) => m.ranges.length > 0);
}

/** The kept events that are missing at a peer, oldest first; of those from before it came only the newest `past`. */
function collect(store: Store, missing: ReadonlyMap<string, Ranges>, since: string, past: number): { readonly records: HistoryRecord[]; readonly more: boolean } {
  const records: HistoryRecord[] = [];
  const left = new Map(missing);
  let read = 0;
  let older = 0;
  for (const { value } of store.history.back()) {
    if (left.size === 0 || (read += 1) > MAX_READ) break;
    if (isRestamp(value)) continue;
    const isPast = compareStamps(value.stamp, since) < 0;
    if (isPast && older >= past) break;
    const head = readHeadOf(value);
    if (head === undefined) continue;
    if (isPast && head.to.length === 0) older += 1;
    const mark = markOf(head.key, audienceOf(head));
    const ranges = left.get(mark);
    if (ranges === undefined) continue;
    const rest = subtract(ranges, [[head.seq, head.seq]]);
    if (rest.length === ranges.length && rest.every(([from, to], i) => from === ranges[i]![0] && to === ranges[i]![1])) continue;
    records.push(value);
    if (rest.length === 0) left.delete(mark);
    else left.set(mark, rest);
  }
  records.reverse();
  return { records: records.slice(0, MAX_GIVEN), more: records.length > MAX_GIVEN };
}

function shuffle(names: readonly string[], random: () => number): readonly string[] {
  return names.map((name) => ({ name, at: random() })).sort((x, y) => x.at - y.at).map(({ name }) => name);
}

