// The lobby of a room: who asks to be let in, and is no member. It holds no name, hears nothing of the room but whether the
// member who decides is here, and may say very little. What is said there is never stamped nor kept.
import {
  CLOSE_CODES,
  FIRST_STAMP,
  isLobbyToken,
  type Join,
  type Knock,
  KNOCK_KINDS,
  MAX_KNOCK_BYTES,
  MAX_KNOCKS,
  type OpenLobbyGrant,
  type Presence,
  readHead,
} from "@agora/protocol";
import { hasteOf } from "./brakes.ts";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import { textFrame } from "./frame.ts";
import type { Member } from "./member.ts";
import { whenAnswered } from "./ports/answer.ts";
import { JOIN_REFUSALS, refuseJoin } from "./refuse-join.ts";
import type { Room } from "./room.ts";

/** Places in the lobby of one room, and for one invite. [LOBBY-5] */
const MAX_GUESTS = 64;
const MAX_GUESTS_OF_INVITE = 8;

const REVOKED = "The invite was taken back.";
const NO_MAKER = "The device that made this link is not in the room: make one where you are.";

/** Whether this member made a link for its person's other device, and may speak. */
function isMaker(member: Member, { by }: OpenLobbyGrant): boolean {
  return member.key === by.key && member.entitlement.role !== "observer";
}

/** Why nobody may knock by a link for a device whose maker is not in the room; undefined when one may. [LOBBY-8] */
export function lacksMaker(room: Room | undefined, grant: OpenLobbyGrant): string | undefined {
  const isLacking =
    grant.gives === "device" && room?.members.of(grant.by.name).some((one) => isMaker(one, grant)) !== true;
  return isLacking ? NO_MAKER : undefined;
}

/** Whether two grants have their places in common: one invite's, or the links that one member made for devices. [LOBBY-5] */
function sharePlaces(a: OpenLobbyGrant, b: OpenLobbyGrant): boolean {
  return a.gives === "device" && b.gives === "device" ? a.by.key === b.by.key : a.jti === b.jti;
}

/** Somebody in the lobby. */
export interface Guest {
  readonly name: string;
  readonly key: string;
  readonly room: Room;
  readonly connection: Connection;
  readonly grant: OpenLobbyGrant;
  /** How often it has spoken. */
  knocks: number;
}

/** Everybody in the lobby of one room. */
export class Lobby {
  readonly #guests = new Set<Guest>();

  get size(): number {
    return this.#guests.size;
  }

  all(): Iterable<Guest> {
    return this.#guests;
  }

  /** Takes somebody in; false when there is no place. */
  enter(guest: Guest): boolean {
    const same = [...this.#guests].filter(({ grant }) => sharePlaces(grant, guest.grant));
    // Who came again with the same key gives its older place to itself.
    for (const older of same) if (older.key === guest.key) older.connection.leaveLobby(older);
    if (this.#guests.size >= MAX_GUESTS || same.filter(({ key }) => key !== guest.key).length >= MAX_GUESTS_OF_INVITE)
      return false;
    this.#guests.add(guest);
    return true;
  }

  leave(guest: Guest): void {
    this.#guests.delete(guest);
  }

  /** Those in the lobby under this name and key. */
  find(name: string, key: string | undefined): readonly Guest[] {
    return [...this.#guests].filter((guest) => guest.name === name && guest.key === key);
  }

  /** Tells each whether the one who decides about it is here, of all these lines. [LOBBY-2] */
  tell(lines: readonly Presence[]): void {
    for (const guest of [...this.#guests]) {
      const members = linesFor(guest, lines);
      if (guest.grant.gives === "device" && members.some(({ online }) => !online))
        guest.connection.close(CLOSE_CODES.badToken, NO_MAKER);
      else if (members.length > 0) guest.connection.send({ type: "presence", room: guest.room.name, members });
    }
  }
}

/** What of these lines somebody in the lobby is told: whether the one who decides is here, and nothing of what it does. */
function linesFor({ grant }: Pick<Guest, "grant">, lines: readonly Presence[]): Presence[] {
  const { name, key } = grant.by;
  return lines.flatMap((line) => {
    if (line.name !== name) return [];
    // Its own time, of several devices: who came back at once is seen to have been away.
    const device = line.devices?.find((one) => one.key === key);
    const isHere = line.key === key || device !== undefined;
    return [{ name, key, online: line.online && isHere, since: device?.since ?? line.since }];
  });
}

/** Handles a `join` that knocks. [LOBBY-2] */
export function enterLobby(relay: RelayContext, from: Connection, room: Room, grant: OpenLobbyGrant): void {
  const { name, key } = from.identity!;
  if (!from.isOpen) return;
  if (room.controls.isRevoked(grant.ids)) return refuseJoin(relay, from, room.name, JOIN_REFUSALS.badToken, REVOKED);
  const lacking = lacksMaker(room, grant); // it may have left while the room was opened
  if (lacking !== undefined) return refuseJoin(relay, from, room.name, JOIN_REFUSALS.badToken, lacking);
  if (room.controls.isBanned(name, key, grant.jti)) return refuseJoin(relay, from, room.name, JOIN_REFUSALS.banned);
  const guest: Guest = { name, key, room, connection: from, grant, knocks: 0 };
  if (!room.lobby.enter(guest))
    return refuseJoin(relay, from, room.name, JOIN_REFUSALS.roomFull, "The room's lobby is full: try again later.");
  from.waitsInLobby(guest);
  from.send({
    type: "joined",
    room: room.name,
    name,
    grant: "observer",
    lobby: true,
    stamp: FIRST_STAMP,
    gap: false,
    members: linesFor(guest, room.lines()),
    controls: [],
  });
  relay.log.info("knocking", { room: room.name, name });
}

/** Why this join can't be one for the lobby, or a grant for the lobby no way into the room. */
export function misplacedKnock({ token = "", knock }: Join): string | undefined {
  if (isLobbyToken(token) === (knock === true)) return undefined;
  return knock === true
    ? "To knock takes an invite that names nobody."
    : "This invite names nobody, so it takes a newer agora: update it, then start again.";
}

/** Handles a `knock` of somebody in the lobby: to the one who decides, and to nobody else. [LOBBY-3] */
export function knock(relay: RelayContext, guest: Guest, { event }: Knock): void {
  const { connection, room, grant } = guest;
  const read = readHead(event.head);
  if (!read.ok) return connection.refuse(read.code, read.message, { room: room.name });
  const { id, author, key, kind, to, room: named } = read.value;
  const at = { room: room.name, id };
  const [only] = to;
  const isTheirs = author === guest.name && key === guest.key && named === room.name;
  const isToDecider = to.length === 1 && only?.member === grant.by.name && only.key === grant.by.key;
  if (!isTheirs || !isToDecider || !KNOCK_KINDS.includes(kind))
    return connection.refuse("bad-event", "From the lobby only the member who decides is asked, and only that.", at);
  if (event.head.length + event.body.length > MAX_KNOCK_BYTES)
    return connection.refuse("too-big", `What is said in the lobby has at most ${MAX_KNOCK_BYTES} bytes.`, at);
  if (guest.knocks >= MAX_KNOCKS)
    return connection.refuse("rate", "You have asked: wait for the answer.", { ...at, retryAfterMs: 60_000 });
  const deciders = room.members.of(grant.by.name);
  if (deciders.length > 0 && deciders.every((device) => device.key !== grant.by.key))
    return connection.refuse("no-such-member", notHere(grant.by.name), at);
  guest.knocks += 1;
  const frame = textFrame(JSON.stringify({ type: "knock", room: room.name, event }));
  whenAnswered(
    relay.ports.bus.to(room.name, grant.by.name, { frame, isBulk: false, device: grant.by.key }),
    relay.clock,
    (handed) => {
      if (handed.ok && handed.value === "taken") return relay.counts.framesOut.add("knock");
      guest.knocks -= 1;
      connection.refuse("no-such-member", notHere(grant.by.name), at);
    },
  );
}

/** Handles a member's answer to somebody in the lobby. [LOBBY-3] */
export function answerKnock(relay: RelayContext, by: Member, { event }: Knock): void {
  const { connection, room } = by;
  const read = readHead(event.head);
  if (!read.ok) return connection.refuse(read.code, read.message, { room: room.name });
  const { id, author, key, kind, to, room: named } = read.value;
  const at = { room: room.name, id };
  const [only] = to;
  const isTheirs = author === by.name && key === by.key && named === room.name;
  if (!isTheirs || to.length !== 1 || only === undefined || kind !== "admission")
    return connection.refuse("bad-event", "An answer to the lobby is an admission for one who waits there.", at);
  const haste = hasteOf(relay, by, "deliver");
  if (haste !== undefined)
    return connection.refuse(haste.code, haste.sentence, { ...at, retryAfterMs: haste.retryAfterMs });
  const guests = room.lobby.find(only.member, only.key);
  for (const guest of guests) guest.connection.send({ type: "knock", room: room.name, event });
  if (guests.length === 0) connection.refuse("no-such-member", `"${only.member}" does not wait in the lobby.`, at);
}

function notHere(name: string): string {
  return `"${name}" is not in the room.`;
}
