// Who takes part in a thread, so that a reply without an address finds its readers. The latest threads only; older ones
// are found in the history.
import { type Address, type Head, MAX_ADDRESSES } from "@agora/protocol";
import { putLatest } from "@agora/room";

export interface Thread {
  /** Members of a directed thread with the keys they were addressed by; empty for one that the whole room sees. */
  readonly members: readonly Address[];
  /** The channel it began in: what comes later under its id says nothing of that. */
  readonly channel?: string;
  readonly lastId: string;
  readonly lastFrom: string;
}

/** Threads by id, the one that spoke last standing last; plain JSON. */
export type Threads = Record<string, Thread>;

const MAX_THREADS = 1_000;

/** Folds one event into the threads, in place. */
export function foldThread(threads: Threads, head: Head): Threads {
  const known = threads[head.thread];
  const channel = known === undefined ? head.channel : known.channel;
  const members = head.to.length === 0 && known === undefined ? [] : mergeMembers(known?.members ?? [], head);
  const thread = {
    members: head.to.length === 0 ? (known?.members ?? []) : members,
    ...(channel === undefined ? {} : { channel }),
    lastId: head.id,
    lastFrom: head.author,
  };
  putLatest(threads, head.thread, thread, MAX_THREADS);
  return threads;
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
