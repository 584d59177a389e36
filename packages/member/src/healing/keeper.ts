// Healing: daemons compare what they have, audience by audience, and give each other what is missing. One peer after the
// other, in batches; what comes is checked as any other event. The relay only hands it on.
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { FIRST_STAMP, type HealFrame } from "@agora/protocol";
import { addRange, markOf, type Ranges, subtract } from "../kernel/marks.ts";
import { type HistoryRecord, signedEventOf } from "../kernel/record.ts";
import { collect, type Found } from "./collect.ts";
import { type Party, sharedMarks } from "./marks.ts";
import type { Channels } from "../channels/keeper.ts";
import type { StampIndex } from "../kernel/stamp-index.ts";
import type { Store } from "../kernel/store.ts";

export interface Healing {
  /** Joined: everybody here is compared with, in turn. */
  joined(names: readonly string[]): void;
  /** A member came: they begin; but what we lack of theirs is asked for soon. */
  cameBack(name: string): void;
  /** This member came to a channel: those who are in it are asked for its past. */
  ask(names: readonly string[]): void;
  hear(frame: HealFrame): void;
  /** Something that was missing came, from this member. */
  progress(by: string): void;
  lost(): void;
}

/** Deliveries: so many at once, then so many a second, well below what the relay lets one member deliver. */
const BURST = 10_000;
const PER_SECOND = 1_500;
const BATCH = 300;
const BATCH_EVERY_MS = 10;
const BACKPRESSURE_BYTES = 512 * 1024;
/** A peer that does not answer is left for the next one after this, and one that gives and gives after that. */
const ANSWER_MS = 4_000;
const MAX_ASK_MS = 30_000;
/** The same peer is not asked again sooner, unless it said that there is more. */
const AGAIN_MS = 5_000;
/** The same peer is not answered again sooner, nor before as much time has passed as looking for its last answer took. */
const ANSWER_EVERY_MS = 100;
/** After joining one waits a little for what the relay itself still has. */
const JOINED_MS = 50;
const JITTER_PER_MEMBER_MS = 50;
const MAX_JITTER_MS = 500;
/** Peers of whom it is remembered when they were asked or answered; of more, those longest ago are forgotten. */
const MAX_PEERS = 1_000;
/** Comparing goes on now and then, with one peer at random. */
const EVERY_MS = 60_000;

/** Creates what exchanges missed events with others (anti-entropy) in one room. */
export function createHealing(options: {
  readonly store: Store;
  readonly stamps: Pick<StampIndex, "tailsOf" | "digestOf">;
  readonly link: () => Link;
  readonly room: string;
  readonly me: string;
  readonly myKey: string;
  /** The stamp at which this member first joined: what is older is history. */
  readonly begin: () => string;
  /** How much of the past a newcomer is given. */
  readonly history: () => number;
  readonly keyOf: (name: string) => string | undefined;
  /** What everybody has to know, whatever its age. */
  readonly enduring: () => readonly HistoryRecord[];
  readonly channels: Pick<Channels, "has" | "isIn" | "names" | "since" | "whyPutOut" | "deciding">;
  /** What every newcomer to the room has to know, whatever its age. [CARD-4] */
  readonly standing: () => readonly HistoryRecord[];
  readonly isHere: (name: string) => boolean;
  readonly online: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}): Healing {
  const { store, clock, log, me, myKey, room } = options;
  let queue: string[] = [];
  let asking: { readonly name: string; readonly since: number; cancel: () => void; came: number } | undefined;
  const askedAt = new Map<string, number>();
  /** Who is being answered, and from when on it may be again. */
  const giving = new Set<string>();
  /** What a peer asked anew while it was being answered: it may lack other things since. */
  const askedAnew = new Map<string, HealFrame>();
  const answerAt = new Map<string, number>();
  let tokens = BURST;
  let tokensAt = clock.steady();

  const self = (): Party => ({ name: me, key: myKey, channels: new Set(options.channels.names()) });
  /** A member with the channels that it and this member are both in: of others nothing is told or given. [CHANNEL-5] */
  const partyOf = (name: string, key: string): Party => {
    const { channels } = options;
    const both = channels.names().filter((channel) => channels.has(channel, name));
    const putOut = new Map<string, ReadonlySet<string>>();
    for (const channel of both) {
      const told = channels.whyPutOut(channel, key);
      if (told !== undefined) putOut.set(channel, told);
    }
    return { name, key, channels: new Set(both), putOut };
  };
  const ask = (name: string): void => {
    const now = clock.steady();
    note(askedAt, name, now);
    const key = options.keyOf(name) ?? "";
    const tails = options.stamps.tailsOf(key, store.state.marks);
    const marks = sharedMarks(store.state.marks, store.state.authors, self(), partyOf(name, key)).map((mark) => {
      const tail = tails.get(markOf(mark.key, mark.audience));
      return tail === undefined ? mark : { ...mark, tail };
    });
    const since = options.channels.since();
    const joined = Object.keys(since).length === 0 ? {} : { channels: since };
    asking = { name, since: now, cancel: clock.after(ANSWER_MS, endAsking), came: 0 };
    options.link().send({ type: "heal", room, to: name, step: "marks", since: options.begin(), ...joined, marks });
  };
  /** The peer fell silent or is done; as long as something came it is asked once more, after the others. */
  const endAsking = (more = false): void => {
    if (asking === undefined) return;
    asking.cancel();
    if ((more || asking.came > 0) && !queue.includes(asking.name)) queue.push(asking.name);
    asking = undefined;
    next();
  };
  const next = (): void => {
    if (asking !== undefined) return;
    const name = queue.find((n) => n !== me && options.isHere(n));
    queue = name === undefined ? [] : queue.slice(queue.indexOf(name) + 1);
    if (name !== undefined) ask(name);
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

  /** Gives a peer what it lacks and may have; one answer at a time to each. */
  const answer = (frame: HealFrame): void => {
    const peer = partyOf(frame.from, frame.key);
    if (giving.has(peer.name)) return void askedAnew.set(peer.name, frame);
    giving.add(peer.name);
    const wait = (answerAt.get(peer.name) ?? 0) - clock.steady();
    if (wait > 0) clock.after(wait, () => answerNow(peer, frame));
    else answerNow(peer, frame);
  };
  const answerNow = (peer: Party, frame: HealFrame): void => {
    const began = clock.steady();
    const theirs = new Map<string, Ranges>((frame.marks ?? []).map((m) => [markOf(m.key, m.audience), m.ranges]));
    const missing = new Map<string, Ranges>();
    const shared = new Set<string>();
    for (const { key, audience, ranges } of sharedMarks(store.state.marks, store.state.authors, peer, self())) {
      shared.add(markOf(key, audience));
      const lacks = subtract(ranges, theirs.get(markOf(key, audience)) ?? []);
      if (lacks.length > 0) missing.set(markOf(key, audience), lacks);
    }
    // Where one of our own has another place to them than to us, they are told again: the author's word counts. [HEAL-7]
    for (const { key, audience, ranges, tail } of frame.marks ?? []) {
      const mark = markOf(key, audience);
      if (tail === undefined || key !== myKey || !shared.has(mark)) continue;
      const own = options.stamps.digestOf(mark, ranges, tail.from);
      if (own === undefined || own === tail.digest) continue;
      const moved = subtract(ranges, tail.from > 1 ? [[1, tail.from - 1]] : []);
      missing.set(mark, moved.reduce(addRange, missing.get(mark) ?? []));
    }
    // Given in reverse of how it was found: who opened a channel before what that one decided.
    const deciding = [...options.standing(), ...options.channels.deciding(peer.channels ?? [])].toReversed();
    const inChannels = { ...(frame.channels === undefined ? {} : { channels: frame.channels }), deciding };
    const wanted = {
      by: peer,
      missing,
      since: frame.since ?? FIRST_STAMP,
      past: options.history(),
      first: options.enduring(),
      ...inChannels,
    };
    read(collect(store.history.back(), wanted), ({ records, more }) => {
      const now = clock.steady();
      note(answerAt, peer.name, now + Math.max(ANSWER_EVERY_MS, now - began));
      give(peer.name, records, () => {
        giving.delete(peer.name);
        options.link().send({ type: "heal", room, to: peer.name, step: "done", more });
        if (records.length > 0) log.info("healed-peer", { name: peer.name, events: records.length });
        const anew = askedAnew.get(peer.name);
        askedAnew.delete(peer.name);
        if (anew !== undefined && options.isHere(peer.name)) answer(anew);
      });
    });
    // What they have and we lack is asked for in our turn.
    const lacking = [...theirs].some(([mark, ranges]) => subtract(ranges, store.state.marks[mark] ?? []).length > 0);
    if (lacking && clock.steady() - (askedAt.get(peer.name) ?? -AGAIN_MS) >= AGAIN_MS)
      enqueue([peer.name], options.random() * 200);
  };
  const read = (reading: Generator<undefined, Found>, done: (found: Found) => void): void => {
    const step = reading.next();
    if (step.done === true) done(step.value);
    else clock.after(1, () => read(reading, done));
  };

  const give = (name: string, records: readonly HistoryRecord[], done: () => void, from = 0): void => {
    if (from >= records.length || !options.isHere(name)) return done();
    const count = options.link().unsent > BACKPRESSURE_BYTES ? 0 : takeTokens(BATCH);
    for (const record of records.slice(from, from + count)) {
      const { stamp } = record;
      if (!options.link().send({ type: "deliver", room, to: name, stamp, event: signedEventOf(record) })) return done();
    }
    if (from + count >= records.length) return done();
    clock.after(BATCH_EVERY_MS, () => give(name, records, done, from + count));
  };
  const takeTokens = (most: number): number => {
    const now = clock.steady();
    tokens = Math.min(BURST, tokens + ((now - tokensAt) / 1000) * PER_SECOND);
    tokensAt = now;
    const taken = Math.min(most, Math.floor(tokens));
    tokens -= taken;
    return taken;
  };

  return {
    joined(names) {
      queue = [];
      asking?.cancel();
      asking = undefined;
      // Jitter, so that after a relay's restart not everybody asks everybody in the same moment: the more, the longer.
      const jitterMs = Math.min(MAX_JITTER_MS, names.length * JITTER_PER_MEMBER_MS);
      enqueue(shuffle(names, options.random), JOINED_MS + options.random() * jitterMs);
    },
    cameBack(name) {
      enqueue([name], 1_000 + options.random() * 2_000);
    },
    ask(names) {
      // What was asked before says nothing of the channel: its answer is not waited for.
      if (asking !== undefined && asking.came === 0 && names.includes(asking.name)) {
        asking.cancel();
        asking = undefined;
      }
      enqueue(names, options.random() * 100);
    },
    hear(frame) {
      if (!options.isHere(frame.from) || options.keyOf(frame.from) !== frame.key) return;
      if (frame.step === "marks") answer(frame);
      else if (asking?.name === frame.from) endAsking(frame.more === true);
    },
    progress(by) {
      // Only the peer that was asked, and not for ever: others have something to give as well.
      if (asking?.name !== by || clock.steady() - asking.since > MAX_ASK_MS) return;
      asking.came += 1;
      asking.cancel();
      asking.cancel = clock.after(ANSWER_MS, endAsking);
    },
    lost() {
      queue = [];
      asking?.cancel();
      asking = undefined;
    },
  };
}

function note(times: Map<string, number>, name: string, at: number): void {
  times.delete(name);
  times.set(name, at);
  if (times.size > MAX_PEERS) times.delete(times.keys().next().value!);
}

function shuffle(names: readonly string[], random: () => number): readonly string[] {
  return names
    .map((name) => ({ name, at: random() }))
    .sort((x, y) => x.at - y.at)
    .map(({ name }) => name);
}
