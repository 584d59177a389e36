// The operator's hand on a room, as every reader folds it: paused, stopped, banned. Of one operator the highest seq counts, of
// several the latest word, so that any order of arrival gives the same state. Signatures and grants were checked before.
import type { Control, SealedEvent } from "@agora/protocol";

/** A control that holds. */
export interface HeldControl {
  readonly act: Control["act"];
  /** Whose word it is. */
  readonly key: string;
  readonly time: number;
  readonly seq: number;
  readonly sealed: SealedEvent;
}

/** The latest word of each operator on each thing, by `<what> <key>`; plain JSON. */
export type HeldControls = Record<string, HeldControl>;

/** Controls kept, and offered in every join. [CONTROL-4] */
export const MAX_CONTROLS = 64;

const NEUTRAL: ReadonlySet<Control["act"]> = new Set(["resume", "reset", "unban"]);

/** What a control decides; undefined for a kick, which decides nothing lasting. */
export function decidedBy(control: Pick<Control, "act" | "key" | "member">): string | undefined {
  switch (control.act) {
    case "pause":
    case "resume":
      return "pause";
    case "stop":
    case "reset":
      return "stop";
    case "ban":
    case "unban":
      return `ban:${control.key ?? control.member ?? ""}`;
    case "kick":
      return undefined;
  }
}

function isLater(a: HeldControl, b: HeldControl): boolean {
  if (a.key === b.key) return a.seq > b.seq;
  return a.time === b.time ? a.key > b.key : a.time > b.time;
}

/** Folds one control into those that hold, in place. [CONTROL-3] */
export function foldControl(controls: HeldControls, what: string, control: HeldControl): HeldControls {
  const place = `${what} ${control.key}`;
  const known = controls[place];
  if (known !== undefined && !isLater(control, known)) return controls;
  controls[place] = control;
  const places = Object.keys(controls);
  if (places.length > MAX_CONTROLS) delete controls[leastNeeded(controls, places)];
  return controls;
}

/** What says "as usual" is forgotten before what holds somebody back, the oldest first. */
function leastNeeded(controls: HeldControls, places: readonly string[]): string {
  const byAge = places.toSorted((a, b) => controls[a]!.time - controls[b]!.time || (a < b ? -1 : 1));
  return byAge.find((place) => NEUTRAL.has(controls[place]!.act)) ?? byAge[0]!;
}

/** The act that is in force for a thing: of all operators' words on it the latest. [CONTROL-3] */
export function actInForce(controls: HeldControls, what: string): Control["act"] | undefined {
  const words = Object.entries(controls).filter(([place]) => place.startsWith(`${what} `));
  return words.map(([, c]) => c).reduce<HeldControl | undefined>((a, b) => (a === undefined || isLater(b, a) ? b : a), undefined)?.act;
}

/** Whether an operator has banned this key or name. [CONTROL-7] */
export function isBanned(controls: HeldControls, name: string, key: string): boolean {
  return actInForce(controls, `ban:${key}`) === "ban" || actInForce(controls, `ban:${name}`) === "ban";
}
