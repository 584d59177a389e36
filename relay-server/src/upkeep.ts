// What a relay does at each heartbeat: pings, claims, grants, rooms that nobody needs.
import { CLOSE_CODES } from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import type { Member } from "./member.ts";

/** Does all that is due at a heartbeat. [LIVE-1] */
export function beat(relay: RelayContext, connections: Iterable<Connection>): void {
  for (const connection of connections) connection.heartbeat();
  for (const room of relay.rooms.all()) for (const member of room.members.values()) renew(relay, member);
  closeWithoutGrant(relay);
  relay.rooms.sweep();
}

/** Renews a member's claim on its name; who may lose it before the next heartbeat goes before that. [JOIN-4] [BUSY-4] */
function renew(relay: RelayContext, { held, key, connection, name, room }: Member): void {
  relay.names.renew(held, {
    lost: (to) => connection.close(to.key === key ? CLOSE_CODES.replaced : CLOSE_CODES.nameTaken),
    runningOut(why) {
      relay.log.warn("names failed", { room: room.name, name, why });
      connection.close(CLOSE_CODES.busy);
    },
  });
}

/** Closes the members whose grant has expired or was revoked. [GRANT-4] */
export function closeWithoutGrant(relay: RelayContext): void {
  for (const room of relay.rooms.all()) {
    for (const member of room.members.values()) {
      if (member.operator !== undefined && !relay.grants.holds(member.operator)) {
        member.operator = undefined; // it stays as what it came in with
        room.changed(member);
      }
      if (relay.grants.holds(member.entitlement)) continue;
      relay.log.info("grant ended", { room: room.name, name: member.name });
      member.connection.close(CLOSE_CODES.badToken, "The grant has expired or was revoked.");
    }
  }
}
