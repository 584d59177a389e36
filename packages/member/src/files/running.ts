// A fetch under way, as its author sees it: what is asked for, and what is acknowledged when.
import type { Clock } from "@agora/ports";
import type { Fetch, Taken } from "../kernel/files-disk.ts";

/** Between two questions for the same gap, milliseconds. */
const GAP_RETRY_MS = 1_000;
/** What is written is acknowledged at the latest after this, milliseconds. */
const ACK_WITHIN_MS = 2;

export interface Running {
  readonly author: string;
  readonly size: number;
  readonly received: number;
  readonly began: number;
  /** When the last chunk came or the author was asked, on the steady clock. */
  readonly heardAt: number;
  /** How often the author was asked since it last sent something. */
  readonly asked: number;
  /** The author is not here since then. */
  readonly pausedAt: number | undefined;
  /** Asks for what is missing. */
  ask(): void;
  pause(): void;
  take(offset: number, bytes: Uint8Array): Taken;
  /** All below is on the way to the disk for sure: acknowledges it when it is time to. */
  written(bytes: number): void;
  close(): Promise<void>;
}

/** Wraps a fetch. */
export function createRunning(options: {
  readonly author: string;
  readonly size: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly ask: (offset: number) => void;
  readonly ack: (offset: number) => void;
  readonly ackBytes: number;
}): Running {
  const { fetch, clock } = options;
  let heardAt = clock.steady();
  let asked = 0;
  let pausedAt: number | undefined;
  let acked = fetch.received;
  let gap = { at: -1, since: 0 };

  let writtenTo = acked;
  let cancelAck: (() => void) | undefined;
  const ack = (): void => {
    cancelAck?.();
    cancelAck = undefined;
    if (writtenTo <= acked) return;
    acked = writtenTo;
    options.ack(acked);
  };
  const ask = (): void => {
    heardAt = clock.steady();
    asked += 1;
    pausedAt = undefined;
    acked = fetch.received;
    if (fetch.received < options.size) options.ask(fetch.received);
  };
  return {
    author: options.author,
    size: options.size,
    began: fetch.began,
    get received() {
      return fetch.received;
    },
    get heardAt() {
      return heardAt;
    },
    get asked() {
      return asked;
    },
    get pausedAt() {
      return pausedAt;
    },
    ask,
    pause() {
      pausedAt ??= clock.steady();
    },
    take(offset, bytes) {
      const taken = fetch.take(offset, bytes);
      const now = clock.steady();
      if (taken === "taken") {
        heardAt = now;
        asked = 0;
      } else if (taken === "gap" && (gap.at !== fetch.received || now - gap.since > GAP_RETRY_MS)) {
        gap = { at: fetch.received, since: now };
        ask();
      }
      return taken;
    },
    written(bytes) {
      writtenTo = bytes;
      if (bytes - acked >= options.ackBytes) return ack();
      if (fetch.isIdle) cancelAck ??= clock.after(ACK_WITHIN_MS, ack); // more may come at once
    },
    close() {
      cancelAck?.();
      return fetch.close();
    },
  };
}
