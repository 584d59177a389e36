// What other members hand on comes in bulk: its signatures are checked beside the event loop, so that what is said meanwhile
// does not wait behind them. It is taken in the order in which it came, and nothing before its check is done.
import { type EventFrame, type LaterVerifier, openEvent, openEventLater } from "@agora/protocol";

/** What a check gave. */
export type Opened = ReturnType<typeof openEvent>;

export interface Checking {
  add(frame: EventFrame): void;
  /** Calls `fn` when all that was added so far was taken; at once when nothing waits. */
  afterAll(fn: () => void): void;
  /** Forgets what waits. */
  end(): void;
}

/** Checks under way at once: some milliseconds of work, as a sync of the disk waits behind them on the same threads. */
const AT_ONCE = 256;
/** What may wait for its check, more than healing gives at once; beyond, the event loop does the next check itself, and the connection waits for it. */
const MAX_WAITING = 8_192;
const MAX_WAITING_CHARS = 8 * 1024 * 1024;

interface Waiting {
  readonly frame: EventFrame;
  readonly after: (() => void)[];
  opened?: Opened;
}

/** Creates the queue; `take` gets each frame with what its check gave, and does not throw. */
export function createChecking(options: {
  readonly verifier: LaterVerifier;
  readonly take: (frame: EventFrame, opened: Opened) => void;
}): Checking {
  const { verifier, take } = options;
  const waiting = new Set<Waiting>();
  const fresh = new Set<Waiting>(); // those whose check has not begun
  let last: Waiting | undefined;
  let chars = 0;
  let underWay = 0;

  const begin = (): void => {
    for (const one of fresh) {
      if (underWay >= AT_ONCE) return;
      fresh.delete(one);
      underWay += 1;
      void openEventLater(one.frame.event, verifier).then((opened) => {
        underWay -= 1;
        one.opened ??= opened;
        settle();
        begin();
      });
    }
  };
  const settle = (): void => {
    for (const one of waiting) {
      if (one.opened === undefined) return;
      waiting.delete(one);
      if (one === last) last = undefined;
      chars -= charsOf(one.frame);
      take(one.frame, one.opened);
      for (const fn of one.after) fn();
    }
  };

  return {
    add(frame) {
      const one: Waiting = { frame, after: [] };
      last = one;
      waiting.add(one);
      fresh.add(one);
      chars += charsOf(frame);
      for (const first of waiting) {
        if (waiting.size <= MAX_WAITING && chars <= MAX_WAITING_CHARS) break;
        fresh.delete(first);
        first.opened ??= openEvent(first.frame.event, verifier);
        settle();
      }
      begin();
    },
    afterAll(fn) {
      if (last === undefined || !waiting.has(last)) fn();
      else last.after.push(fn);
    },
    end() {
      waiting.clear();
      fresh.clear();
      chars = 0;
    },
  };
}

function charsOf({ event }: EventFrame): number {
  return event.head.length + event.body.length;
}
