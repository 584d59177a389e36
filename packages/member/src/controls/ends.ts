// Pauses and bans that shall end by themselves: an operator's client says so when their time is past. By the time alone nothing
// ends, since whoever doesn't know of it would go on obeying: so all see the same.
import type { HeldControls } from "./fold.ts";
import { decidedThings, inForce, readHeld } from "./fold.ts";

/** A word that is to be taken back now, by its opposite. */
export interface Ending {
  readonly act: "resume" | "unban";
  /** The member it is about; undefined: the room. */
  readonly member?: string;
}

/** So long another operator's client waits for the one that said it, milliseconds; and who could not say it tries again. */
export const GRACE_MS = 60_000;

/** Creates what is asked every second; it gives what is to be said now. [CONTROL-18] */
export function createEnds(myKey: string): (held: HeldControls, now: number) => readonly Ending[] {
  /** When each was said, by its signature: it takes a while until it holds. */
  const said = new Map<string, number>();
  return (held, now) => {
    const due = decidedThings(held).flatMap((what) => {
      const word = inForce(held, what);
      if (word?.act !== "pause" && word?.act !== "ban") return [];
      const { until, member } = readHeld(word)?.control ?? {};
      const { sig } = word.sealed;
      if (until === undefined || now < until + (word.key === myKey ? 0 : GRACE_MS)) return [];
      if (what !== "pause" && member === undefined) return []; // known by its key alone: a person decides
      return [{ sig, act: word.act === "pause" ? ("resume" as const) : ("unban" as const), member }];
    });
    for (const sig of said.keys()) if (!due.some((one) => one.sig === sig)) said.delete(sig);
    return due.flatMap(({ sig, act, member }) => {
      if (now < (said.get(sig) ?? -Infinity) + GRACE_MS) return [];
      said.set(sig, now);
      return [{ act, ...(member === undefined ? {} : { member }) }];
    });
  };
}
