// A client's session at a member's daemon, which nobody reads.
import type { Session } from "@agora/ipc";

/** Makes a session that lasts. */
export function quietSession(id: string): Session {
  return { id, closed: false, push: () => undefined, onClose: () => () => undefined };
}
