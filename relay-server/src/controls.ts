// The operators' decisions about a room: paused, stopped, banned. Controls give the same state in any order of adoption:
// from one operator the highest seq counts, among several operators the latest.
import {
  type Bans,
  bansOf,
  type Control,
  decidedBy,
  isLaterControl,
  isNeutral,
  isSameDecision,
  MAX_CONTROLS,
  type Rate,
  type SignedEvent,
} from "@agora/protocol";

/** A control event with a valid signature and grant. */
export interface VerifiedControl {
  readonly control: Control;
  readonly author: string;
  readonly key: string;
  readonly seq: number;
  readonly time: number;
  readonly signed: SignedEvent;
  /** The stamp it got here; undefined if a member offered it. */
  readonly stamp?: string;
}

/** The controls of one room. */
export class Controls {
  readonly #kept = new Map<string, VerifiedControl>();
  #acts = new Map<string, VerifiedControl>();
  #bans: Bans = bansOf([]);
  #revoked: ReadonlySet<string> = new Set();

  /** Adopts a control; false if it changes nothing because a newer one is known. [CONTROL-3] */
  adopt(control: VerifiedControl): boolean {
    const slot = decidedBy(control.control);
    if (slot === undefined) return false;
    const place = `${slot} ${control.key}`;
    const known = this.#kept.get(place);
    if (known !== undefined && !isLaterControl(control, known)) return false;
    this.#kept.set(place, control);
    if (this.#kept.size > MAX_CONTROLS) this.#forgetOne();
    this.#settle();
    return true;
  }

  /** Whether exactly these bytes have already been adopted. */
  has(signed: SignedEvent): boolean {
    return [...this.#kept.values()].some((c) => c.signed.sig === signed.sig && c.signed.head === signed.head);
  }

  /** Whose later decision overrides a control; undefined when the control would count, or leaves no state. [CONTROL-16] */
  overruledBy(verified: VerifiedControl): string | undefined {
    const slot = decidedBy(verified.control);
    const word = slot === undefined ? undefined : this.#acts.get(slot);
    if (word === undefined || word.signed.head === verified.signed.head) return undefined;
    const own = this.#kept.get(`${slot} ${verified.key}`);
    const isNewest = own === undefined || isLaterControl(verified, own);
    if (isNewest && isLaterControl(verified, word)) return undefined;
    return isSameDecision(verified.control, word.control) ? undefined : word.author;
  }

  /** What newcomers are told, so that it survives a restart of the relay. [CONTROL-4] */
  list(): (SignedEvent & { readonly stamp?: string })[] {
    return [...this.#kept.values()].map(({ signed, stamp }) => (stamp === undefined ? signed : { ...signed, stamp }));
  }

  /** Records the stamp a control got. */
  placed(signed: SignedEvent, stamp: string): void {
    for (const [place, control] of this.#kept)
      if (control.signed.head === signed.head) this.#kept.set(place, { ...control, stamp });
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Why members who aren't operators can't post now. [CONTROL-5] */
  get brake(): "stopped" | "paused" | undefined {
    if (this.#act("stop") === "stop") return "stopped";
    return this.#act("pause") === "pause" ? "paused" : undefined;
  }

  /** Whether an operator has banned this name or key, or the grant it shows. [CONTROL-6] [CONTROL-17] */
  isBanned(name: string, key: string, grantId?: string): boolean {
    return this.#bans.bar(name, key, grantId);
  }

  /** Whether an operator has taken back one of these grants. [GRANT-10] */
  isRevoked(ids: readonly string[] = []): boolean {
    return this.#revoked.size > 0 && ids.some((id) => this.#revoked.has(id));
  }

  /** Whether an operator has paused this member. [CONTROL-5] */
  isPaused(name: string, key: string): boolean {
    if (this.#acts.size === 0) return false;
    return this.#act(`pause:${key}`) === "pause" || this.#act(`pause:${name}`) === "pause";
  }

  /** The rate an operator has set for this member, or for everybody; undefined while the relay's own applies. [CONTROL-9] */
  rateOf(name: string, key: string): Rate | undefined {
    if (this.#acts.size === 0) return undefined;
    for (const slot of [`rates:${key}`, `rates:${name}`, "rates"]) {
      const rate = this.#acts.get(slot)?.control.rate;
      if (rate !== undefined) return rate;
    }
    return undefined;
  }

  #act(slot: string): Control["act"] | undefined {
    return this.#acts.get(slot)?.control.act;
  }

  #settle(): void {
    this.#acts = new Map();
    for (const control of this.#kept.values()) {
      const slot = decidedBy(control.control)!;
      const known = this.#acts.get(slot);
      if (known === undefined || isLaterControl(control, known)) this.#acts.set(slot, control);
    }
    // Of several operators all count, not the latest alone.
    this.#revoked = new Set(
      [...this.#kept.values()].flatMap(({ control }) => (control.act === "revoke" ? (control.ids ?? []) : [])),
    );
    const bans = [...this.#acts].filter(([, { control }]) => control.act === "ban");
    this.#bans = bansOf(bans.map(([slot, { control }]) => ({ whom: slot.slice("ban:".length), control })));
  }

  // A control that says "back to normal" is forgotten before one that restricts somebody.
  #forgetOne(): void {
    const byAge = [...this.#kept].sort(([, a], [, b]) => a.time - b.time);
    const [place] = byAge.find(([, c]) => isNeutral(c.control)) ?? byAge[0]!;
    this.#kept.delete(place);
  }
}
