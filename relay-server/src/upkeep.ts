// What a relay does at each heartbeat: pings, claims, grants, unused rooms.
import { CLOSE_CODES } from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import type { Entitlement } from "./grants.ts";
import type { Member } from "./member.ts";
import type { Room } from "./room.ts";

/** Does everything due at a heartbeat. [LIVE-1] */
export function beat(relay: RelayContext, connections: Iterable<Connection>): void {
  for (const connection of connections) connection.heartbeat();
  for (const room of relay.rooms.all()) for (const member of room.members.values()) renew(relay, member);
  closeWithoutGrant(relay);
  relay.rooms.sweep();
}

/**
 * Renews a member's claim on its name; a member that may lose it before the next heartbeat is disconnected before that.
 * [JOIN-4] [BUSY-4]
 */
function renew(relay: RelayContext, { held, key, connection, name, room }: Member): void {
  relay.names.renew(held, {
    lost: (to) => connection.close(to.key === key ? CLOSE_CODES.replaced : CLOSE_CODES.nameTaken),
    runningOut(why) {
      relay.log.warn("names failed", { room: room.name, name, why });
      connection.close(CLOSE_CODES.busy);
    },
  });
}

/** Disconnects members whose grant has expired or was revoked. [GRANT-4] */
export function closeWithoutGrant(relay: RelayContext): void {
  for (const room of relay.rooms.all()) closeWithoutGrantIn(relay, room);
}

/** The same in one room, where an operator may have taken grants back. [GRANT-10] */
export function closeWithoutGrantIn(relay: RelayContext, room: Room): void {
  const holds = (one: Pick<Entitlement, "ids" | "expiresS">): boolean =>
    relay.grants.holds(one) && !room.controls.isRevoked(one.ids);
  for (const { connection, grant } of [...room.lobby.all()])
    if (!holds({ ids: grant.ids, expiresS: grant.exp }))
      connection.close(CLOSE_CODES.badToken, "The invite has expired or was revoked.");
  for (const member of room.members.values()) {
    if (member.operator !== undefined && !holds(member.operator)) {
      member.operator = undefined; // it stays in the role it entered with
      room.changed(member);
    }
    if (holds(member.entitlement)) continue;
    relay.log.info("grant ended", { room: room.name, name: member.name });
    member.connection.close(CLOSE_CODES.badToken, "The grant has expired or was revoked.");
  }
}
