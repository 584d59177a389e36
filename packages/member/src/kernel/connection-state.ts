// Where the session with the relay stands, in the words of the ipc and in a sentence for people.
import type { ConnectionState } from "@agora/ipc";
import type { SessionState } from "@agora/link";
import { type CloseCode, closeWords } from "@agora/protocol";

/**
 * The connection as surfaces show it.
 *
 * @param better a sentence that says more than the one of a close code
 */
export function connectionOf(
  state: SessionState,
  base: Pick<ConnectionState, "relay" | "room" | "name">,
  better: (why: CloseCode) => string | undefined,
): ConnectionState {
  switch (state.at) {
    case "joined":
      return { state: "joined", ...base };
    case "refused":
      return { state: "refused", ...base, reason: connectionWords(state) };
    case "waiting":
      return {
        state: "connecting",
        ...base,
        reason: better(state.why) ?? connectionWords(state),
        retryInMs: state.ms,
      };
    case "stopped":
      return { state: "stopped", ...base };
    case "idle":
    case "dialling":
    case "greeting":
    case "joining":
      return { state: "connecting", ...base };
  }
}

/** Why there is no connection, in words. */
export function connectionWords(state: SessionState): string {
  switch (state.at) {
    case "refused":
      return state.why.sentence;
    case "waiting":
      return state.words ?? closeWords(state.why, state.detail);
    case "stopped":
      return "the daemon left the room";
    default:
      return "the relay is not reached yet";
  }
}
