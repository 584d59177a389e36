// Why a client may not enter a room, and how it is told.
import { CLOSE_CODES, type CloseCode, type ErrorCode } from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";

/** A reason: the code for a client that is in another room, the close code for one that is in none. */
export interface JoinRefusal {
  readonly close: CloseCode;
  readonly code: ErrorCode;
}

/** All reasons except too many joins. */
export const JOIN_REFUSALS = {
  badToken: { close: CLOSE_CODES.badToken, code: "bad-token" },
  banned: { close: CLOSE_CODES.banned, code: "forbidden" },
  busy: { close: CLOSE_CODES.busy, code: "busy" },
  nameTaken: { close: CLOSE_CODES.nameTaken, code: "name-taken" },
  roomFull: { close: CLOSE_CODES.roomFull, code: "room-full" },
  unknownRoom: { close: CLOSE_CODES.unknownRoom, code: "unknown-room" },
  tooManyRooms: { close: CLOSE_CODES.tooManyRooms, code: "too-many-rooms" },
} as const satisfies Record<string, JoinRefusal>;

/** Refuses a join. A connection that is in another room stays open: then only the join is refused. [JOIN-9] */
export function refuseJoin(
  relay: RelayContext,
  from: Connection,
  room: string,
  refusal: JoinRefusal,
  sentence?: string,
): void {
  relay.log.info("join refused", { room, name: from.identity?.name, code: refusal.code });
  if (from.roomCount > 0) return from.refuse(refusal.code, sentence ?? refusal.close.sentence, { room });
  relay.counts.refused.add(refusal.code);
  from.close(refusal.close, sentence);
}

/** Refuses one join too many: the key should wait this many milliseconds. [FLOOD-2] */
export function refuseHaste(relay: RelayContext, from: Connection, room: string, retryAfterMs: number): void {
  if (from.roomCount > 0)
    return from.refuse("rate", `Too many joins: try again in ${retryAfterMs} ms.`, { room, retryAfterMs });
  relay.counts.refused.add("rate");
  from.close(CLOSE_CODES.flooding);
}
