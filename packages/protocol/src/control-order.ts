// What a control decides, as a word: later controls about the same thing take its place. Relay, daemon and console fold
// controls by it, each in a store of its own.
import type { Control } from "./bodies.ts";
import { MAX_CONTROL_LEAD_MS } from "./limits.ts";

/** What orders two words on one thing. */
export interface ControlOrder {
  readonly key: string;
  readonly seq: number;
  readonly time: number;
}

/** Whether `a` counts before `b`: of one operator the higher seq, of several the later time, then the higher key. [CONTROL-3] */
export function isLaterControl(a: ControlOrder, b: ControlOrder): boolean {
  if (a.key === b.key) return a.seq > b.seq;
  return a.time === b.time ? a.key > b.key : a.time > b.time;
}

/**
 * The `time` of a control made now, when these are the words known on the same thing: above all of them, so that what is
 * decided later holds, whoever's clock is behind. [CONTROL-15]
 */
export function controlTime(nowMs: number, known: readonly Pick<ControlOrder, "time">[]): number {
  return known.reduce((time, word) => Math.max(time, word.time + 1), nowMs);
}

/** No clock shows less that is anywhere near right: a machine without a battery begins in 1970. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);

/**
 * Whether a control's `time` is so far ahead that no clock can be meant: nobody takes the last number there is, above which no
 * other word could be made. [CONTROL-15]
 */
export function isBeyondClocks(time: number, nowMs: number): boolean {
  return time > Math.max(nowMs, EARLIEST_MS) + MAX_CONTROL_LEAD_MS;
}

/** What a control decides; undefined for what is done at once and lasts in nobody's memory. [CONTROL-3] */
export function decidedBy(control: Pick<Control, "act" | "key" | "member">): string | undefined {
  const whom = control.key ?? control.member;
  switch (control.act) {
    case "pause":
    case "resume":
      return whom === undefined ? "pause" : `pause:${whom}`;
    case "stop":
    case "reset":
      return "stop";
    case "ban":
    case "unban":
      return `ban:${whom ?? ""}`;
    case "rates":
      return whom === undefined ? "rates" : `rates:${whom}`;
    case "kick":
    case "interrupt":
    case "inject":
      return undefined;
  }
}

/** Whether a control says "as usual": it is forgotten before one that holds somebody back. */
export function isNeutral({ act, rate }: Pick<Control, "act" | "rate">): boolean {
  return act === "resume" || act === "reset" || act === "unban" || (act === "rates" && rate === undefined);
}

/** Whether two words on one thing come to the same. */
export function isSameDecision(a: Pick<Control, "act" | "rate">, b: Pick<Control, "act" | "rate">): boolean {
  if (isNeutral(a) || isNeutral(b)) return isNeutral(a) === isNeutral(b);
  return a.act === b.act && a.rate?.burst === b.rate?.burst && a.rate?.perSecond === b.rate?.perSecond;
}

/** Whether a control names somebody where its act needs one, and nobody where it can't. [CONTROL-8] */
export function isWhole({ act, member, key, seat, text }: Control): boolean {
  const named = member !== undefined || key !== undefined;
  switch (act) {
    case "stop":
    case "reset":
      return !named && seat === undefined;
    case "kick":
    case "ban":
    case "unban":
      return named && seat === undefined;
    case "pause":
    case "resume":
    case "rates":
      return seat === undefined;
    case "interrupt":
      return named;
    case "inject":
      return text !== undefined && text.trim() !== "";
  }
}

/** A control in words, the operator's name before them: "paused the room: lunch". Reason and text are the operator's own. */
export function controlWords(control: Control): string {
  const { act, member, key, seat, rate, reason, text } = control;
  const name = member ?? (key === undefined ? undefined : `the key ${key.slice(0, 8)}…`);
  const whom = member === undefined ? (name ?? "the room") : `@${member}${seat === undefined ? "" : `/${seat}`}`;
  const why = reason === undefined || reason.trim() === "" ? "" : `: ${reason}`;
  switch (act) {
    case "pause":
      return `paused ${whom}${why}`;
    case "resume":
      return `resumed ${whom}${why}`;
    case "stop":
      return `stopped the room${why}`;
    case "reset":
      return `reset the room${why}`;
    case "kick":
      return `removed ${whom}${why}`;
    case "ban":
      return `banned ${whom}${why}`;
    case "unban":
      return `took back the ban of ${whom}${why}`;
    case "interrupt":
      return `interrupted ${whom}${why}`;
    case "rates": {
      const all = name === undefined ? "everybody" : whom;
      return rate === undefined
        ? `gave ${all} the relay's own rates${why}`
        : `set the rate of ${all} to ${rate.burst}, then ${rate.perSecond} a second${why}`;
    }
    case "inject":
      return text ?? "";
  }
}
