// Who may do what in a room: a row for each right, with the roles that give it. Relay, readers and authors ask this table.
// What anybody may decide who opened a channel, or about their own things, stands with the feature.
import type { GrantClaims, GrantRole } from "./grant.ts";

/** The rights that a role gives. [RIGHT-3] */
export const RIGHTS = {
  /** Says something in the room. */
  speak: ["member", "lead", "operator"],
  /** Decides a channel's topic, who is in it and who only reads there; archives it. */
  channel: ["lead", "operator"],
  /** Sets the room's card: its title, its purpose, its repositories. */
  card: ["lead", "operator"],
  /** Pauses, stops, bans and the like. */
  control: ["operator"],
} as const satisfies Readonly<Record<string, readonly GrantRole[]>>;

export type Right = keyof typeof RIGHTS;

/** Whether a role gives a right in the whole room. */
export function mayAs(role: GrantRole, right: Right): boolean {
  return (RIGHTS[right] as readonly GrantRole[]).includes(role);
}

/**
 * Whether a grant that was verified gives a right, in the channel `where` if the right is about one. One for a single channel gives
 * nothing elsewhere; one that names no key gives nothing, since everybody can read it. [RIGHT-1] [RIGHT-2]
 */
export function gives(
  { grant, key, channel }: Pick<GrantClaims, "grant" | "key" | "channel">,
  right: Right,
  where?: string,
): boolean {
  if (key === undefined || !mayAs(grant, right)) return false;
  return channel === undefined || (right === "channel" && channel === where);
}
