// One session with one room of one relay.
export { backoffMs } from "./backoff.ts";
export { createLink, type Link, type LinkEvents, type LinkOptions } from "./link.ts";
export { memoryRelayPins, type RelayPins, type RelayTrust, shownKeyRefusal, welcomeRefusal } from "./relay-trust.ts";
export { createPace, type Pace } from "./pace.ts";
export {
  type Effect,
  HANDSHAKE_MS,
  type HelloIdentity,
  type SessionEvent,
  type SessionState,
  step,
  type SessionContext,
} from "./session.ts";
