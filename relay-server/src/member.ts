// A member of a room, as the relay knows it.
import type { Facts, Presence, RoomRole } from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { Entitlement } from "./grants.ts";
import type { HeldName } from "./name-keeper.ts";
import type { Room } from "./room.ts";

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
  readonly chain: readonly string[];
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
 * A member's line of presence. Its chain is told only with the line that says it came, and to newcomers: it does not change, and
 * is longer than all the rest.
 */
export function lineOf(member: Member, online: boolean, withChain = false): Presence {
  const { name, key, since, facts, channels, entitlement, chain } = member;
  return {
    name,
    key,
    online,
    since,
    grant: roleOf(member),
    ...(isLead(member) ? { lead: true as const } : {}),
    ...(entitlement.jti === undefined ? {} : { grantId: entitlement.jti }),
    ...(channels === undefined || !online ? {} : { channels: [...channels] }),
    ...(facts === undefined || !online ? {} : { facts }),
    ...(withChain && chain.length > 0 ? { chain: [...chain] } : {}),
  };
}
