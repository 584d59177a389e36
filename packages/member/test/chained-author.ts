// Authors whose events are chained, as ours are, and the lines that keep what they said.
import { createSigner, createVerifier, generateKeyPair } from "@agora/ports";
import {
  audienceOf,
  type Draft,
  type Last,
  newId,
  type OpenEvent,
  signEvent,
  type Signer,
  TEXT,
} from "@agora/protocol";
import { type HistoryRecord, toRecord } from "../src/kernel/record.ts";

export const START = 1_700_000_000_000;

const verifier = createVerifier();
let lines = 0;

/** Somebody who says things in a room, each event after the one before in its audience. */
export class Author {
  readonly #last = new Map<string, { readonly seq: number; readonly hash: string }>();
  readonly name: string;
  readonly signer: Signer;
  readonly room: string;

  constructor(name: string, signer: Signer = createSigner(generateKeyPair()), room = "lobby") {
    this.name = name;
    this.signer = signer;
    this.room = room;
  }

  say(text: string, draft: Partial<Draft> = {}, media = TEXT): OpenEvent {
    const audience = audienceOf({ to: draft.to ?? [], channel: draft.channel });
    const { seq, hash } = this.#last.get(audience) ?? { seq: 0 };
    const id = newId();
    const whole: Draft = {
      ...{ id, room: this.room, author: this.name, role: "user", kind: "message", to: [], thread: id, chain: id },
      ...{ hop: 0, seq: seq + 1, ...(hash === undefined ? {} : { prev: hash }), time: START, ...draft },
    };
    const event = signEvent(whole, text, media, this.signer, verifier);
    this.#last.set(audience, { seq: whole.seq, hash: verifier.sha256(event.signed.head) });
    return event;
  }

  /** The last it said in each audience. */
  last(): readonly Last[] {
    return [...this.#last].map(([audience, { seq, hash }]) => ({ audience, seq, hash }));
  }
}

/** The line that keeps an event, said after all those that were kept before. */
export function lineOf(event: OpenEvent): HistoryRecord {
  lines += 1;
  return toRecord(event, `${START + lines}-0`, START + lines);
}
