// Healing: daemons compare what they have, audience by audience, and give each other what is missing. One peer after the
// other, in batches; what comes is checked as any other event. The relay only hands it on.
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { FIRST_STAMP, type HealFrame } from "@agora/protocol";
import { addRange, markOf, type Ranges, subtract } from "../kernel/marks.ts";
import { type HistoryRecord, signedEventOf } from "../kernel/record.ts";
import { collect, type Found } from "./collect.ts";
import { type Party, sharedMarks } from "./marks.ts";
import { addressOf, note, partsOf, peerOf, shuffle } from "./peers.ts";
import type { Channels } from "../channels/keeper.ts";
import type { StampIndex } from "../kernel/stamp-index.ts";
import type { Store } from "../kernel/store.ts";

export interface Healing {
  /** Joined: everybody here is compared with, in turn; peers are written as `peerOf` does. */
  joined(peers: readonly string[]): void;
  /** A member came: they begin; but what we lack of theirs is asked for soon. */
  cameBack(peer: string): void;
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
/** Peers whose first question is kept until presence tells of them. */
const MAX_EARLY = 32;
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
  /** Whether a member is here, with this device where one is named. */
  readonly isHere: (name: string, key?: string) => boolean;
  /** Everybody who is here, and one's own other devices. */
  readonly online: () => readonly string[];
  /** Whether two keys under one name are the same person's. */
  readonly isSame: (name: string, one: string, other: string) => boolean;
  /** The channels that one of this person's own devices is in. */
  readonly channelsOf: (key: string) => readonly string[];
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
  /** What was asked by peers of whom presence has not told yet. */
  const early = new Map<string, HealFrame>();
  let tokens = BURST;
  let tokensAt = clock.steady();

  const kinOf = (name: string, key: string) => (other: string) => options.isSame(name, key, other);
  const self = (): Party => ({
    ...{ name: me, key: myKey, isKin: kinOf(me, myKey) },
    channels: new Set(options.channels.names()),
  });
  /** A member with the channels that it and this member are both in: of others nothing is told or given. [CHANNEL-5] */
  const partyOf = (name: string, key: string): Party => {
    const { channels } = options;
    const ofDevice = name === me ? options.channelsOf(key) : [];
    const both = channels
      .names()
      .filter((channel) => (name === me ? ofDevice.includes(channel) : channels.has(channel, name)));
    const putOut = new Map<string, ReadonlySet<string>>();
    for (const channel of both) {
      const told = channels.whyPutOut(channel, key);
      if (told !== undefined) putOut.set(channel, told);
    }
    return { name, key, isKin: kinOf(name, key), channels: new Set(both), putOut };
  };
  const ask = (peer: string): void => {
    const now = clock.steady();
    note(askedAt, peer, now);
    const [name, device] = partsOf(peer);
    const key = device ?? options.keyOf(name) ?? "";
    const tails = options.stamps.tailsOf(key, store.state.marks);
    const marks = sharedMarks(store.state.marks, store.state.authors, self(), partyOf(name, key)).map((mark) => {
      const tail = tails.get(markOf(mark.key, mark.audience));
      return tail === undefined ? mark : { ...mark, tail };
    });
    const since = options.channels.since();
    const joined = Object.keys(since).length === 0 ? {} : { channels: since };
    asking = { name: peer, since: now, cancel: clock.after(ANSWER_MS, endAsking), came: 0 };
    const asked = { type: "heal", room, ...addressOf(peer), step: "marks", since: options.begin() } as const;
    options.link().send({ ...asked, ...joined, marks });
  };
  /** The peer fell silent or is done; as long as something came it is asked once more, after the others. */
  const endAsking = (more = false): void => {
    if (asking === undefined) return;
    asking.cancel();
    if ((more || asking.came > 0) && !queue.includes(asking.name)) queue.push(asking.name);
    asking = undefined;
    next();
  };
  const isThere = (peer: string): boolean => peer !== me && options.isHere(...partsOf(peer));
  /** A member by its name; one of several devices of it, and each other device of one's own, by its key as well. */
  const peerIn = ({ from, key }: HealFrame): string =>
    from !== me && options.keyOf(from) === key ? from : peerOf(from, key);
  const next = (): void => {
    if (asking !== undefined) return;
    const name = queue.find(isThere);
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
    const id = peerIn(frame);
    const peer = partyOf(frame.from, frame.key); // as it was when it asked: what it lacks was told of that
    if (giving.has(id)) return void askedAnew.set(id, frame);
    giving.add(id);
    const wait = (answerAt.get(id) ?? 0) - clock.steady();
    if (wait > 0) clock.after(wait, () => answerNow(id, peer, frame));
    else answerNow(id, peer, frame);
  };
  const answerNow = (id: string, peer: Party, frame: HealFrame): void => {
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
      note(answerAt, id, now + Math.max(ANSWER_EVERY_MS, now - began));
      give(id, records, () => {
        giving.delete(id);
        options.link().send({ type: "heal", room, ...addressOf(id), step: "done", more });
        if (records.length > 0) log.info("healed-peer", { name: peer.name, events: records.length });
        const anew = askedAnew.get(id);
        askedAnew.delete(id);
        if (anew !== undefined && isThere(id)) answer(anew);
      });
    });
    // What they have and we lack is asked for in our turn.
    const lacking = [...theirs].some(([mark, ranges]) => subtract(ranges, store.state.marks[mark] ?? []).length > 0);
    if (lacking && clock.steady() - (askedAt.get(id) ?? -AGAIN_MS) >= AGAIN_MS) enqueue([id], options.random() * 200);
  };
  const read = (reading: Generator<undefined, Found>, done: (found: Found) => void): void => {
    const step = reading.next();
    if (step.done === true) done(step.value);
    else clock.after(1, () => read(reading, done));
  };

  const give = (peer: string, records: readonly HistoryRecord[], done: () => void, from = 0): void => {
    if (from >= records.length || !isThere(peer)) return done();
    const count = options.link().unsent > BACKPRESSURE_BYTES ? 0 : takeTokens(BATCH);
    for (const record of records.slice(from, from + count)) {
      const { stamp } = record;
      const delivered = { type: "deliver", room, ...addressOf(peer), stamp, event: signedEventOf(record) } as const;
      if (!options.link().send(delivered)) return done();
    }
    if (from + count >= records.length) return done();
    clock.after(BATCH_EVERY_MS, () => give(peer, records, done, from + count));
  };
  const takeTokens = (most: number): number => {
    const now = clock.steady();
    tokens = Math.min(BURST, tokens + ((now - tokensAt) / 1000) * PER_SECOND);
    tokensAt = now;
    const taken = Math.min(most, Math.floor(tokens));
    tokens -= taken;
    return taken;
  };

  const keepEarly = (frame: HealFrame): void => {
    const { from, key } = frame;
    const peer = from === me ? peerOf(from, key) : from;
    early.delete(peer);
    early.set(peer, frame);
    if (early.size > MAX_EARLY) early.delete(early.keys().next().value!);
  };
  const hear = (frame: HealFrame): void => {
    const { from, key } = frame;
    const known = options.keyOf(from);
    // Presence is told with a delay: who asks at once would not be answered, and asks again much later.
    if (!options.isHere(from, key)) return frame.step === "marks" ? keepEarly(frame) : undefined;
    if (known === undefined || !options.isSame(from, known, key)) return;
    if (from === me && key === myKey) return;
    if (frame.step === "marks") answer(frame);
    else if (asking?.name === peerIn(frame)) endAsking(frame.more === true);
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
    cameBack(peer) {
      const frame = early.get(peer);
      early.delete(peer);
      if (frame !== undefined) hear(frame);
      enqueue([peer], 1_000 + options.random() * 2_000);
    },
    ask(names) {
      // What was asked before says nothing of the channel: its answer is not waited for.
      if (asking !== undefined && asking.came === 0 && names.includes(asking.name)) {
        asking.cancel();
        asking = undefined;
      }
      enqueue(names, options.random() * 100);
    },
    hear,
    progress(by) {
      // Only the peer that was asked, and not for ever: others have something to give as well.
      if (asking === undefined || partsOf(asking.name)[0] !== by || clock.steady() - asking.since > MAX_ASK_MS) return;
      asking.came += 1;
      asking.cancel();
      asking.cancel = clock.after(ANSWER_MS, endAsking);
    },
    lost() {
      early.clear();
      queue = [];
      asking?.cancel();
      asking = undefined;
    },
  };
}
