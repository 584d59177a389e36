// Who wants to know when something happened in a live room: one set of callbacks for each kind of news.
import type { Line, LineReactions } from "@agora/ipc/messages";

/** Gives a callback back when it is no longer wanted. */
type On<F> = (fn: F) => () => void;

/** The sets of a room, the ways into them, and how each is told. */
export interface RoomListeners {
  readonly on: {
    readonly connection: On<() => void>;
    readonly controls: On<() => void>;
    readonly receipts: On<() => void>;
    readonly inbox: On<() => void>;
    readonly channels: On<() => void>;
    readonly line: On<(line: Line) => void>;
    readonly reactions: On<(to: LineReactions) => void>;
    /** Anything that surfaces show may have changed: each of the others is such news, too. */
    readonly change: On<() => void>;
  };
  readonly tell: {
    readonly connection: () => void;
    readonly controls: () => void;
    readonly receipts: () => void;
    readonly inbox: () => void;
    readonly channels: () => void;
    readonly line: (line: Line) => void;
    readonly reactions: (to: LineReactions) => void;
    readonly change: () => void;
  };
}

/** Creates them, empty. */
export function createRoomListeners(): RoomListeners {
  const change = news<[]>();
  const [connection, controls, receipts] = [news<[]>(change.tell), news<[]>(change.tell), news<[]>(change.tell)];
  const [inbox, channels] = [news<[]>(change.tell), news<[]>(change.tell)];
  const line = news<[Line]>(change.tell);
  const reactions = news<[LineReactions]>(change.tell);
  return {
    on: {
      connection: connection.on,
      controls: controls.on,
      receipts: receipts.on,
      inbox: inbox.on,
      channels: channels.on,
      line: line.on,
      reactions: reactions.on,
      change: change.on,
    },
    tell: {
      connection: connection.tell,
      controls: controls.tell,
      receipts: receipts.tell,
      inbox: inbox.tell,
      channels: channels.tell,
      line: line.tell,
      reactions: reactions.tell,
      change: change.tell,
    },
  };
}

/** A set of callbacks; `after` is called when they have been told. */
function news<A extends readonly unknown[]>(
  after?: () => void,
): {
  readonly on: On<(...args: A) => void>;
  readonly tell: (...args: A) => void;
} {
  const fns = new Set<(...args: A) => void>();
  return {
    on: (fn) => (fns.add(fn), () => void fns.delete(fn)),
    tell(...args) {
      for (const fn of fns) fn(...args);
      after?.();
    },
  };
}
