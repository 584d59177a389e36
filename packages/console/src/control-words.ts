// An operator's decisions as the page tells them: what was done, and by which picture it is known.
import type { AskedAct, LineControl } from "@agora/ipc/messages";
import { harmlessLine, type Rate } from "@agora/protocol";
import type { IconName } from "./icon.tsx";

interface Decided {
  readonly act: AskedAct;
  readonly member?: string | undefined;
  readonly seat?: string | undefined;
  readonly rate?: Rate | undefined;
  readonly forS?: number | undefined;
}

/** What was done, as a sentence. */
export function doneWords({ act, member, seat, rate, forS }: Decided): string {
  const whom = member === undefined ? "the room" : harmlessLine(seat === undefined ? member : `${member}/${seat}`, 60);
  switch (act) {
    case "pause":
      return `Paused ${whom}${forS === undefined ? "" : ` for ${Math.round(forS / 60)} min`}.`;
    case "resume":
      return `Resumed ${whom}.`;
    case "stop":
      return "Stopped the room.";
    case "reset":
      return "The room goes on.";
    case "kick":
      return `Removed ${whom}; it may come back.`;
    case "ban":
      return `Banned ${whom}.`;
    case "unban":
      return `Took back the ban of ${whom}.`;
    case "interrupt":
      return `Interrupted ${whom}.`;
    case "inject":
      return member === undefined ? "Said to everybody." : `Said to ${whom}.`;
    case "rates":
      return rate === undefined ? "The relay's own rate holds again." : "The rate is set.";
  }
}

const ICONS: Readonly<Record<LineControl["act"], IconName>> = {
  pause: "pause",
  resume: "play",
  stop: "stop",
  reset: "play",
  kick: "close",
  ban: "close",
  unban: "check",
  interrupt: "stop",
  inject: "send",
  rates: "health",
  revoke: "close",
};

/** The picture of a decision. */
export function iconOf(act: LineControl["act"]): IconName {
  return ICONS[act];
}
