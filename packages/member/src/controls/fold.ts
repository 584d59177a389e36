// The operator's hand on a room, as every reader folds it: paused, stopped, banned. Of one operator the highest seq counts, of
// several the latest word, so that any order of arrival gives the same state. Signatures and grants were checked before.
import {
  type Bans,
  bansOf,
  type Control,
  type ControlAct,
  controlSchema,
  isLaterControl,
  MAX_CONTROLS,
  readBody,
  readHead,
  type SignedEvent,
} from "@agora/protocol";

/** A control that holds. */
export interface HeldControl {
  readonly act: ControlAct;
  /** It says "as usual", though its act alone does not tell. */
  readonly neutral?: true;
  /** Whose word it is. */
  readonly key: string;
  readonly time: number;
  readonly seq: number;
  readonly sealed: SignedEvent;
  /** The place the relay gave it, when it was heard as an event and not only told of. */
  readonly stamp?: string;
}

/** The latest word of each operator on each thing, by `<what> <key>`; plain JSON. */
export type HeldControls = Record<string, HeldControl>;

const NEUTRAL: ReadonlySet<ControlAct> = new Set(["resume", "reset", "unban"]);

/** Folds one control into those that hold, in place. [CONTROL-3] */
export function foldControl(controls: HeldControls, what: string, control: HeldControl): HeldControls {
  const place = `${what} ${control.key}`;
  const known = controls[place];
  if (known !== undefined && known.seq === control.seq && known.stamp === undefined && control.stamp !== undefined)
    controls[place] = { ...known, stamp: control.stamp };
  if (known !== undefined && !isLaterControl(control, known)) return controls;
  controls[place] = control;
  const places = Object.keys(controls);
  if (places.length > MAX_CONTROLS) delete controls[leastNeeded(controls, places)];
  return controls;
}

/** What says "as usual" is forgotten before what holds somebody back, the oldest first. */
function leastNeeded(controls: HeldControls, places: readonly string[]): string {
  const byAge = places.toSorted((a, b) => controls[a]!.time - controls[b]!.time || (a < b ? -1 : 1));
  return byAge.find((place) => controls[place]!.neutral === true || NEUTRAL.has(controls[place]!.act)) ?? byAge[0]!;
}

/** All operators' words on a thing, of each the latest. */
export function wordsOn(controls: HeldControls, what: string): readonly HeldControl[] {
  return Object.entries(controls).flatMap(([place, word]) => (place.startsWith(`${what} `) ? [word] : []));
}

/** The word that is in force for a thing: of all operators' words on it the latest. [CONTROL-3] */
export function inForce(controls: HeldControls, what: string): HeldControl | undefined {
  return wordsOn(controls, what).reduce<HeldControl | undefined>(
    (a, b) => (a === undefined || isLaterControl(b, a) ? b : a),
    undefined,
  );
}

/** The act that is in force for a thing. */
export function actInForce(controls: HeldControls, what: string): ControlAct | undefined {
  return inForce(controls, what)?.act;
}

/** The things that somebody has decided, like `stop`, `pause`, `pause:<key>`, `ban:<key>`. */
export function decidedThings(controls: HeldControls): readonly string[] {
  return [...new Set(Object.keys(controls).map((place) => place.slice(0, place.lastIndexOf(" "))))].sort();
}

/** Author and body of a control that holds; undefined when it was damaged on disk. */
export function readHeld(held: HeldControl): { readonly author: string; readonly control: Control } | undefined {
  const head = readHead(held.sealed.head);
  const control = readBody(controlSchema, held.sealed.body);
  return head.ok && control !== undefined ? { author: head.value.author, control } : undefined;
}

/** Whom operators have banned. [CONTROL-7] [CONTROL-17] */
export function heldBans(controls: HeldControls): Bans {
  const bans = decidedThings(controls).flatMap((what) => {
    const word = what.startsWith("ban:") ? inForce(controls, what) : undefined;
    return word?.act === "ban" ? [{ whom: what.slice("ban:".length), control: readHeld(word)?.control }] : [];
  });
  return bansOf(bans);
}

/** The pause of one member, when an operator holds it. [CONTROL-5] */
export function pauseOf(controls: HeldControls, name: string, key: string): HeldControl | undefined {
  return [inForce(controls, `pause:${key}`), inForce(controls, `pause:${name}`)].find((c) => c?.act === "pause");
}
