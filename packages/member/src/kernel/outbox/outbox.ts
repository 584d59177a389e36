// The way out: own events are on the disk first, then posted in order until the relay stamped or refused them. What becomes
// of them at those who were away stands in delivering.ts.
import { createPace, type Link, type Pace } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import {
  compareStamps,
  type ErrorCode,
  ERROR_CODES,
  fail,
  type LaterSigner,
  type Limits,
  ok,
  type OpenEvent,
  readHead,
  type Refused,
  type Result,
  type SignedEvent,
  signEventLater,
  type Stamped,
} from "@agora/protocol";
import { isOverUnsent } from "../../questions/fold.ts";
import type { OwnEvent } from "../delivery.ts";
import { type HistoryRecord, toRecord } from "../record.ts";
import { type RoomTime, SAME_MS } from "../room-time.ts";
import type { Persons } from "../persons.ts";
import type { Store } from "../store.ts";
import { createDelivering } from "./delivering.ts";
import { keptBefore } from "./own-event.ts";

export interface Outbox {
  /** Writes an event down, synced, and sends it when it can. */
  queue(event: OpenEvent, to: readonly string[], preview: string): Promise<Result<void, "disk">>;
  /** Takes nothing more, for this reason, until it is called without one; voids are taken still. */
  hold(why?: string): void;
  /** Resolves when the relay stamped or refused the event, or `ms` are over. */
  settled(id: string, ms: number): Promise<void>;
  /** An operator's brake was lifted or set: what waits for that waits no longer. */
  released(): void;
  /** The rate that holds for this member now. */
  setRate(rate: Limits["rate"]): void;
  /** How many events wait for the relay's stamp. */
  readonly queued: number;
  /** Gives up a question of our own whose time was over before it was ever sent; whether it will not be sent any more. */
  giveUpIfOver(id: string): boolean;
  /** Why an event still waits, in words; undefined when it does not. */
  waits(id: string): string | undefined;
  /** The relay took us in: everything unstamped is posted again. */
  joined(limits: Limits): void;
  lost(why: string): void;
  /** `late`: it is a member's word. */
  stamped(frame: Stamped, late?: boolean): void;
  refused(frame: Refused): void;
  /** A member is here again: what it has not confirmed is delivered. */
  deliverTo(name: string, key: string): void;
}

/** Posts on their way to the relay at once; the rest waits in order. */
const WINDOW = 64;

/** Creates the outbox over a store and a link. `kept` is called when an event of our own entered the history. */
export function createOutbox(options: {
  readonly store: Store;
  readonly persons: Pick<Persons, "isSame" | "root">;
  readonly link: () => Link;
  readonly room: string;
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now">;
  readonly log: Log;
  readonly kept: (event: OpenEvent, record: HistoryRecord, position: number) => void;
  /** Signs what is queued, where signing takes a while. */
  readonly signer?: LaterSigner;
  /** The members who are here, and the key each has. */
  readonly here: () => Iterable<{ readonly name: string; readonly key: string }>;
  /** Whether a member is in a channel now. */
  readonly isInChannel: (channel: string, name: string) => boolean;
  /** An event was refused for good: its seq must not stay a hole. */
  readonly voidSeq: (event: SignedEvent) => void;
}): Outbox {
  const { store, clock, log, room } = options;
  const inFlight = new Set<string>();
  /** Not on the disk for sure yet: a seq that others saw and a power cut took would be given to another event. [SEQ-2] */
  const unsynced = new Set<string>();
  const urgent = new Set<string>();
  /** Voids that were refused since an operator has stopped the room: they come again when that is over, for nothing else fills the place. */
  const stoppedVoids = new Set<string>();
  const waiting = new Map<string, (() => void)[]>();
  let pace: Pace | undefined;
  let hold: { readonly reason: string; readonly until: number } | undefined = undefined as
    | { reason: string; until: number }
    | undefined;
  let away = "the relay is not reached yet";
  let closed: string | undefined;
  let cancelPump = (): void => undefined;

  const outbox = store.state.outbox;
  /** What waits for its stamp, in the order it was said: the outbox itself holds thousands that wait for a receipt. */
  const queued = new Set(Object.keys(outbox).filter((id) => outbox[id]!.state === "queued"));
  const followed = (id: string): void => {
    if (outbox[id]?.state === "queued") queued.add(id);
    else queued.delete(id);
  };
  const settle = (id: string): void => {
    for (const fn of waiting.get(id) ?? []) fn();
    waiting.delete(id);
  };

  /** One after the other, so that what was said first is written first. */
  let signing: Promise<unknown> = Promise.resolve();
  const signInTurn = (event: OpenEvent, signer: LaterSigner): Promise<OpenEvent> => {
    const signed = signing.then(() => signEventLater(event, signer));
    signing = signed.catch(() => undefined);
    return signed;
  };

  const pumpIn = (ms: number): void => {
    cancelPump();
    cancelPump = clock.after(ms, pump);
  };

  const pump = (): void => {
    if (pace === undefined) return;
    const held = hold === undefined ? 0 : hold.until - clock.steady();
    for (const id of urgent) {
      // An operator's word does not wait behind what its own brakes hold. [SEQ-2]
      const event = outbox[id];
      if (event?.state !== "queued" || event.sealed === undefined) urgent.delete(id);
      else if (
        !inFlight.has(id) &&
        !unsynced.has(id) &&
        options.link().send({ type: "post", room, event: event.sealed })
      )
        inFlight.add(id);
    }
    if (held > 0) return pumpIn(held); // a timer may come a little early: without another one nobody would come again
    hold = undefined;
    for (const id of queued) {
      if (inFlight.size >= WINDOW) return;
      const event = outbox[id];
      if (event?.sealed === undefined || inFlight.has(id) || unsynced.has(id) || stoppedVoids.has(id)) continue;
      if (giveUpIfOver(id)) continue;
      const wait = pace.take(event.role);
      if (wait > 0) {
        hold = { reason: `rate, retry in ${Math.ceil(wait / 1000)} s`, until: clock.steady() + wait };
        for (const id of waiting.keys()) if (!inFlight.has(id)) settle(id);
        return pumpIn(wait);
      }
      notePosted(id);
      if (!options.link().send({ type: "post", room, event: event.sealed })) return;
      inFlight.add(id);
    }
  };

  /** Its time is over and nobody was asked yet: then nobody is asked any more. [QUESTION-9] */
  const giveUpIfOver = (id: string): boolean => {
    const event = outbox[id];
    if (event?.state !== "queued") return event?.state !== "relayed";
    if (!isOverUnsent(store.state.questions, id, options.roomTime.now())) return false;
    const reason = "its time was over before the relay was reached";
    if (!store.out({ op: "refuse", at: clock.now(), id, reason, over: true }).ok) return false;
    followed(id);
    if (event.sealed !== undefined) options.voidSeq(event.sealed);
    settle(id);
    return true;
  };

  /** Noted before it is sent: whoever may have been asked is not told that it is over by a guess. */
  const notePosted = (id: string): void => {
    const { asked } = store.state.questions;
    if (Object.hasOwn(asked, id) && asked[id]!.posted !== true) store.in({ op: "question-posted", question: id });
  };

  const keep = (event: OwnEvent, stamp: string, missed: readonly string[], late: boolean): void => {
    const head = event.sealed === undefined ? undefined : readHead(event.sealed.head);
    if (event.sealed === undefined || head === undefined || !head.ok) return;
    const open: OpenEvent = { head: head.value, body: event.sealed.body, signed: event.sealed };
    const at = clock.now();
    const before = keptBefore(store, head.value);
    const record = toRecord(open, stamp, at, late, { root: options.persons.root() });
    const kept = before === undefined ? store.keep(record, head.value) : ok(before.position);
    if (!kept.ok) return; // stays queued; the next join posts it again
    if (before !== undefined && !late && compareStamps(stamp, before.stamp) > 0)
      store.keep({ restamp: event.id, key: head.value.key, stamp, at }); // another life of the relay stamped it again [STAMP-4]
    store.out({ op: "stamp", at, id: event.id, stamp, position: kept.value, missed });
    followed(event.id);
    if (before === undefined) options.kept(open, record, kept.value);
  };

  const delivering = createDelivering({ ...options, isJoined: () => pace !== undefined });

  return {
    hold(why) {
      closed = why;
    },
    async queue(unsigned, to, preview) {
      if (closed !== undefined && unsigned.head.kind !== "void") return fail("disk", closed);
      const event = options.signer === undefined ? unsigned : await signInTurn(unsigned, options.signer);
      const { id, thread, role } = event.head;
      // Of this moment: the clock may have been set since the relay's was heard. [TIME-1]
      const off = Math.round(options.roomTime.now() - clock.now());
      const clockOff = Math.abs(off) < SAME_MS ? 0 : off;
      const said = { op: "queue", at: clock.now(), id, thread, role, preview, to, sealed: event.signed } as const;
      const written = store.out(clockOff === 0 ? said : { ...said, clockOff });
      if (!written.ok) return written;
      followed(id);
      if (event.head.kind === "control") urgent.add(id);
      unsynced.add(id);
      try {
        await store.syncOutbox();
      } catch (error) {
        const reason = `The outbox could not be synced to the disk (${error instanceof Error ? error.message : String(error)}).`;
        // Its author is told that it was not said: so it is not posted, in this life at least.
        const refused = store.out({ op: "refuse", at: clock.now(), id, reason });
        followed(id);
        if (refused.ok) unsynced.delete(id);
        if (refused.ok && event.signed !== undefined) options.voidSeq(event.signed);
        return fail("disk", reason);
      }
      unsynced.delete(id);
      pump();
      return ok(undefined);
    },
    settled(id, ms) {
      if (outbox[id]?.state !== "queued" || pace === undefined || (hold !== undefined && !inFlight.has(id)))
        return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(ms, resolve);
        waiting.set(id, [...(waiting.get(id) ?? []), () => (cancel(), resolve())]);
      });
    },
    released() {
      hold = undefined;
      stoppedVoids.clear();
      pump();
    },
    setRate(rate) {
      if (pace !== undefined) pace = createPace(rate, () => clock.steady());
    },
    get queued() {
      return queued.size;
    },
    waits(id) {
      const event = outbox[id];
      if (event === undefined || event.state !== "queued") return undefined;
      if (pace === undefined) return away;
      return hold?.reason ?? "on its way to the relay";
    },
    joined(limits) {
      inFlight.clear();
      stoppedVoids.clear();
      hold = undefined;
      pace = createPace(limits.rate, () => clock.steady());
      pump();
    },
    lost(why) {
      pace = undefined;
      away = why;
      inFlight.clear();
      cancelPump();
      for (const id of waiting.keys()) settle(id);
    },
    stamped(frame, late = false) {
      inFlight.delete(frame.id);
      const event = outbox[frame.id];
      if (event?.state === "queued") keep(event, frame.stamp, frame.missed ?? [], late);
      settle(frame.id);
      pump();
    },
    refused(frame) {
      if (frame.id === undefined) return;
      inFlight.delete(frame.id);
      const event = outbox[frame.id];
      if (event?.state === "relayed") return delivering.refused(frame.id, frame);
      if (event?.state !== "queued") return;
      // [BUSY-3] What is refused so is tried again by itself, and what stands behind it in the line waits as well.
      // A word of a later version is taken as "later". [REFUSE-1]
      const again = Object.hasOwn(ERROR_CODES, frame.code) ? ERROR_CODES[frame.code as ErrorCode] : "later";
      log.info("refused", { id: frame.id, code: frame.code });
      if (frame.code === "stopped" && isVoid(event)) stoppedVoids.add(frame.id);
      else if (frame.code === "stopped" || again === "never") {
        store.out({ op: "refuse", at: clock.now(), id: frame.id, reason: `${frame.code}: ${frame.message}` });
        followed(frame.id);
        if (event.sealed !== undefined) options.voidSeq(event.sealed);
      } else {
        const ms = frame.retryAfterMs ?? (again === "later" ? 30_000 : 1_000);
        if (frame.code === "rate") pace?.hold(event.role, ms);
        hold = { reason: `${frame.code}, retry in ${Math.ceil(ms / 1000)} s`, until: clock.steady() + ms };
        pumpIn(ms);
      }
      settle(frame.id);
      if (hold === undefined) pump();
    },
    giveUpIfOver,
    deliverTo: (name, key) => delivering.to(name, key),
  };
}

function isVoid({ sealed }: OwnEvent): boolean {
  const head = sealed === undefined ? undefined : readHead(sealed.head);
  return head?.ok === true && head.value.kind === "void";
}
