// What a control decides, as a word: later controls about the same thing take its place. Relay, daemon and console fold
// controls by it, each in a store of its own.
import type { Control } from "./bodies.ts";

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
