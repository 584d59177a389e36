// Waiting for something that addresses this member. Each waiter is told of an item once: a loop around `wait` blocks for what is
// new, however much lies in the inbox.
import type { InboxItem, RequestArgs, Results } from "@agora/ipc";
import type { Seat } from "../seats/fold.ts";
import type { Item } from "../inbox/fold.ts";
import { toInboxItem } from "./inbox.ts";
import { isPerson } from "../controls/permissions.ts";
import type { Context } from "./context.ts";

/** Waiters remembered; the one that waited longest ago is told everything anew. */
const MAX_WAITERS = 50;

/** What each waiter was told of, by the room's daemon: in memory alone, so that a new daemon tells once more rather than never. */
const told = new WeakMap<Context["store"], Map<string, ReadonlySet<string>>>();

/** An item as it stands: one that was accepted, or is for a seat once more, is news again. */
function mark({ id, state, since = 0 }: Item): string {
  return `${id} ${state} ${since}`;
}

function remember(room: Context, waiter: string, items: readonly Item[]): void {
  const waiters = told.get(room.store) ?? new Map<string, ReadonlySet<string>>();
  told.set(room.store, waiters);
  const before = waiters.get(waiter) ?? new Set();
  // What has left the inbox needs no memory: the set is never larger than the inbox.
  const open = new Set(Object.values(room.store.state.inbox).map(mark));
  waiters.delete(waiter);
  waiters.set(waiter, new Set([...before, ...items.map(mark)].filter((one) => open.has(one))));
  if (waiters.size > MAX_WAITERS) waiters.delete(waiters.keys().next().value!);
}

/**
 * Blocks until something addresses this member (or the asking seat) that this waiter was not told of, or the time is over.
 * Nothing is handed by it. `again`: what it was told of counts as well. `waiter` keeps two loops of one person apart.
 */
export function wait(
  room: Context,
  args: RequestArgs<"wait">,
  seat: Seat | undefined,
  ended: (fn: () => void) => void,
): Promise<Results["wait"]> {
  const waiter = args.waiter ?? seat?.seat ?? args.via;
  const due = (): readonly Item[] => {
    const before = args.again === true ? undefined : told.get(room.store)?.get(waiter);
    return Object.values(room.store.state.inbox).filter(
      (item) =>
        item.handed === undefined &&
        before?.has(mark(item)) !== true &&
        (seat === undefined || item.seat === undefined || item.seat === seat.seat) &&
        (item.person !== true || isPerson(args.via)),
    );
  };
  /** Undefined while there is nothing to tell. */
  const news = (): Results["wait"] | undefined => {
    const items = due();
    const end = over(room);
    if (items.length === 0 && end.stopped === undefined && end.refused === undefined) return undefined;
    remember(room, waiter, items);
    return { items: items.map((item): InboxItem => toInboxItem(room, item)), timedOut: false, ...end };
  };
  const nothing: Results["wait"] = { items: [], timedOut: true };
  const now = news();
  if (now !== undefined || args.timeoutS === 0) return Promise.resolve(now ?? nothing);
  return new Promise((resolve) => {
    const offs: (() => void)[] = [];
    const end = (given: Results["wait"]): void => {
      for (const off of offs.splice(0)) off();
      resolve(given);
    };
    const look = (): void => {
      if (offs.length === 0) return;
      const given = news();
      if (given !== undefined) end(given);
    };
    offs.push(room.on.inbox(look), room.on.connection(look), room.on.controls(look));
    offs.push(room.clock.after(args.timeoutS * 1000, () => end(nothing)));
    ended(() => end(nothing));
  });
}

/** Why nothing will come by itself any more, by whose word. */
function over(room: Context): Pick<Results["wait"], "stopped" | "refused"> {
  const { state, reason } = room.connection();
  const brake = room.controls.brake();
  return {
    ...(brake?.act === "stop" ? { stopped: brake.words } : {}),
    ...(state === "refused" ? { refused: reason ?? "the relay refuses this member" } : {}),
  };
}
