// The room's time: the relay's clock, as this member knows it. What several members have to see alike, such as how long a question
// is open, is counted by it; nobody's own clock decides
// about another's word. A wrong own clock changes nothing, nor one that jumps. [TIME-1]
import type { Clock } from "@agora/ports";
import { stampParts } from "@agora/protocol";

export interface RoomTime {
  /** What the relay's clock shows now, unix milliseconds, as far as it is known here. */
  now(): number;
  /** What this machine's clock shows when the relay's shows `ms`: for people, who look at their own. */
  toOwn(ms: number): number;
  /** When something was said, for people: by its author's clock, unless that is ahead of its place in the room. */
  said(by: { readonly time: number; readonly stamp: string; readonly mine: boolean }): number;
  /** The relay told what its clock shows. */
  heard(ms: number): void;
}

/** Less than this apart, the clocks show the same: the way of a frame takes as long. */
export const SAME_MS = 2_000;

/**
 * Creates the room's clock. `off` is by how much the relay's clock was ahead of this machine's when it was last heard, milliseconds;
 * `keep` is told when that changes. Once the relay was heard, only time that never jumps is added.
 */
export function createRoomTime(options: {
  readonly clock: Clock;
  readonly off: number;
  readonly keep: (off: number) => void;
}): RoomTime {
  const { clock } = options;
  let kept = options.off;
  let anchor = { room: clock.now() + kept, steady: clock.steady() };
  const now = (): number => anchor.room + (clock.steady() - anchor.steady);
  const toOwn = (ms: number): number => {
    const off = now() - clock.now();
    return Math.abs(off) < SAME_MS ? ms : ms - off;
  };
  return {
    now,
    toOwn,
    said: ({ time, stamp, mine }) => (mine ? time : toOwn(Math.min(time, stampParts(stamp)[0]))),
    heard(ms) {
      anchor = { room: ms, steady: clock.steady() };
      const off = ms - clock.now();
      if (Math.abs(off - kept) < SAME_MS) return;
      kept = off;
      options.keep(off);
    },
  };
}
