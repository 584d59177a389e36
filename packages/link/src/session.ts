// The session with the relay as a pure function: a state and an event give the next state and the effects to run. It dials,
// says hello, joins one room, and comes back with backoff. Sockets, timers and the room's events are elsewhere.
import {
  CLOSE_CODES,
  closeCode,
  UNREACHED,
  type Challenge,
  chooseVersion,
  type CloseCode,
  type Facts,
  FIRST_STAMP,
  type FromClient,
  type FromRelay,
  type Greeting,
  type Hello,
  helloText,
  isGrantToken,
  type Joined,
  type LaterSigner,
  proofText,
  readTicket,
  type SignedEvent,
  type Signer,
  type Verifier,
  VERSIONS,
  type Welcome,
} from "@agora/protocol";
import { backoffMs } from "./backoff.ts";
import { type RelayTrust, shownKeyRefusal, welcomeRefusal } from "./relay-trust.ts";

/** Who dials what: fixed for the life of a link. */
export interface HelloIdentity {
  readonly origin: string;
  readonly room: string;
  readonly name: string;
  readonly token: string | undefined;
  readonly client: string;
  readonly signer: Signer | LaterSigner;
  /** Verifies the relay's proof, and proves the token. */
  readonly verifier: Pick<Verifier, "verify" | "hmac">;
}

/** What was said on a connection before `welcome`. */
type Said = Pick<Greeting, "hello"> & { readonly challenge: Challenge };

/** The session's state. `attempt` counts dials since the last good join. */
export type SessionState =
  | { readonly at: "idle" }
  | { readonly at: "dialling"; readonly attempt: number }
  | { readonly at: "greeting"; readonly attempt: number; readonly peer: string | undefined; readonly said?: Said }
  | { readonly at: "joining"; readonly attempt: number; readonly welcome: Welcome }
  | { readonly at: "joined"; readonly welcome: Welcome; readonly joined: Joined }
  | {
      readonly at: "waiting";
      readonly attempt: number;
      readonly ms: number;
      readonly why: CloseCode;
      readonly detail: string;
      /** Why we ended it ourselves, in our own words. */
      readonly words?: string;
    }
  | { readonly at: "refused"; readonly why: CloseCode; readonly detail: string }
  | { readonly at: "stopped" };

export type SessionEvent =
  | { readonly type: "start" }
  | { readonly type: "opened"; readonly peer?: string | undefined }
  | { readonly type: "frame"; readonly frame: FromRelay }
  /** The hello has been signed. */
  | { readonly type: "signed"; readonly hello: Hello }
  | { readonly type: "closed"; readonly code: number; readonly reason: string }
  | { readonly type: "timer" }
  /** Nothing was heard for too long, the machine slept, or it has something to show at joining. */
  | { readonly type: "deaf"; readonly why: string }
  | { readonly type: "stop" };

export type Effect =
  | { readonly do: "dial" }
  | { readonly do: "send"; readonly frame: FromClient }
  /** Signs the text; a `signed` event follows, with the signature in the hello. */
  | { readonly do: "sign"; readonly text: string; readonly hello: Hello }
  /** The relay proved this key at an address that had none stored: it is trusted from now on. */
  | { readonly do: "trust"; readonly key: string; readonly isDirect: boolean }
  | { readonly do: "close"; readonly code: number; readonly reason: string }
  /** Sends a `timer` event in `ms`; replaces an earlier one. */
  | { readonly do: "timer"; readonly ms: number }
  | { readonly do: "joined"; readonly welcome: Welcome; readonly joined: Joined }
  /** A frame of the room, for the owner of the link. */
  | { readonly do: "room"; readonly frame: FromRelay };

/** What changes from call to call: what was seen in the room, what to tell about this member, and chance. */
export interface SessionContext {
  readonly after: string;
  readonly facts: Facts;
  readonly controls: readonly SignedEvent[];
  /** The channels this member is in. [CHANNEL-2] */
  readonly channels?: readonly string[];
  /** Statements that say whose key this member has. [KEYCHAIN-8] */
  readonly chain?: readonly string[];
  /** An operator's grant to show besides the token. */
  readonly grant?: string | undefined;
  readonly chance: number;
  /** What is stored about the relay at this origin. */
  readonly trust: RelayTrust;
  /** A value never used before, at least 128 random bits. */
  readonly nonce: () => string;
}

const TOO_OLD =
  "This relay is older than invites that name nobody: ask for an invite for your name, or have the relay updated.";

/** From the dial to the end of the handshake, milliseconds. */
export const HANDSHAKE_MS = 15_000;

type Step = readonly [SessionState, readonly Effect[]];

/** The next state and the effects; every event is legal in every state. */
export function step(state: SessionState, event: SessionEvent, identity: HelloIdentity, around: SessionContext): Step {
  switch (event.type) {
    case "start":
      return state.at === "idle" || state.at === "stopped" || state.at === "refused" ? dial(1) : [state, []];
    case "stop":
      return [
        { at: "stopped" },
        hasSocket(state) ? [{ do: "close", code: CLOSE_CODES.normal.code, reason: "stop" }] : [],
      ];
    case "opened":
      return state.at === "dialling" ? [{ at: "greeting", attempt: state.attempt, peer: event.peer }, []] : [state, []];
    case "closed":
      return hasSocket(state) ? ended(state, endOf(state, event.code), event.reason, around) : [state, []];
    case "deaf":
      return hasSocket(state) ? lost(state, event.why, around) : [state, []];
    case "timer":
      if (state.at === "waiting") return dial(state.attempt + 1);
      return hasSocket(state) && state.at !== "joined" ? lost(state, "no answer in time", around) : [state, []];
    case "signed":
      return [state, state.at === "greeting" ? [{ do: "send", frame: event.hello }] : []];
    case "frame":
      return hear(state, event.frame, identity, around);
  }
}

function hasSocket(
  state: SessionState,
): state is Extract<SessionState, { at: "dialling" | "greeting" | "joining" | "joined" }> {
  return state.at === "dialling" || state.at === "greeting" || state.at === "joining" || state.at === "joined";
}

function attemptOf(state: SessionState): number {
  return "attempt" in state ? state.attempt : 1;
}

function dial(attempt: number): Step {
  return [{ at: "dialling", attempt }, [{ do: "dial" }, { do: "timer", ms: HANDSHAKE_MS }]];
}

const LOST = 1006;

/** A connection that never opened wasn't lost. */
function endOf(state: SessionState, code: number): CloseCode {
  return state.at === "dialling" && code === LOST ? UNREACHED : closeCode(code);
}

/** The connection ended: the row of its code says whether to come back. */
function ended(state: SessionState, why: CloseCode, detail: string, around: SessionContext): Step {
  if (why.retry === "never") return [{ at: "refused", why, detail }, []];
  const attempt = attemptOf(state);
  const ms = backoffMs(attempt, why.retry, around.chance);
  return [{ at: "waiting", attempt, ms, why, detail }, [{ do: "timer", ms }]];
}

/** Ends a connection that is no longer of any use, and comes back. */
function lost(state: SessionState, detail: string, around: SessionContext): Step {
  const [next, effects] = ended(state, endOf(state, LOST), detail, around);
  return [next, [{ do: "close", code: CLOSE_CODES.goingAway.code, reason: detail }, ...effects]];
}

function hear(state: SessionState, frame: FromRelay, identity: HelloIdentity, around: SessionContext): Step {
  switch (frame.type) {
    case "challenge": {
      if (state.at !== "greeting" || state.said !== undefined) return [state, []];
      if (chooseVersion(frame.v) === undefined) {
        return [
          { at: "refused", why: CLOSE_CODES.version, detail: "" },
          [{ do: "close", code: CLOSE_CODES.version.code, reason: "version" }],
        ];
      }
      const refusal = shownKeyRefusal(identity.origin, around.trust, frame.key);
      if (refusal !== undefined) return distrust(state.attempt, refusal, around);
      const [said, effect] = hello(identity, frame, around.nonce());
      return [{ ...state, said: { challenge: frame, hello: said } }, [effect]];
    }
    case "welcome": {
      if (state.at !== "greeting" || state.said === undefined) return [state, []];
      const greeting: Greeting = { ...state.said, welcome: frame };
      const shown = state.said.challenge.key;
      const isDirect = state.peer !== undefined && frame.at === state.peer;
      const refusal = welcomeRefusal(identity, around.trust, { greeting, shown, sig: frame.sig, isDirect });
      if (refusal !== undefined) return distrust(state.attempt, refusal, around);
      if (identity.token !== undefined && readTicket(identity.token) !== undefined && !hasLobby(frame)) return tooOld();
      const isNew = shown !== undefined && (around.trust.key !== shown || around.trust.isDirect === undefined);
      return [
        { at: "joining", attempt: state.attempt, welcome: frame },
        [
          ...(isNew ? [{ do: "trust", key: shown, isDirect } as const] : []),
          { do: "send", frame: join(identity, around, shown === undefined ? undefined : greeting) },
        ],
      ];
    }
    case "joined":
      if (state.at !== "joining" || frame.room !== identity.room) return [state, []];
      return [
        { at: "joined", welcome: state.welcome, joined: frame },
        [{ do: "joined", welcome: state.welcome, joined: frame }],
      ];
    case "refused":
      // The relay didn't accept what we said of ourselves: without this, both sides would wait for each other. [JOIN-9]
      if (state.at === "joining" && frame.id === undefined && (frame.room ?? identity.room) === identity.room)
        return lost(state, frame.message, around);
      return ofRoom(state, frame, identity);
    case "stamped":
    case "event":
    case "receipts":
    case "presence":
    case "file":
    case "heal":
    case "knock":
      return ofRoom(state, frame, identity);
  }
}

type RoomFrame = Exclude<FromRelay, { readonly type: "challenge" | "welcome" | "joined" }>;

/** Other rooms are none of our business; a refusal may be about no room. [EVENT-7] */
function ofRoom(state: SessionState, frame: RoomFrame, identity: HelloIdentity): Step {
  return state.at === "joined" && (frame.room ?? identity.room) === identity.room
    ? [state, [{ do: "room", frame }]]
    : [state, []];
}

function hasLobby({ features = [] }: Welcome): boolean {
  return features.includes("lobby");
}

/** A relay of before has no lobby, and would only say that it does not understand the grant. */
function tooOld(): Step {
  const why = { ...CLOSE_CODES.badToken, sentence: TOO_OLD };
  return [{ at: "refused", why, detail: "" }, [{ do: "close", code: CLOSE_CODES.normal.code, reason: "no lobby" }]];
}

/** Another program runs where the relay was, or the relay has another key: try again later. [PROOF-3] */
function distrust(attempt: number, words: string, around: SessionContext): Step {
  const why = CLOSE_CODES.unproven;
  const ms = backoffMs(attempt, "later", around.chance);
  return [
    { at: "waiting", attempt, ms, why, detail: "", words },
    [
      { do: "close", code: why.code, reason: why.name },
      { do: "timer", ms },
    ],
  ];
}

function hello({ signer, ...identity }: HelloIdentity, { nonce }: Challenge, ours: string): [Said["hello"], Effect] {
  const unsigned = { v: [...VERSIONS], name: identity.name, key: signer.key, origin: identity.origin };
  const text = helloText(unsigned, nonce);
  const frame: Hello = { type: "hello", ...unsigned, sig: "", client: identity.client, nonce: ours };
  const effect: Effect =
    "sign" in signer ? { do: "send", frame: { ...frame, sig: signer.sign(text) } } : { do: "sign", text, hello: frame };
  return [{ ...unsigned, nonce: ours }, effect];
}

/** `greeting`: set for a relay that has proved its key; it gets a proof of the token, not the token itself. */
function join(
  { room, token, verifier }: HelloIdentity,
  around: SessionContext,
  greeting: Greeting | undefined,
): FromClient {
  const ticket = token === undefined ? undefined : readTicket(token);
  // Who is not let in tells nothing of itself. [LOBBY-2]
  if (ticket !== undefined) return { type: "join", room, token: ticket.grant, knock: true };
  // A grant is shown as it is: checking it takes its signature. [PROOF-4]
  const isProven = token !== undefined && greeting !== undefined && !isGrantToken(token);
  return {
    type: "join",
    room,
    ...(token === undefined ? {} : isProven ? { proof: verifier.hmac(token, proofText(room, greeting)) } : { token }),
    ...(around.grant === undefined ? {} : { grant: around.grant }),
    // A member that never saw anything of the room asks nothing of the ring: its past comes by healing, as much as is
    // allowed.
    ...(around.after === FIRST_STAMP ? {} : { after: around.after }),
    facts: around.facts,
    controls: [...around.controls],
    ...(around.channels === undefined || around.channels.length === 0 ? {} : { channels: [...around.channels] }),
    ...(around.chain === undefined || around.chain.length === 0 ? {} : { chain: [...around.chain] }),
  };
}
