// A member of a room, as the relay knows it: one device of whoever has the name.
import { type Facts, MAX_CHANNELS, type Presence, type PresentDevice, type RoomRole } from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { Entitlement } from "./grants.ts";
import type { HeldName } from "./name-keeper.ts";
import type { Room } from "./room.ts";
import type { ShownChain } from "./shown-chain.ts";

/** A key that is in a room under a name. */
export interface Member {
  readonly name: string;
  readonly key: string;
  readonly room: Room;
  readonly connection: Connection;
  readonly entitlement: Entitlement;
  /** Its claim on the name. */
  readonly held: HeldName;
  /** An operator's or a lead's grant it showed besides what it entered with. */
  operator: Entitlement | undefined;
  readonly since: number;
  facts: Facts | undefined;
  /** The statements by which its key is somebody's, as far as they hold. [KEYCHAIN-8] */
  readonly shown: ShownChain;
  /** The keys known here to be its person's; one set for all devices of a person. [DEVICE-3] */
  readonly kin: ReadonlySet<string>;
  /** The channels it is in, according to its latest frame. [CHANNEL-2] */
  channels: ReadonlySet<string> | undefined;
  /** The first of its events that was refused as `busy`: nothing else is accepted until it comes again. [BUSY-2] */
  awaited: { readonly id: string; readonly untilMs: number } | undefined;
}

/** A member's role here: an additional operator's grant makes a member an operator, but doesn't change an observer. */
export function roleOf({ entitlement, operator }: Pick<Member, "entitlement" | "operator">): RoomRole {
  return operator?.role === "operator" && entitlement.role === "member" ? "operator" : entitlement.role;
}

/** Whether a member leads in the whole room. [RIGHT-1] */
function isLead({ entitlement, operator }: Pick<Member, "entitlement" | "operator">): boolean {
  return entitlement.role === "member" && (entitlement.lead === true || operator?.lead === true);
}

/** The channels a member names, as a set; undefined: none. [CHANNEL-2] */
export function channelsOf(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names === undefined || names.length === 0 ? undefined : new Set(names);
}

/**
 * The line of presence of a member who is here with these devices, or with none any more after `last` has left. A chain is told only
 * with the line that says its device came, and to newcomers: it does not change, and is longer than all the rest. [DEVICE-5]
 *
 * @param chains whose chains are told
 */
export function lineOf(
  devices: readonly Member[],
  last: Member,
  chains: (device: Member) => boolean = () => false,
): Presence {
  const [first = last, ...more] = devices;
  const { name } = first;
  const online = devices.length > 0;
  const line = { name, online, ...deviceLine(first, online, chains(first)) };
  if (more.length === 0) return line;
  const channels = [...new Set(devices.flatMap((device) => [...(device.channels ?? [])]))].slice(0, MAX_CHANNELS);
  const seats = [...new Map(devices.flatMap(({ facts }) => facts?.seats ?? []).map((seat) => [seat.seat, seat]))];
  return {
    ...line,
    ...(channels.length === 0 ? {} : { channels }),
    ...(seats.length === 0
      ? {}
      : { facts: { ...first.facts, seats: seats.slice(0, MAX_SEATS).map(([, seat]) => seat) } }),
    devices: devices.map((device) => deviceLine(device, true, chains(device))),
  };
}

const MAX_SEATS = 32;

function deviceLine(member: Member, online: boolean, withChain: boolean): PresentDevice {
  const { key, since, facts, channels, entitlement, shown } = member;
  return {
    key,
    since,
    grant: roleOf(member),
    ...(isLead(member) ? { lead: true as const } : {}),
    ...(entitlement.jti === undefined ? {} : { grantId: entitlement.jti }),
    ...(channels === undefined || !online ? {} : { channels: [...channels] }),
    ...(facts === undefined || !online ? {} : { facts }),
    ...(withChain && shown.statements.length > 0 ? { chain: [...shown.statements] } : {}),
  };
}
