// Making one's own events: audience and seq, chain and hop, seal. What a model may not decide is decided here.
import type { Clock } from "@agora/ports";
import {
  type Address,
  audienceOf,
  type Draft,
  type Head,
  type Kind,
  type LaterSigner,
  linkOf,
  newId,
  type OpenEvent,
  type Role,
  signEvent,
  type SignedEvent,
  type Signer,
  TEXT,
  type Verifier,
} from "@agora/protocol";
import { readHead } from "@agora/protocol";
import type { Seat } from "../seats/fold.ts";
import type { LastHead } from "./state.ts";
import type { Persons } from "./persons.ts";
import type { Store } from "./store.ts";

/** Far above every hop limit. */
const MAX_HOP = 1_000_000;

/** What a surface wants said. */
export interface Wish {
  readonly role: Role;
  readonly kind: Exclude<Kind, "void">;
  /** Who does not know the kind has to refuse it. */
  readonly must?: true;
  readonly to: readonly Address[];
  readonly channel?: string | undefined;
  readonly body: string;
  readonly media: string;
  readonly thread?: string | undefined;
  readonly about?: Head["about"];
  /** The seat that speaks; undefined for a person at a terminal. */
  readonly seat?: Seat | undefined;
  readonly id?: string | undefined;
  /** When its time is over, unix milliseconds. */
  readonly expires?: number | undefined;
  /** Its `time`, where that is more than what the clock says: a control's. [CONTROL-15] */
  readonly time?: number | undefined;
}

export interface EventFactory {
  make(wish: Wish): OpenEvent;
  /** An empty event in the place of one that the relay refused for good, so that its seq is no hole. [EVENT-9] */
  makeVoid(refused: SignedEvent): OpenEvent | undefined;
}

/** Makes an author. A person's words begin a chain at hop 0; an agent's continue the one it was handed. */
export function createEventFactory(options: {
  readonly store: Store;
  readonly signer: Signer | LaterSigner;
  readonly verifier: Pick<Verifier, "sha256">;
  readonly me: string;
  readonly persons: Pick<Persons, "addressed">;
  readonly room: string;
  readonly clock: Clock;
}): EventFactory {
  const { store, signer, verifier, me, room, clock } = options;
  /** What was numbered last, in each audience: what a later signer still has to sign is not written yet. */
  const given = new Map<string, LastHead>();
  const lastOf = (audience: string): Partial<LastHead> & Pick<LastHead, "seq"> => {
    const seq = store.state.seqs[audience] ?? 0;
    const unwritten = given.get(audience);
    if (unwritten !== undefined && unwritten.seq > seq) return unwritten;
    const last = store.state.lastHeads[audience];
    return last?.seq === seq ? last : { seq }; // an older version may have said something since
  };
  /** The event's number, and what ties it to the one before it. [RECORD-1] [RECORD-2] */
  const numbered = (audience: string): Pick<Draft, "seq" | "prev" | "gap"> => {
    const last = lastOf(audience);
    const seq = Math.max(last.seq, store.seqBase) + 1;
    return {
      seq,
      ...(last.hash === undefined ? {} : { prev: last.hash }),
      ...(seq === last.seq + 1 ? {} : { gap: { from: last.seq + 1, to: seq - 1, why: store.seqBaseWhy } }),
    };
  };
  return {
    make(wish) {
      const id = wish.id ?? newId();
      const audience = audienceOf(wish);
      // Bounded, since a peer may have claimed any. [CHAIN-1]
      const hop = wish.role === "user" ? 0 : Math.min((wish.seat?.hop ?? -1) + 1, MAX_HOP);
      const draft: Draft = {
        id,
        room,
        author: me,
        ...(wish.seat === undefined ? {} : { seat: wish.seat.seat }),
        role: wish.role,
        kind: wish.kind,
        to: wish.to.map((address) => options.persons.addressed(address)),
        ...(wish.channel === undefined ? {} : { channel: wish.channel }),
        thread: wish.thread ?? id,
        ...(wish.about === undefined ? {} : { about: wish.about }),
        chain: hop === 0 ? id : (wish.seat?.chain ?? id),
        hop,
        ...numbered(audience),
        time: wish.time ?? clock.now(),
        ...(wish.must === undefined ? {} : { must: true }),
        ...(wish.expires === undefined ? {} : { expires: wish.expires }),
      };
      const event = signEvent(draft, wish.body, wish.media, signer, verifier);
      if (!("sign" in signer))
        given.set(audience, { seq: draft.seq, hash: linkOf(event.head, event.signed.head, verifier) });
      return event;
    },
    makeVoid(refused) {
      const read = readHead(refused.head);
      if (!read.ok || read.value.kind === "void") return undefined;
      const { v: _, key: __, body: ___, ...head } = read.value;
      const replaces = verifier.sha256(refused.head); // [RECORD-3]
      return signEvent({ ...head, id: newId(), kind: "void", replaces, time: clock.now() }, "", TEXT, signer, verifier);
    },
  };
}
