// The closed list of codes a `refused` frame may carry, and whether the author may send the same thing again.
import type { Retry } from "./close-codes.ts";

/** Every value of `refused.code`, with what the author may do. [REFUSE-1] */
export const ERROR_CODES = {
  "bad-frame": "never",
  "unknown-type": "never",
  "too-big": "never",
  "bad-event": "never",
  "not-joined": "yes",
  forbidden: "never",
  rate: "yes",
  busy: "yes",
  paused: "later",
  stopped: "never",
  "no-such-member": "later",
  "key-changed": "never",
  "name-taken": "later",
  "room-full": "later",
  "bad-token": "never",
  "unknown-room": "never",
  "too-many-rooms": "later",
} as const satisfies Record<string, Retry>;

export type ErrorCode = keyof typeof ERROR_CODES;
