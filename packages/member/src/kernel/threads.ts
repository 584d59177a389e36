// Who takes part in a thread, so that a reply without an address finds its readers. The latest threads only; older ones
// are found in the history.
import { type Address, type Head, MAX_ADDRESSES } from "@agora/protocol";
import type { Author } from "./authors.ts";
import { type Bounds, putBounded } from "./bounded.ts";

export interface Thread {
  /** Members of a directed thread with the keys they were addressed by; empty for one that the whole room sees. */
  readonly members: readonly Address[];
  /** The channel it began in: what comes later under its id says nothing of that. */
  readonly channel?: string;
  readonly lastId: string;
  readonly lastFrom: string;
  /** The key of who was heard first in it; not there for what this member said in, or looked up. */
  readonly begun?: string;
  /** Its beginning was not seen, or is forgotten: who takes part has to be looked up in the history. */
  readonly cut?: true;
}

/** Threads by id, the one that spoke last standing last; plain JSON. */
export type Threads = Record<string, Thread>;

/** What is known of authors, by key; `isMine`: this member says it. */
export interface Speakers {
  readonly of: (key: string) => Pick<Author, "standing" | "by"> | undefined;
  readonly isMine?: boolean;
}

const NOBODY: Speakers = { of: () => undefined };

/** Threads of strangers are bounded apart, and each by who began it, or handed that one on. */
function boundsBy({ of }: Speakers): Bounds<Thread, "known" | "strangers"> {
  return {
    pools: { known: { most: 1_000, each: 1_000 }, strangers: { most: 500, each: 50 } },
    placeOf({ begun }) {
      const whose = begun === undefined ? undefined : of(begun);
      const isStrangers = begun !== undefined && whose?.standing !== "met" && whose?.standing !== "own";
      return isStrangers ? { pool: "strangers", filler: whose?.by ?? begun } : { pool: "known", filler: "" };
    },
  };
}

/** Folds one event into the threads, in place. */
export function foldThread(threads: Threads, head: Head, speakers: Speakers = NOBODY): Threads {
  const known = threads[head.thread];
  const { begun: _, ...thread } = threadWith(known, head);
  // What this member takes part in stays, whoever began it.
  const isOwn = speakers.isMine === true || (known !== undefined && known.begun === undefined);
  const whole = isOwn ? thread : { ...thread, begun: known?.begun ?? head.key };
  putBounded(threads, head.thread, whole, boundsBy(speakers));
  return threads;
}

/**
 * Folds an event that this member is about to say, in place. It takes part from now on; who spoke last is said by the history alone: at
 * a start that is read before what was about to be said, though others may have answered since.
 */
export function foldQueued(threads: Threads, head: Head, speakers: Speakers = NOBODY): void {
  const known = threads[head.thread];
  if (known === undefined) return void foldThread(threads, head, { ...speakers, isMine: true });
  const { begun: _, ...thread } = threadWith(known, head);
  threads[head.thread] = { ...thread, lastId: known.lastId, lastFrom: known.lastFrom };
}

/** Remembers a thread whose beginning was looked up, as the one that was asked for last; in place. */
export function rememberThread(threads: Threads, id: string, whole: Thread): void {
  const { begun: _, ...known } = whole;
  putBounded(threads, id, known, boundsBy(NOBODY));
}

function threadWith(known: Thread | undefined, head: Head): Thread {
  if (known !== undefined && !isAmong(known.members, head)) return known;
  const channel = known === undefined ? head.channel : known.channel;
  const isCut = known === undefined ? head.id !== head.thread : known.cut === true;
  return {
    members: head.to.length === 0 ? (known?.members ?? []) : mergeMembers(known?.members ?? [], head),
    ...(channel === undefined ? {} : { channel }),
    lastId: head.id,
    lastFrom: head.author,
    ...(isCut ? { cut: true } : {}),
  };
}

/**
 * Whether an event is said among those who take part. Anybody can name a thread's id: who comes from outside, and whom one of
 * them answers apart, is not drawn in by it, and so is not sent what is said to the others later.
 */
function isAmong(members: readonly Address[], { author, to }: Head): boolean {
  if (members.length === 0) return true;
  const others = members.filter(({ member }) => member !== author);
  if (others.length === members.length) return false;
  return others.length === 0 || to.length === 0 || to.some((a) => others.some(({ member }) => member === a.member));
}

function mergeMembers(members: readonly Address[], head: Head): readonly Address[] {
  const byName = new Map(members.map((m) => [m.member, m]));
  for (const address of [{ member: head.author, key: head.key }, ...head.to]) {
    if (!byName.has(address.member) && byName.size < MAX_ADDRESSES)
      byName.set(address.member, {
        member: address.member,
        ...(address.key === undefined ? {} : { key: address.key }),
      });
  }
  return [...byName.values()];
}
