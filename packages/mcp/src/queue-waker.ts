// Wakes an idle session with a message that the client itself delivers (Codex's queue, Claude's channel): waits at the
// daemon for the session's seat, and sends the fixed sentence when the session should be woken. Only one message is in
// flight: until the session's next prompt shows that the queue works, nothing waits, so the seat doesn't count as reachable
// and a closed session doesn't pile up messages.
import type { Clock } from "@agora/ports";
import type { Membership, OpenLine } from "./daemon-line.ts";
import { WAITER_BACKOFF_MS, WAKER_RETRY_MS, WAKER_WAIT_MS } from "./limits.ts";
import { wakeSentence } from "./wake-sentence.ts";

/** Queues a message for a thread; false when it couldn't. */
export type QueueMessage = (thread: string, message: string) => Promise<boolean>;

export interface QueueWaker extends AsyncDisposable {
  /** The session is alive: waits for it, unless a message is in flight. */
  alive(session: string): void;
  /** A prompt came: whatever was queued has arrived. */
  prompted(): void;
}

export interface WakerParts {
  readonly membership: Membership;
  readonly open: OpenLine;
  readonly queue: QueueMessage;
  readonly clock: Clock;
  /** For a client that silently drops messages: without a prompt within this time it isn't tried again. */
  readonly probationMs?: number;
}

/** Creates a waker; it doesn't wait for anything before `alive` is called. */
export function createQueueWaker({ membership, open, queue, clock, probationMs }: WakerParts): QueueWaker {
  let session = "";
  let waiting: Promise<void> | undefined;
  let underWay = false;
  let ended = false;
  let stop = (): void => undefined;
  let judge = (): void => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      stop = () => {
        cancel();
        resolve();
      };
    });

  const onProbation = (ms: number): void => {
    judge();
    judge = clock.after(ms, () => {
      ended = ended || underWay;
    });
  };

  /** Waits once; `again`: the daemon went away or the queue failed, so try again soon or later. */
  const once = async (): Promise<{ again?: "soon" | "later" }> => {
    const opened = await open({ launch: false, onPush: () => undefined });
    if (!opened.ok) return { again: "soon" };
    const line = opened.value;
    stop = () => line.close();
    try {
      if (ended) return {};
      const asked = session;
      const gone = line.closed.then(() => undefined);
      const wake = line.request("awaitWake", { session: asked }, { timeoutMs: WAKER_WAIT_MS });
      const answer = await Promise.race([wake, gone]);
      if (answer === undefined || !answer.ok) return { again: "soon" };
      if (!answer.value.wake) return {};
      underWay = true;
      if (await queue(asked, wakeSentence(answer.value.count, answer.value.from))) {
        if (probationMs !== undefined) onProbation(probationMs);
        return {};
      }
      underWay = false;
      return { again: "later" };
    } finally {
      line.close();
    }
  };

  const run = async (): Promise<void> => {
    let soon: number = WAITER_BACKOFF_MS.first;
    const over = (): boolean => ended || !membership.joined();
    while (!over()) {
      const { again } = await once();
      if (again === undefined || ended) return;
      await pause(again === "later" ? WAKER_RETRY_MS : soon);
      soon = Math.min(soon * 2, WAITER_BACKOFF_MS.last);
    }
  };

  return {
    alive(now) {
      if (ended || underWay || now === "" || !membership.joined()) return;
      if (session !== now) stop();
      session = now;
      waiting ??= run()
        .catch(() => undefined)
        .finally(() => {
          waiting = undefined;
        });
    },
    prompted() {
      underWay = false;
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      judge();
      stop();
      await waiting;
    },
  };
}
