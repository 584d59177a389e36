// What a control decides, as a key: later controls with the same key replace it. Relay, daemon and console all fold controls
// this way, each into its own store.
import type { Control } from "./bodies.ts";
import { MAX_CONTROL_LEAD_MS } from "./limits.ts";

/** The fields that order two controls on the same subject. */
export interface ControlOrder {
  readonly key: string;
  readonly seq: number;
  readonly time: number;
}

/**
 * Whether `a` replaces `b`: from one operator the higher seq wins, from several the later time, then the higher key.
 * [CONTROL-3]
 */
export function isLaterControl(a: ControlOrder, b: ControlOrder): boolean {
  if (a.key === b.key) return a.seq > b.seq;
  return a.time === b.time ? a.key > b.key : a.time > b.time;
}

/**
 * The `time` for a control made now: above every known control on the same subject, so that the later decision holds even if
 * somebody's clock is slow. [CONTROL-15]
 */
export function controlTime(nowMs: number, known: readonly Pick<ControlOrder, "time">[]): number {
  return known.reduce((time, word) => Math.max(time, word.time + 1), nowMs);
}

/** No clock that is anywhere near right shows less: a machine without a battery starts in 1970. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);

/**
 * Whether a control's `time` is further ahead than any clock can be. Otherwise somebody could take the highest number there
 * is, and no control could ever replace theirs. [CONTROL-15]
 */
export function isBeyondClocks(time: number, nowMs: number): boolean {
  return time > Math.max(nowMs, EARLIEST_MS) + MAX_CONTROL_LEAD_MS;
}

/** The key of what a control decides; undefined for acts that are over at once and leave no state. [CONTROL-3] */
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
    case "revoke":
      return "revoke";
    case "kick":
    case "interrupt":
    case "inject":
      return undefined;
  }
}

/** Whether a control says "back to normal": such a control is forgotten before one that restricts somebody. */
export function isNeutral({ act, rate }: Pick<Control, "act" | "rate">): boolean {
  return act === "resume" || act === "reset" || act === "unban" || (act === "rates" && rate === undefined);
}

/** Whether two controls on the same subject amount to the same decision. */
export function isSameDecision(a: Pick<Control, "act" | "rate">, b: Pick<Control, "act" | "rate">): boolean {
  if (isNeutral(a) || isNeutral(b)) return isNeutral(a) === isNeutral(b);
  return a.act === b.act && a.rate?.burst === b.rate?.burst && a.rate?.perSecond === b.rate?.perSecond;
}

/** Whether a control names somebody where its act needs one, and nobody where it mustn't. [CONTROL-8] */
export function isWhole({ act, member, key, seat, text, ids }: Control): boolean {
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
    case "revoke":
      return !named && seat === undefined && ids !== undefined && ids.length > 0;
    case "interrupt":
      return named;
    case "inject":
      return text !== undefined && text.trim() !== "";
  }
}

/** `14:05 UTC`: the same for all who read it; of what is no time nothing that could be taken for one. */
function clockWords(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "?" : `${date.toISOString().slice(11, 16)} UTC`;
}

/** A control in words, to follow the operator's name: "paused the room: lunch". Reason and text are the operator's own. */
export function controlWords(control: Control): string {
  const { act, member, key, seat, rate, reason, text, until } = control;
  const name = member ?? (key === undefined ? undefined : `the key ${key.slice(0, 8)}…`);
  const whom = member === undefined ? (name ?? "the room") : `@${member}${seat === undefined ? "" : `/${seat}`}`;
  const end = until === undefined ? "" : ` until ${clockWords(until)}`;
  const why = reason === undefined || reason.trim() === "" ? "" : `: ${reason}`;
  switch (act) {
    case "pause":
      return `paused ${whom}${end}${why}`;
    case "resume":
      return `resumed ${whom}${why}`;
    case "stop":
      return `stopped the room${why}`;
    case "reset":
      return `reset the room${why}`;
    case "kick":
      return `removed ${whom}${why}`;
    case "ban":
      return `banned ${whom}${end}${why}`;
    case "unban":
      return `took back the ban of ${whom}${why}`;
    case "interrupt":
      return `interrupted ${whom}${why}`;
    case "revoke":
      return `took grants back${why}`;
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
