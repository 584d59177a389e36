// The channels this member is or was in: since when, and how much of what others said there a person has seen.
// Folds over one's own records.
import { MAX_CHANNELS_KNOWN, own } from "./acts.ts";

/** A channel this member is or was in. */
export interface Membership {
  readonly in: boolean;
  /** The room's stamp when it joined: what is older is the channel's past, not talk. */
  readonly since: string;
  /** The event by which it joined: its stamp becomes `since`. */
  readonly act?: string;
  /** What others said there since, and how much of that a person has seen. */
  readonly said: number;
  readonly read: number;
}

/** Memberships by channel; plain JSON. */
export type Memberships = Record<string, Membership>;

/** One's own membership of a channel, past or present. */
export function membershipOf(memberships: Memberships, channel: string): Membership | undefined {
  return own(memberships, channel);
}

/** What changes one's own memberships. */
export type MembershipRecord =
  | { readonly op: "channel-in"; readonly channel: string; readonly since: string; readonly act?: string }
  | { readonly op: "channel-out"; readonly channel: string }
  | { readonly op: "channel-read"; readonly channel: string; readonly read: number };

/** Folds a change of one's own memberships, in place. */
export function foldMembership(memberships: Memberships, record: MembershipRecord): Memberships {
  const known = own(memberships, record.channel);
  switch (record.op) {
    case "channel-in": {
      const { channel, since, act } = record;
      const said = known?.said ?? 0;
      const read = known?.in === true ? known.read : said;
      memberships[channel] = { in: true, since, ...(act === undefined ? {} : { act }), said, read };
      break;
    }
    case "channel-out":
      if (known !== undefined) memberships[record.channel] = { ...known, in: false };
      break;
    case "channel-read":
      if (known !== undefined) memberships[record.channel] = { ...known, read: Math.max(known.read, record.read) };
  }
  const names = Object.keys(memberships);
  const old = names.length > MAX_CHANNELS_KNOWN ? names.find((name) => memberships[name]?.in === false) : undefined;
  if (old !== undefined) delete memberships[old];
  return memberships;
}

/** Counts something that others said in a channel, in place. */
export function foldSaid(memberships: Memberships, channel: string): void {
  const known = own(memberships, channel);
  if (known !== undefined) memberships[channel] = { ...known, said: known.said + 1 };
}
