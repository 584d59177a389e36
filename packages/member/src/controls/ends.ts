// Pauses and bans that shall end by themselves: an operator's client says so when their time is past. By the time alone nothing
// ends, since whoever doesn't know of it would go on obeying: so all see the same.
import type { Control } from "@agora/protocol";
import { type HeldControl, type HeldControls, inForce, readHeld } from "./fold.ts";

/** A word that is to be taken back now, by its opposite. */
export interface Ending {
  readonly act: "resume" | "unban";
  /** Whom exactly the word names, not who bears that name now; empty: the room. */
  readonly whom: Pick<Control, "member" | "key">;
}

/** So long another operator's client waits for the one that said it, milliseconds; and who could not say it tries again. */
export const GRACE_MS = 60_000;

/** Creates what is asked every second; it gives what is to be said now. [CONTROL-18] */
export function createEnds(myKey: string): (held: HeldControls, now: number) => readonly Ending[] {
  /** When each was said, by its signature: it takes a while until it holds. */
  const said = new Map<string, number>();
  /** A word is read once, and not every second. */
  const read = new WeakMap<HeldControl, Partial<Control>>();
  const readOnce = (word: HeldControl): Partial<Control> => {
    const control = read.get(word) ?? readHeld(word)?.control ?? {};
    read.set(word, control);
    return control;
  };
  return (held, now) => {
    const due = Object.entries(held).flatMap(([place, word]) => {
      if (word.act !== "pause" && word.act !== "ban") return [];
      const { until, member, key } = readOnce(word);
      if (until === undefined || now < until + (word.key === myKey ? 0 : GRACE_MS)) return [];
      if (inForce(held, place.slice(0, place.lastIndexOf(" "))) !== word) return [];
      const whom = { ...(member === undefined ? {} : { member }), ...(key === undefined ? {} : { key }) };
      return [{ sig: word.sealed.sig, act: word.act === "pause" ? ("resume" as const) : ("unban" as const), whom }];
    });
    for (const sig of said.keys()) if (!due.some((one) => one.sig === sig)) said.delete(sig);
    return due.flatMap(({ sig, ...ending }) => {
      if (now < (said.get(sig) ?? -Infinity) + GRACE_MS) return [];
      said.set(sig, now);
      return [ending];
    });
  };
}
