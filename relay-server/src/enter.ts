// Entering a room under a name already claimed: final checks, then the room as it is, and what was missed.
import { CLOSE_CODES, compareStamps } from "@agora/protocol";
import type { Admission } from "./admission.ts";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import { eventText, textFrame } from "./frame.ts";
import type { Entitlement } from "./grants.ts";
import { isAuthorsOther, maySee } from "./may-see.ts";
import { channelsOf, type Member, roleOf } from "./member.ts";
import type { HeldName } from "./name-keeper.ts";
import { answered } from "./ports/answer.ts";
import type { Past, StampedEvent } from "./ports/event-log.ts";
import type { Room } from "./room.ts";
import { junior } from "./seniority.ts";
import { endedIn, keysIn, type ShownChain } from "./shown-chain.ts";

/** The result of entering: `closed` means the room or the connection was closed meanwhile. */
export type Entered = "entered" | "closed" | "busy" | "banned" | "roomFull" | "badToken";

/** Lets a member into a room. If it doesn't enter, the caller releases the name. */
export async function enter(
  relay: RelayContext,
  from: Connection,
  room: Room,
  held: HeldName,
  admission: Admission,
): Promise<Entered> {
  const arrival = room.awaitArrival();
  const past = await answered(relay.ports.events.read(room.name, admission.frame.after), relay.clock);
  const meanwhile = arrival.end();
  // The rest happens in one turn, so that nothing is passed on between what it is told and its being here.
  if (!from.isOpen || relay.rooms.get(room.name) !== room) return "closed";
  if (!past.ok || meanwhile === undefined) return "busy";
  const { entitlement } = admission;
  if (room.controls.isBanned(held.name, held.key, entitlement.jti)) return "banned"; // [CONTROL-6]
  if (room.controls.isRevoked(entitlement.ids)) return "badToken"; // [GRANT-10]
  if (!makePlace(relay, room, held.key, entitlement)) return "roomFull";
  welcomeIn(relay, newMember(relay, from, room, held, admission), past.value, meanwhile);
  return "entered";
}

/** How long a key has been known here; holders of a grant by the room's owner rank before everybody with a token. */
export function rankOf(relay: RelayContext, key: string, { jti }: Entitlement): number {
  return jti === undefined ? relay.seniority.rank(key) : -1;
}

/** Keys that were here before rank before later ones, which may have come to lock others out. [JOIN-7] */
function makePlace(relay: RelayContext, room: Room, key: string, entitlement: Entitlement): boolean {
  if (room.members.size < relay.config.limits.members) return true;
  const rank = rankOf(relay, key, entitlement);
  const last = junior(room.members.values(), (member) => rankOf(relay, member.key, member.entitlement), rank);
  if (last === undefined) return false;
  relay.log.info("gave its place", { room: room.name, name: last.name });
  last.connection.close(CLOSE_CODES.roomFull);
  return true;
}

function newMember(
  relay: RelayContext,
  from: Connection,
  room: Room,
  held: HeldName,
  { frame, entitlement, operator, shown }: Admission,
): Member {
  return {
    name: held.name,
    key: held.key,
    room,
    connection: from,
    entitlement,
    held,
    operator: room.controls.isRevoked(operator?.ids) ? undefined : operator,
    since: relay.clock.now(),
    facts: frame.facts,
    shown,
    kin: kinOf(relay, room, held, shown),
    channels: channelsOf(frame.channels),
    awaited: undefined,
  };
}

const NO_KIN: ReadonlySet<string> = new Set();

function kinOf(relay: RelayContext, room: Room, { name, key }: HeldName, shown: ShownChain): ReadonlySet<string> {
  if (shown.root === undefined) return NO_KIN;
  room.persons.ends(name, shown.root, endedIn(shown));
  return room.persons.meet(name, shown.root, [...keysIn(shown, name, relay.verifier), key]);
}

function welcomeIn(relay: RelayContext, member: Member, past: Past, meanwhile: readonly StampedEvent[]): void {
  const { name, key, room, connection, entitlement } = member;
  const isKnown = relay.seniority.knows(key);
  relay.seniority.see(key);
  const missed = past.events.filter((stamped) => isMissedBy(stamped, member));
  const bytes = missed.reduce((sum, { event }) => sum + event.text.length, 0);
  const isTooMuch = bytes > 0 && !relay.joinRate.mayCatchUp(key, bytes, isKnown); // [JOIN-1]
  room.enter(member, past.last);
  connection.joined(member);
  connection.send({
    type: "joined",
    room: room.name,
    name,
    grant: roleOf(member),
    ...(entitlement.grantToken === undefined ? {} : { grantToken: entitlement.grantToken }),
    stamp: past.last,
    gap: isTooMuch || past.gap,
    members: room.lines(),
    controls: room.controls.list(),
  });
  if (!isTooMuch) for (const stamped of missed) sendTo(relay, member, stamped, true);
  for (const stamped of meanwhile)
    if (compareStamps(stamped.stamp, past.last) > 0 && isMissedBy(stamped, member))
      sendTo(relay, member, stamped, false);
  relay.log.info("joined", { room: room.name, name, grant: roleOf(member), members: room.members.size });
}

// An author knows its own events; it learns their stamps by posting them again. [JOIN-6]
function isMissedBy({ event }: StampedEvent, member: Member): boolean {
  if (event.author === member.name && event.key === member.key) return false;
  return maySee(event, member) || (event.channel === undefined && isAuthorsOther(event, member)); // [DEVICE-4]
}

function sendTo(relay: RelayContext, member: Member, stamped: StampedEvent, isLate: boolean): void {
  member.connection.writer.send(textFrame(eventText(member.room.name, stamped, isLate)));
  relay.counts.framesOut.add("event");
}
