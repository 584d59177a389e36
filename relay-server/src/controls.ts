// The operator's hand on a room: paused, stopped, banned. Controls are adopted in any order and give the same state: of each
// operator the highest seq counts, of several operators the latest word.
import type { Control, SealedEvent } from "@agora/protocol";

/** Controls kept for one room, and offered to whoever joins. */
export const MAX_CONTROLS = 64;

/** A control event whose signature and grant hold. */
export interface VerifiedControl {
  readonly control: Control;
  readonly author: string;
  readonly key: string;
  readonly seq: number;
  readonly time: number;
  readonly sealed: SealedEvent;
}

const NEUTRAL: ReadonlySet<Control["act"]> = new Set(["resume", "reset", "unban"]);

/** What a control decides: later ones about the same thing replace it. A kick decides nothing lasting. */
function slotOf(control: Control): string | undefined {
  switch (control.act) {
    case "pause":
    case "resume":
      return "pause";
    case "stop":
    case "reset":
      return "stop";
    case "ban":
    case "unban":
      return `ban ${control.key ?? control.member ?? ""}`;
    case "kick":
      break;
  }
  return undefined;
}

function isLater(a: VerifiedControl, b: VerifiedControl): boolean {
  if (a.key === b.key) return a.seq > b.seq;
  return a.time === b.time ? a.key > b.key : a.time > b.time;
}

/** The controls of one room. */
export class Controls {
  readonly #kept = new Map<string, VerifiedControl>();
  #acts = new Map<string, VerifiedControl>();

  /** Takes a control in; false when it changes nothing, being older than what is known. [CONTROL-3] */
  adopt(control: VerifiedControl): boolean {
    const slot = slotOf(control.control);
    if (slot === undefined) return false;
    const place = `${slot} ${control.key}`;
    const known = this.#kept.get(place);
    if (known !== undefined && !isLater(control, known)) return false;
    this.#kept.set(place, control);
    if (this.#kept.size > MAX_CONTROLS) this.#forgetOne();
    this.#settle();
    return true;
  }

  /** Whether exactly these bytes were adopted already. */
  has(sealed: SealedEvent): boolean {
    return [...this.#kept.values()].some((c) => c.sealed.sig === sealed.sig && c.sealed.head === sealed.head);
  }

  /** What a newcomer is told, so that it is known after a restart of the relay. [CONTROL-4] */
  list(): SealedEvent[] {
    return [...this.#kept.values()].map((c) => c.sealed);
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Why members that are no operators can't post now. [CONTROL-5] */
  get brake(): "stopped" | "paused" | undefined {
    if (this.#acts.get("stop")?.control.act === "stop") return "stopped";
    return this.#acts.get("pause")?.control.act === "pause" ? "paused" : undefined;
  }

  /** Whether an operator has banned this name or key. [CONTROL-6] */
  isBanned(name: string, key: string): boolean {
    return this.#acts.get(`ban ${key}`)?.control.act === "ban" || this.#acts.get(`ban ${name}`)?.control.act === "ban";
  }

  #settle(): void {
    this.#acts = new Map();
    for (const control of this.#kept.values()) {
      const slot = slotOf(control.control)!;
      const known = this.#acts.get(slot);
      if (known === undefined || isLater(control, known)) this.#acts.set(slot, control);
    }
  }

  // What says "as usual" is forgotten before what holds somebody back.
  #forgetOne(): void {
    const byAge = [...this.#kept].sort(([, a], [, b]) => a.time - b.time);
    const [place] = byAge.find(([, c]) => NEUTRAL.has(c.control.act)) ?? byAge[0]!;
    this.#kept.delete(place);
  }
}
