// The link: one session with one room of one relay, on real sockets and timers. It carries frames; what they mean for the
// journals is up to the daemon.
import {
  decodeFromRelay,
  encode,
  type Facts,
  FIRST_STAMP,
  type FromClient,
  type FromRelay,
  HEARTBEAT_MS,
  type Joined,
  type SignedEvent,
  type Welcome,
} from "@agora/protocol";
import type { Cancel, Clock, Connection, Dial, Log } from "@agora/ports";
import { memoryRelayPins, type RelayPins } from "./relay-trust.ts";
import { type Effect, type HelloIdentity, type SessionEvent, type SessionState, step } from "./session.ts";

/** The events a link reports to its owner. */
export interface LinkEvents {
  readonly joined: (welcome: Welcome, joined: Joined) => void;
  /** A frame of the room; only while joined. */
  readonly room: (frame: FromRelay) => void;
  readonly chunk: (frame: Uint8Array) => void;
  readonly state: (state: SessionState) => void;
}

export interface LinkOptions {
  readonly url: string;
  readonly identity: HelloIdentity;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** Timers may be late although the machine didn't sleep, as in a background page. */
  readonly timersMayLag?: boolean;
  /** The highest stamp seen, what to tell about this member, and the controls to offer; asked for at each join alone. */
  readonly around: () => {
    readonly after: string;
    readonly facts: Facts;
    readonly controls: readonly SignedEvent[];
    readonly grant?: string | undefined;
    readonly channels?: readonly string[];
    readonly chain?: readonly string[];
  };
  /** What is stored about the relay; by default it lasts as long as the link. */
  readonly relayPins?: RelayPins;
  readonly events: LinkEvents;
}

export interface Link {
  readonly state: SessionState;
  /** Bytes handed to the connection but not sent yet; 0 without a connection. */
  readonly unsent: number;
  start(): void;
  /** Sends a frame; false when not joined. */
  send(frame: FromClient): boolean;
  sendChunk(frame: Uint8Array): boolean;
  /** Joins anew, to show what `around` gives now. */
  again(): void;
  stop(): void;
}

/** A side that has heard nothing for this long drops the connection. [LIVE-2] */
const SILENCE_MS = HEARTBEAT_MS * 2;
/**
 * Before that it asks for a sign of life: a half-open connection shows when nobody answers, unless our own bytes are still
 * on their way.
 */
const ASK_AFTER_MS = 8_000;
const ANSWER_WITHIN_MS = 8_000;
const WATCH_MS = 4_000;
/** Wall time that passed beyond the steady clock's: the machine slept (or its clock was set). */
const SLEPT_MS = 10_000;
/** A multiple of three, so that its base64url needs no padding. */
const NONCE_BYTES = 18;
const MAX_RELAY_FRAME_BYTES = 64 * 1024 * 1024;

/** What `around` gives goes out with the join, which answers the relay's welcome: at each frame of the room it would cost more than that. */
const UNASKED = { after: FIRST_STAMP, facts: {}, controls: [] } as const;

/** Creates a link; it does nothing until `start`. */
export function createLink(options: LinkOptions): Link {
  const { clock, log, identity, events, relayPins: pins = memoryRelayPins() } = options;
  let state: SessionState = { at: "idle" };
  let connection: Connection | undefined;
  let generation = 0; // events of an older connection are ignored
  let cancelTimer: Cancel = () => undefined;
  let cancelWatch: Cancel = () => undefined;
  let heardAt = 0;
  let askedAt = 0;
  /** When something was last unsent: behind a long queue, an answer takes long. */
  let busyAt = 0;

  const apply = (event: SessionEvent): void => {
    const [next, effects] = step(state, event, identity, {
      ...(state.at === "greeting" ? options.around() : UNASKED),
      chance: options.random(),
      trust: pins.known(),
      nonce: freshNonce,
    });
    const changed = next !== state;
    state = next;
    for (const effect of effects) perform(effect);
    if (changed) {
      log.info("session", {
        state: next.at,
        ...("why" in next ? { why: next.why.name, code: next.why.code, detail: next.detail } : {}),
      });
      events.state(next);
    }
  };

  const perform = (effect: Effect): void => {
    switch (effect.do) {
      case "dial":
        return dial();
      case "send":
        return connection?.send(encode(effect.frame));
      case "sign":
        return sign(effect);
      case "trust":
        log.info("relay-key", { key: effect.key, direct: effect.isDirect });
        return pins.learn({ key: effect.key, isDirect: effect.isDirect });
      case "close":
        generation += 1; // we end it, so its end is no news
        connection?.close(effect.code, effect.reason);
        connection = undefined;
        return;
      case "timer":
        cancelTimer();
        cancelTimer = clock.after(effect.ms, () => apply({ type: "timer" }));
        return;
      case "joined":
        cancelTimer();
        return events.joined(effect.welcome, effect.joined);
      case "room":
        return events.room(effect.frame);
    }
  };

  const sign = ({ text, hello }: Extract<Effect, { readonly do: "sign" }>): void => {
    const { signer } = identity;
    if ("sign" in signer) return;
    const mine = generation;
    signer.signLater(text).then(
      (sig) => mine === generation && apply({ type: "signed", hello: { ...hello, sig } }),
      (error: unknown) => log.warn("sign", { message: String(error) }), // the handshake will time out
    );
  };

  const dial = (): void => {
    const mine = (generation += 1);
    const current = (fn: () => void): void => {
      if (mine !== generation) return;
      heardAt = clock.steady();
      fn();
    };
    heardAt = clock.steady();
    connection = options.dial(options.url, {
      opened: (peer) => current(() => apply({ type: "opened", peer })),
      alive: () => current(() => undefined),
      text: (text) =>
        current(() => {
          const decoded = decodeFromRelay(text, MAX_RELAY_FRAME_BYTES);
          if (decoded.ok) apply({ type: "frame", frame: decoded.value });
          else log.warn("frame", { code: decoded.code, message: decoded.message });
        }),
      binary: (frame) =>
        current(() => {
          if (state.at === "joined") events.chunk(frame);
        }),
      closed: (code, reason) =>
        current(() => {
          connection = undefined;
          generation += 1;
          apply({ type: "closed", code, reason });
        }),
    });
  };

  const watch = (): void => {
    let wall = clock.now();
    let steady = clock.steady();
    cancelWatch = clock.every(WATCH_MS, () => {
      const slept = clock.now() - wall - (clock.steady() - steady) > SLEPT_MS;
      const stalled = options.timersMayLag !== true && clock.steady() - steady > WATCH_MS + SLEPT_MS;
      wall = clock.now();
      steady = clock.steady();
      if (slept || stalled) apply({ type: "deaf", why: "this machine slept" });
      else if (connection !== undefined) listen(connection);
    });
  };
  const listen = (to: Connection): void => {
    const now = clock.steady();
    if (to.unsent > 0) busyAt = now;
    const isAsked = askedAt > heardAt;
    const isUnanswered = isAsked && now - Math.max(askedAt, busyAt) > ANSWER_WITHIN_MS;
    // Not before asking: where timers are late, the silence may be our own. [LIVE-2]
    if (isUnanswered || (isAsked && now - heardAt > SILENCE_MS))
      return apply({ type: "deaf", why: "the relay was silent" });
    if (isAsked || now - heardAt < ASK_AFTER_MS) return;
    askedAt = now;
    to.ping();
  };

  return {
    get state() {
      return state;
    },
    get unsent() {
      return connection?.unsent ?? 0;
    },
    start() {
      cancelWatch();
      watch();
      apply({ type: "start" });
    },
    send(frame) {
      if (state.at !== "joined" || connection === undefined) return false;
      connection.send(encode(frame));
      return true;
    },
    sendChunk(frame) {
      if (state.at !== "joined" || connection === undefined) return false;
      connection.send(frame);
      return true;
    },
    again() {
      if (state.at === "joined") apply({ type: "deaf", why: "joining anew" });
    },
    stop() {
      cancelWatch();
      cancelTimer();
      apply({ type: "stop" });
    },
  };
}

function freshNonce(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
