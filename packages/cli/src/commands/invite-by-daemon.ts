// An invite that the project's daemon makes: it knows the grants of this member, and answers who comes by one that names nobody.
import type { CommandContext } from "@agora/commands";
import { type AdmittedRole, ok, parseRelayAddress, type Result } from "@agora/protocol";
import type { Invitation } from "./make-invite.ts";

/** The project's daemon, for whoever needs it. */
export type Daemon = Pick<CommandContext, "daemon">;

/** What the daemon is asked for. */
export interface DaemonsWish {
  readonly name: string | undefined;
  readonly grant: AdmittedRole;
  readonly expiresS: number | undefined;
  readonly uses: number | undefined;
  readonly ask: boolean | undefined;
  readonly by: string | undefined;
}

/** The invite as the project's daemon makes it; undefined: it is not there, or this member may not invite by it. */
export async function inviteByDaemon(wish: DaemonsWish, around: Daemon): Promise<Result<Invitation> | undefined> {
  const daemon = await around.daemon();
  if (!daemon.ok) return undefined;
  const may = await daemon.value.request("invites", { via: "cli" });
  if (!may.ok || !may.value.mayInvite) return undefined;
  const given = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
  const made = await daemon.value.request("invite", { via: "cli", ...given });
  if (!made.ok) return made;
  const { expires, name, by, ...rest } = made.value;
  const ends = expires === undefined ? {} : { expires: new Date(expires).toISOString() };
  const loopback = parseRelayAddress(rest.relay);
  const notes =
    loopback.ok && loopback.value.loopback ? [`${loopback.value.origin} is reached from this machine only.`] : [];
  return name === undefined
    ? ok({ ...rest, ...ends, kind: "lobby", ...(by === undefined ? {} : { by }), notes })
    : ok({ ...rest, ...ends, kind: "grant", name, notes });
}
