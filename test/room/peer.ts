// Another member as a test plays it: a key, a name, and whatever it likes to say.
import { createSigner, createVerifier, generateKeyPair, type KeyPair } from "@agora/ports";
import {
  audienceOf,
  CONTROL,
  type Draft,
  type EventFrame,
  newId,
  type Presence,
  type SignedEvent,
  signEvent,
  TEXT,
} from "@agora/protocol";

const verifier = createVerifier();

/** Seals events of one key, numbered as they should be unless the draft says otherwise. */
export class Peer {
  readonly name: string;
  readonly pair: KeyPair;
  readonly #seqs = new Map<string, number>();

  constructor(name: string, pair = generateKeyPair()) {
    this.name = name;
    this.pair = pair;
  }

  get key(): string {
    return this.pair.key;
  }

  seal(text: string, draft: Partial<Draft> = {}, media = TEXT): SignedEvent & { readonly id: string } {
    const id = draft.id ?? newId();
    const audience = audienceOf({ to: draft.to ?? [], channel: draft.channel });
    const seq = (this.#seqs.get(audience) ?? 0) + 1;
    if (draft.seq === undefined) this.#seqs.set(audience, seq);
    const whole: Draft = {
      id,
      room: "lobby",
      author: this.name,
      role: "user",
      kind: "message",
      to: [],
      thread: id,
      chain: id,
      hop: 0,
      seq,
      time: Date.now(),
      ...draft,
    };
    return { ...signEvent(whole, text, media, createSigner(this.pair), verifier).signed, id };
  }

  /** A control with a grant. */
  sealControl(control: object, draft: Partial<Draft> = {}): SignedEvent {
    return this.seal(JSON.stringify(control), { kind: "control", ...draft }, CONTROL);
  }

  /** The line of presence a relay tells of this peer. */
  presence(online = true): Presence {
    return { name: this.name, key: this.key, online, since: 1, grant: "member" };
  }
}

/** The frame in which an event comes: from the relay, or delivered by a member. */
export function eventFrame({ head, sig, body }: SignedEvent, stamp: string, by?: string): EventFrame {
  const late = by === undefined ? {} : { late: true, by };
  return { type: "event", room: "lobby", stamp, event: { head, sig, body }, ...late };
}
