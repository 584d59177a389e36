// Waiting until a member is in its room, or can't be.
import type { ConnectionState, Results, Session } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import type { Room } from "../room.ts";

/** Resolves when joined or refused for good, or with the reason why not yet when the time is over. */
export function ready(
  room: Room,
  timeoutMs: number,
  session: Session,
): Promise<Result<Results["ready"], "refused" | "timeout">> {
  const settled = (): Result<Results["ready"], "refused" | "timeout"> | undefined => {
    const now: ConnectionState = room.connection();
    if (now.state === "joined")
      return ok({
        name: room.me,
        room: room.room,
        relay: room.relay,
        mode: room.inbox.limits().mode,
        online: room.members.online(),
        ...relayKeyOf(room),
      });
    if (now.state === "refused") return fail("refused", now.reason ?? "The relay refused us.");
    return isDefinite(now) ? fail("refused", now.reason ?? "The relay refused us.") : undefined;
  };
  const first = settled();
  if (first !== undefined) return Promise.resolve(first);
  return new Promise((resolve) => {
    const finish = (result: Result<Results["ready"], "refused" | "timeout">): void => {
      off();
      cancel();
      resolve(result);
    };
    const off = room.on.connection(() => {
      const result = settled();
      if (result !== undefined) finish(result);
    });
    const cancel = room.clock.after(timeoutMs, () =>
      finish(
        fail(
          "timeout",
          `Not joined yet, and going on trying: ${room.connection().reason ?? "the relay does not answer."}`,
        ),
      ),
    );
    session.onClose(() => finish(fail("timeout", "The asker went away.")));
  });
}

/** Name taken, room full: the link comes back later, but a person who starts wants to know now. */
function relayKeyOf(room: Room): Pick<Results["ready"], "relayKey"> {
  const relayKey = room.relayKey();
  return relayKey === undefined ? {} : { relayKey };
}

function isDefinite(now: ConnectionState): boolean {
  return now.state === "connecting" && now.retryInMs !== undefined && now.retryInMs >= 15_000;
}
