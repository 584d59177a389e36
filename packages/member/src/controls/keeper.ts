// The operator's hand: pause, stop, bans and rates as this daemon obeys them. A control counts only with a grant of the room's
// root that is bound to its key; of a room without a root key, the relay's own key is the root.
import type { ControlInForce, MemberControls } from "@agora/ipc";
import type { Clock, Log } from "@agora/ports";
import {
  type Bans,
  compareStamps,
  type Control,
  CONTROL,
  controlTime,
  controlWords,
  decidedBy,
  type EventFrame,
  harmlessLine,
  type Head,
  isBeyondClocks,
  isNeutral,
  isSameDecision,
  isWhole,
  openEvent,
  type OpenEvent,
  type Rate,
  type Right,
  type SignedEvent,
  stampParts,
  type Verifier,
} from "@agora/protocol";
import { controlOf } from "../kernel/record.ts";
import { disownControl } from "./disown.ts";
import { entitles } from "./entitles.ts";
import { decidedThings, type HeldControl, heldBans, inForce, pauseOf, readHeld, wordsOn } from "./fold.ts";
import type { OwnGrants } from "./own-grants.ts";
import type { RoomTime } from "../kernel/room-time.ts";
import type { Store } from "../kernel/store.ts";

/** How the reason of everything begins that a pause holds. */
export const PAUSED = "an operator paused";
/** A brake that holds this member, and which word it is. */
export interface Brake {
  readonly sig: string;
  readonly act: "stop" | "pause";
  /** What is in force, in our own words. */
  readonly words: string;
}

/** What operators have decided, as surfaces show it. */
export interface ControlsState {
  readonly stopped?: ControlInForce;
  readonly paused?: ControlInForce;
  readonly rate?: Rate;
  readonly members: readonly MemberControls[];
}

export interface Controls {
  /** What a control event decides, if it is an operator's. */
  judge(event: OpenEvent): Control | undefined;
  /** Whether an event that carries this grant, or none, is said by right: in its channel, if it has one. [CONTROL-2] [RIGHT-3] */
  entitles(head: Head, grant: string | undefined, right: Right): boolean;
  /** Adopts a control that was judged. */
  take(event: OpenEvent, control: Control, stamp?: string): void;
  /** The `time` of a control that is made now: above all that is known on the same thing. [CONTROL-15] */
  timeOf(control: Control, now?: number): number;
  /** Another operator's word that holds in the place of this own one, in words; undefined when it holds itself. */
  overruled(event: OpenEvent, control: Control): string | undefined;
  /** Takes back a control whose key was revoked before it: the last one of its author that counts holds again. [KEYCHAIN-4] */
  disown(event: OpenEvent): void;
  /** What the relay told when we joined: what was decided while we were away. [JOIN-10] */
  adopt(told: readonly (SignedEvent & { readonly stamp?: string | undefined })[]): void;
  /** What holds this member now. */
  brake(): Brake | undefined;
  /** Why nothing of this author is acted on now by itself. */
  heldBack(name: string): string | undefined;
  /** Why an event that came is kept and handed to nobody. [CONTROL-11] */
  withheld(head: Head, frame: Pick<EventFrame, "stamp" | "late">): string | undefined;
  /** Whether an operator has banned this name or key, or the grant it came with. [CONTROL-7] [CONTROL-17] */
  isBanned(name: string, key: string): boolean;
  /** Whether an operator has taken back one of these grants. [GRANT-10] */
  isRevoked(ids: readonly string[]): boolean;
  /** The grants that this member took back itself. */
  ownRevoked(): readonly string[];
  /** The rate an operator has set for this member. */
  rate(): Rate | undefined;
  state(): ControlsState;
}

/** The keeper of controls, and what this member may itself. */
export interface OperatorControls extends Controls {
  /** The grant of this member that gives it a right, in that channel if the right is about one. [RIGHT-3] */
  readonly grantFor: OwnGrants["grantFor"];
  /** The operator's grant of this member, when it has one. */
  readonly operatorGrant: () => string | undefined;
  /** Whether this member is an operator, by its grant or by the relay's word. */
  readonly mayControl: () => boolean;
}

/** Creates the keeper of controls; without a root key none is believed. */
export function createControls(options: {
  readonly store: Store;
  readonly verifier: Verifier;
  /** The room's root key, or its relay's where it has none. */
  readonly root: () => string | undefined;
  readonly room: string;
  readonly me: string;
  readonly myKey: string;
  readonly keyOf: (name: string) => string | undefined;
  /** The id of the grant that a key came in with, as far as the relay told. */
  readonly grantIdOf: (name: string, key: string) => string | undefined;
  /** Whether an event is not taken at all, whatever it says. */
  readonly isRefused: (event: OpenEvent) => boolean;
  /** Whether the relay says that this member is an operator. */
  readonly isOperator: (name: string, key: string) => boolean;
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now" | "toOwn">;
  readonly log: Log;
  readonly changed: () => void;
}): Controls {
  const { store, log, me, myKey } = options;
  const held = (): typeof store.state.controls => store.state.controls;
  const acting = (what: string, act: string): HeldControl | undefined => {
    const word = inForce(held(), what);
    return word?.act === act ? word : undefined;
  };

  /** Worked out when it is asked for after a change. */
  let bans: Bans | undefined;
  let revoked: ReadonlySet<string> | undefined;
  const isEntitled: Controls["entitles"] = (head, grant, right) => {
    const root = options.root();
    if (root === undefined || head.room !== options.room) return false;
    return entitles(grant, head, right, { root, verifier: options.verifier, nowMs: options.roomTime.now(), isRevoked });
  };
  /** Of several operators all count, not the latest alone. */
  const isRevoked = (ids: readonly string[]): boolean => {
    revoked ??= new Set(wordsOn(held(), "revoke").flatMap((word) => readHeld(word)?.control.ids ?? []));
    return ids.some((id) => revoked!.has(id));
  };
  /** Several ask about one event: it is judged, and what is wrong with it logged, once. */
  const judged = new WeakMap<OpenEvent, { readonly control: Control | undefined }>();
  const judge: Controls["judge"] = (event) => {
    const known = judged.get(event) ?? { control: judgeAnew(event) };
    judged.set(event, known);
    return known.control;
  };
  const judgeAnew: Controls["judge"] = (event) => {
    const { head } = event;
    const control =
      head.room === options.room && head.to.length === 0 && head.channel === undefined ? controlOf(event) : undefined;
    if (options.isRefused(event)) log.warn("control-not-taken", { id: head.id });
    else if (control === undefined || !isWhole(control)) log.warn("control-unreadable", { id: head.id });
    else if (isBeyondClocks(head.time, options.clock.now())) log.warn("control-beyond-clocks", { id: head.id }); // [CONTROL-15]
    else if (isEntitled(head, control.grant, "control")) return control;
    else log.warn("control-refused", { id: head.id, act: control.act });
    return undefined;
  };
  const take: Controls["take"] = ({ head, signed: sealed }, control, stamp) => {
    const what = decidedBy(control);
    if (what === undefined) return; // done at once by whom it concerns
    const { key, time, seq } = head;
    const neutral = isNeutral(control) ? { neutral: true as const } : {};
    const word = { act: control.act, key, time, seq, sealed, ...neutral, ...(stamp === undefined ? {} : { stamp }) };
    store.in({ op: "control", what, control: word });
    bans = undefined;
    revoked = undefined;
    options.changed();
  };

  const brake = (): Brake | undefined => {
    const stop = acting("stop", "stop");
    if (stop !== undefined)
      return {
        act: "stop",
        sig: stop.sealed.sig,
        words: "an operator stopped the room: nothing is sent until it is reset",
      };
    const pause = acting("pause", "pause");
    if (pause !== undefined)
      return {
        act: "pause",
        sig: pause.sealed.sig,
        words: `${PAUSED} the room: what is said waits until it is resumed`,
      };
    const own = pauseOf(held(), me, myKey);
    return own === undefined
      ? undefined
      : { act: "pause", sig: own.sealed.sig, words: `${PAUSED} this member: what it says waits` };
  };

  /** Made above what was known, its time may be ahead of every clock: its place in the room says more. */
  const shownTime = ({ key, time, stamp }: HeldControl): number =>
    key === myKey && stamp === undefined
      ? time
      : options.roomTime.toOwn(stamp === undefined ? Math.min(time, options.roomTime.now()) : stampParts(stamp)[0]);
  const shown = (word: HeldControl): { readonly control: Control | undefined; readonly inForce: ControlInForce } => {
    const read = readHeld(word);
    const { reason, until } = read?.control ?? {};
    const end = until === undefined ? {} : { until: options.roomTime.toOwn(until) };
    return {
      control: read?.control,
      inForce: { by: read?.author ?? "", at: shownTime(word), ...(reason === undefined ? {} : { reason }), ...end },
    };
  };
  const ofMembers = (): readonly MemberControls[] => {
    const members = new Map<string, MemberControls>();
    for (const what of decidedThings(held())) {
      const [kind, whom] = what.split(":", 2);
      const word = inForce(held(), what);
      if (whom === undefined || word === undefined || word.neutral === true) continue;
      const { control, inForce: by } = shown(word);
      if (isNeutral(control ?? word)) continue; // what is held names its act, and not its rate
      const { member = "", key, rate } = control ?? {};
      const more =
        kind === "ban" ? { banned: by } : kind === "pause" ? { paused: by } : rate === undefined ? {} : { rate };
      members.set(whom, { name: member, ...(key === undefined ? {} : { key }), ...members.get(whom), ...more });
    }
    return [...members.values()];
  };

  return {
    judge,
    entitles: isEntitled,
    take,
    timeOf(control, now = options.clock.now()) {
      const what = decidedBy(control);
      return controlTime(now, what === undefined ? [] : wordsOn(held(), what));
    },
    overruled({ signed: sealed }, control) {
      const what = decidedBy(control);
      const word = what === undefined ? undefined : inForce(held(), what);
      const read = word === undefined || word.sealed.head === sealed.head ? undefined : readHeld(word);
      if (read === undefined || isSameDecision(control, read.control)) return undefined;
      return `@${harmlessLine(read.author, 40)} ${harmlessLine(controlWords(read.control), 200)}`;
    },
    disown(event) {
      const gone = disownControl({ store, judge }, event);
      if (gone === undefined) return;
      bans = undefined;
      revoked = undefined;
      if (gone.earlier !== undefined) take(gone.earlier.event, gone.earlier.control, gone.earlier.stamp);
      options.changed();
    },
    adopt(told) {
      const known = new Set(Object.values(held()).map((c) => c.sealed.sig));
      for (const { stamp, ...sealed } of told) {
        const opened = known.has(sealed.sig) ? undefined : openEvent(sealed, options.verifier);
        if (opened?.ok !== true || opened.value.head.kind !== "control" || opened.value.head.body.media !== CONTROL)
          continue;
        const control = judge(opened.value);
        if (control !== undefined) take(opened.value, control, stamp);
      }
    },
    brake,
    heldBack(name) {
      const key = options.keyOf(name);
      if (key === undefined || pauseOf(held(), name, key) === undefined) return undefined;
      return name === me ? `${PAUSED} this member` : `${PAUSED} @${name}`;
    },
    withheld(head, { stamp, late }) {
      const stop = acting("stop", "stop");
      if (stop === undefined || head.kind === "control" || head.kind === "grant") return undefined;
      const isOperators =
        Object.values(held()).some((c) => c.key === head.key) || options.isOperator(head.author, head.key);
      if (isOperators && head.role === "user") return undefined;
      // What the relay gives again may be from before the stop; its place in the order tells; with a
      // relay of before, which does not say the stop's, both authors' clocks.
      const isAfter =
        stop.stamp === undefined ? late !== true || head.time >= stop.time : compareStamps(stamp, stop.stamp) > 0;
      return isAfter ? "said while an operator had stopped the room" : undefined;
    },
    isBanned: (name, key) => (bans ??= heldBans(held())).bar(name, key, options.grantIdOf(name, key)),
    isRevoked,
    ownRevoked() {
      const own = wordsOn(held(), "revoke").find(({ key }) => key === myKey);
      return own === undefined ? [] : (readHeld(own)?.control.ids ?? []);
    },
    rate() {
      for (const what of [`rates:${myKey}`, `rates:${me}`, "rates"]) {
        const word = inForce(held(), what);
        const rate = word === undefined ? undefined : readHeld(word)?.control.rate;
        if (rate !== undefined) return rate;
      }
      return undefined;
    },
    state() {
      const stop = acting("stop", "stop");
      const pause = acting("pause", "pause");
      const rates = inForce(held(), "rates");
      const rate = rates === undefined ? undefined : readHeld(rates)?.control.rate;
      return {
        ...(stop === undefined ? {} : { stopped: shown(stop).inForce }),
        ...(pause === undefined ? {} : { paused: shown(pause).inForce }),
        ...(rate === undefined ? {} : { rate }),
        members: ofMembers(),
      };
    },
  };
}
