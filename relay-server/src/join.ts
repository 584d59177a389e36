// Joining a room: entitlement, bans, name, place; then the room as it is, and what was missed.
import {
  CLOSE_CODES,
  type CloseCode,
  type ErrorCode,
  HEARTBEAT_MS,
  type Join,
  REPLACE_PING_MS,
  type SignedEvent,
} from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import { checkControl } from "./control-check.ts";
import { textFrame } from "./frame.ts";
import type { Entitlement } from "./grants.ts";
import { maySee, type StampedEvent } from "./ring.ts";
import { junior } from "./seniority.ts";
import { channelsOf, eventText, type Member, type Room, roleOf } from "./room.ts";

/** How long a name stays claimed without being renewed: it is renewed at every heartbeat. */
export const CLAIM_TTL_MS = 3 * HEARTBEAT_MS;

interface Refusal {
  readonly close: CloseCode;
  readonly code: ErrorCode;
}

const REFUSALS = {
  badToken: { close: CLOSE_CODES.badToken, code: "bad-token" },
  banned: { close: CLOSE_CODES.banned, code: "forbidden" },
  nameTaken: { close: CLOSE_CODES.nameTaken, code: "name-taken" },
  roomFull: { close: CLOSE_CODES.roomFull, code: "room-full" },
  unknownRoom: { close: CLOSE_CODES.unknownRoom, code: "unknown-room" },
  tooManyRooms: { close: CLOSE_CODES.tooManyRooms, code: "too-many-rooms" },
} as const satisfies Record<string, Refusal>;

/** Handles a `join`; undefined when it was done at once. [JOIN-1] */
export async function join(relay: RelayContext, from: Connection, frame: Join): Promise<void> {
  const { room: roomName } = frame;
  const { name, key } = from.identity!;
  const refuse = (refusal: Refusal, sentence?: string): void => refuseJoin(relay, from, roomName, refusal, sentence);
  if (from.member(roomName) !== undefined) {
    return from.refuse("forbidden", "This connection is in the room already.", { room: roomName });
  }
  const wait = relay.joinRate.take(key);
  if (wait > 0) return refuseHaste(relay, from, roomName, wait);
  if (!relay.grants.serves(roomName)) return refuse(REFUSALS.unknownRoom);
  const admitted = await relay.grants.admit(
    roomName,
    { token: frame.token, proof: frame.proof, greeting: from.greeting },
    name,
    key,
  );
  if (!admitted.ok) return refuse(REFUSALS.badToken, admitted.message);
  const operator =
    frame.grant === undefined ? undefined : await relay.grants.operator(roomName, frame.grant, name, key);
  const rank = rankOf(relay, key, admitted.value);
  const opener = { key, address: from.address, rank };
  const opened = relay.rooms.open(roomName, opener);
  if (opened === undefined) return refuse(REFUSALS.tooManyRooms);
  await adoptOffered(relay, opened, frame.controls ?? []);
  for (;;) {
    const holder = await relay.store.claim(roomName, name, key, CLAIM_TTL_MS); // [JOIN-4]
    if (holder !== key) return refuse(REFUSALS.nameTaken);
    // While this waited, the room may have been closed as empty and another one opened.
    const room = relay.rooms.open(roomName, opener);
    const older = room?.members.get(name);
    if (older === undefined) {
      const refusal = entering(relay, from, room, admitted.value);
      if (refusal === undefined && room !== undefined) return enter(relay, from, room, admitted.value, operator, frame);
      relay.store.release(roomName, name, key);
      return refusal === undefined ? undefined : refuse(refusal);
    }
    // Only one that is dead gives its place to a newer one of the same key. [JOIN-5]
    if (older.key !== key || (await older.connection.probe(REPLACE_PING_MS))) return refuse(REFUSALS.nameTaken);
    if (room?.members.get(name) === older) older.connection.close(CLOSE_CODES.replaced);
  }
}

/** What hinders one whose name is free from entering. */
function entering(
  relay: RelayContext,
  from: Connection,
  room: Room | undefined,
  entitlement: Entitlement,
): Refusal | undefined {
  if (room === undefined) return REFUSALS.tooManyRooms;
  const { name, key } = from.identity!;
  if (room.controls.isBanned(name, key, entitlement.jti)) return REFUSALS.banned; // [CONTROL-6]
  if (room.members.size < relay.config.limits.members) return undefined;
  // Who was here before goes before who came later, who may have come to lock others out. [JOIN-7]
  const rank = rankOf(relay, key, entitlement);
  const last = junior(room.members.values(), (member) => rankOf(relay, member.key, member.entitlement), rank);
  if (last === undefined) return REFUSALS.roomFull;
  relay.log.info("gave its place", { room: room.name, name: last.name });
  last.connection.close(CLOSE_CODES.roomFull);
  return undefined;
}

/** How long a key is known here; whoever has a grant of the room's owner goes before all that have a token. */
function rankOf(relay: RelayContext, key: string, { jti }: Entitlement): number {
  return jti === undefined ? relay.seniority.rank(key) : -1;
}

function enter(
  relay: RelayContext,
  from: Connection,
  room: Room,
  entitlement: Entitlement,
  operator: Entitlement | undefined,
  frame: Join,
): void {
  const { name, key } = from.identity!;
  if (!from.isOpen) return relay.store.release(room.name, name, key);
  const since = relay.clock.now();
  const channels = channelsOf(frame.channels);
  const member: Member = {
    name,
    key,
    room,
    connection: from,
    entitlement,
    operator,
    since,
    facts: frame.facts,
    channels,
  };
  const isKnown = relay.seniority.knows(key);
  relay.seniority.see(key);
  relay.store.read(room.name, frame.after, ({ last, gap: isGap, events: all }) => {
    const missed = all.filter((stamped) => isMissedBy(stamped, member));
    const bytes = missed.reduce((sum, { event }) => sum + event.text.length, 0);
    const isTooMuch = bytes > 0 && !relay.joinRate.mayCatchUp(key, bytes, isKnown);
    const [gap, events] = isTooMuch ? [true, []] : [isGap, missed]; // [JOIN-1]
    room.enter(member);
    from.joined(member);
    from.send({
      type: "joined",
      room: room.name,
      name,
      grant: roleOf(member),
      ...(entitlement.grantToken === undefined ? {} : { grantToken: entitlement.grantToken }),
      stamp: last,
      gap,
      members: room.lines(),
      controls: room.controls.list(),
    });
    for (const stamped of events) sendLate(relay, member, stamped);
  });
  relay.log.info("joined", { room: room.name, name, grant: roleOf(member), members: room.members.size });
}

// An author knows its own events; their stamps it learns by posting them again. [JOIN-6]
function isMissedBy({ event }: StampedEvent, member: Member): boolean {
  return !(event.author === member.name && event.key === member.key) && maySee(event, member);
}

function sendLate(relay: RelayContext, member: Member, stamped: StampedEvent): void {
  member.connection.writer.send(textFrame(eventText(member.room.name, stamped, true)));
  relay.counts.framesOut.add("event");
}

/** Adopts the controls a newcomer knows of; those that do not hold are passed over. [CONTROL-4] */
async function adoptOffered(relay: RelayContext, room: Room, offered: readonly SignedEvent[]): Promise<void> {
  for (const signed of offered) {
    if (room.controls.has(signed)) continue;
    const checked = await checkControl(relay, room.name, signed);
    if (checked.ok && room.controls.adopt(checked.value)) relay.log.info("control adopted", { room: room.name });
  }
}

function refuseHaste(relay: RelayContext, from: Connection, room: string, retryAfterMs: number): void {
  if (from.roomCount > 0)
    return from.refuse("rate", `Too many joins: try again in ${retryAfterMs} ms.`, { room, retryAfterMs });
  relay.counts.refused.add("rate");
  from.close(CLOSE_CODES.flooding);
}

// A connection that is in another room keeps it: only the join is refused then. [JOIN-9]
function refuseJoin(relay: RelayContext, from: Connection, room: string, refusal: Refusal, sentence?: string): void {
  relay.log.info("join refused", { room, name: from.identity?.name, code: refusal.code });
  if (from.roomCount > 0) return from.refuse(refusal.code, sentence ?? refusal.close.sentence, { room });
  relay.counts.refused.add(refusal.code);
  from.close(refusal.close, sentence);
}
