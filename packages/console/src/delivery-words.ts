// How far the delivery of one's own message is, in words.
import type { Delivery } from "@agora/ipc/messages";

const WORDS: Readonly<Record<Delivery["state"], string>> = {
  queued: "waits here",
  relayed: "sent",
  stored: "arrived",
  held: "waits in the inbox",
  handed: "handed over",
  seen: "seen",
  answered: "answered",
  rejected: "rejected",
  expired: "ended",
};

/** `seen by claude`, `rejected: no time`. */
export function deliveryWords({ state, seat, reason }: Delivery): string {
  if (state === "stored" && reason !== undefined) return reason;
  const who = seat === undefined ? "" : state === "handed" ? ` to ${seat}` : ` by ${seat}`;
  const isBySeat = state === "handed" || state === "seen" || state === "answered";
  const base = state === "handed" && seat !== undefined ? "handed" : WORDS[state];
  return `${base}${isBySeat ? who : ""}${reason === undefined ? "" : `: ${reason}`}`;
}

/** Whether it needs attention: refused, late, waiting. */
export function toneOf({ state, reason }: Delivery): "good" | "wait" | "bad" | "plain" {
  if (state === "answered" || state === "seen") return "good";
  if (state === "rejected" || state === "expired") return "bad";
  return state === "held" || state === "queued" || (state === "stored" && reason !== undefined) ? "wait" : "plain";
}
