// Making an invite. With a name it is a grant for that name; without one it leads to the lobby, where the daemon of who made it
// lets in. In a room without a root key, and for who is not an operator, it carries the shared token, and says what that means.
import { readFileSync } from "node:fs";
import {
  findHome,
  findRelayKey,
  findToken,
  type Home,
  type Project,
  readSettings,
  roomRoot,
  signGrant,
} from "@agora/user-config";
import {
  ADMITTED_ROLES,
  checkMemberName,
  encodeInvite,
  fail,
  ROOM_ROLES,
  type RoomRole,
  isKey,
  isRoomName,
  MAX_INVITE_USES,
  ok,
  parseRelayAddress,
  type RelayAddress,
  type Result,
} from "@agora/protocol";
import { relayClock } from "../relay-clock.ts";
import { findProjectPath } from "../command-context.ts";
import type { Start } from "../terminal.ts";
import { type Daemon, type DaemonsWish, inviteByDaemon } from "./invite-by-daemon.ts";

/** The options as commander parsed them. */
export interface InviteFlags {
  readonly grant?: string;
  readonly expires?: string;
  readonly uses?: string;
  readonly ask?: boolean;
  readonly by?: string;
  readonly relay?: string;
  readonly room?: string;
  readonly project?: string;
  readonly json?: boolean;
}

export interface Invitation {
  readonly invite: string;
  readonly relay: string;
  readonly room: string;
  /** `lobby`: whoever has it is let in by `by`. */
  readonly kind: "grant" | "token" | "lobby";
  readonly name?: string;
  readonly grant: RoomRole;
  readonly expires?: string;
  /** The grant's id, by which it can be taken back. */
  readonly id?: string;
  readonly uses?: number;
  readonly by?: string;
  readonly ask?: true;
  readonly notes: readonly string[];
}

/** What is wished for, checked. */
interface Wish {
  readonly named: string | undefined;
  readonly grant: "member" | "observer";
  readonly expiresS: number | undefined;
  readonly uses: number | undefined;
  readonly ask: boolean | undefined;
  readonly by: string | undefined;
  /** It leads to the lobby: it names nobody, and the member who made it lets in. */
  readonly isForLobby: boolean;
}

function readWish(name: string | undefined, flags: InviteFlags): Result<Wish> {
  const named = name === undefined ? ok(undefined) : checkMemberName(name.replace(/^@/, ""));
  if (!named.ok) return named;
  const grant = ROOM_ROLES.find((role) => role === (flags.grant ?? "member"));
  if (grant === undefined) return fail("usage", `--grant is one of ${ADMITTED_ROLES.join(", ")}.`);
  if (grant !== "member" && grant !== "observer") {
    // An invite that admits anybody who has it must not make operators: a control needs a grant bound to a key. [CONTROL-2]
    return fail(
      "usage",
      `An operator's grant is bound to a key, which is known once its owner is in the room: invite ${name ?? "NAME"} as a member, then agora grant ${name ?? "NAME"} operator.`,
    );
  }
  const expiry = flags.expires === undefined ? ok(undefined) : readSpan(flags.expires);
  if (!expiry.ok) return expiry;
  const uses = flags.uses === undefined ? undefined : Number(flags.uses);
  if (uses !== undefined && !(Number.isInteger(uses) && uses >= 1 && uses <= MAX_INVITE_USES))
    return fail("usage", `--uses is a number from 1 to ${MAX_INVITE_USES}.`);
  const { ask, by } = flags;
  const isForLobby = uses !== undefined || ask === true || by !== undefined;
  if (isForLobby && named.value !== undefined)
    return fail("usage", "An invite for a NAME is for that one alone: --uses, --ask and --by go without a name.");
  return ok({ named: named.value, grant, expiresS: expiry.value, uses, ask, by, isForLobby });
}

/** Creates an invite for the intended room. The caller has already checked that a person asks for it. */
export async function makeInvite(
  start: Start,
  name: string | undefined,
  flags: InviteFlags,
  around: Daemon,
): Promise<Result<Invitation>> {
  const read = readWish(name, flags);
  if (!read.ok) return read;
  const wish = read.value;
  const home = findHome(start.env);
  const place = findProjectPath(start, home, flags.project);
  if (!place.ok) return place;
  const where = await whereTo(start, home, place.value.project, flags);
  if (!where.ok) return where;
  const { room } = where.value;
  const address = parseRelayAddress(where.value.relay);
  if (!address.ok) return address;
  const relay = address.value;
  const { project } = place.value;
  if (project?.joined === true && project.origin === relay.origin && project.room === room) {
    const { named, grant, expiresS, uses, ask, by } = wish;
    const asked: DaemonsWish = { name: named, grant, expiresS, uses, ask, by };
    const made = await inviteByDaemon(asked, around);
    if (made !== undefined) return made;
  }
  if (wish.isForLobby)
    return fail(
      "no-project",
      "Invites with --uses, --ask or --by are answered by your daemon: type this in the project by which you are in that room, as its owner or an operator.",
    );
  const kept = findRelayKey(home, relay.origin);
  if (!kept.ok) return kept;
  const relayKey = kept.value === undefined || !isKey(kept.value.key) ? {} : { relayKey: kept.value.key };
  // Over plain ws, anyone holding the relay's port at the newcomer's first contact is believed and gets to see the grant.
  // [PROOF-3]
  const unnamed =
    kept.value === undefined && relay.url.startsWith("ws:")
      ? [
          `This home knows no key of ${relay.origin}, so the invite names none: its reader believes whatever answers there first. Join there yourself, then invite.`,
        ]
      : [];
  const local = relay.loopback ? [`${relay.origin} is reached from this machine only.`] : [];
  const target: Target = { home, relay, room, relayKey, notes: [...unnamed, ...local] };
  const root = roomRoot(home, room);
  if (root.ok) return signedInvite(target, root.value.key, wish);
  return root.code === "no-root" ? sharedInvite(target, wish) : root;
}

/** Where an invite leads. */
interface Target {
  readonly home: Home;
  readonly relay: RelayAddress;
  readonly room: string;
  readonly relayKey: { readonly relayKey?: string };
  readonly notes: readonly string[];
}

/** By a grant for one name, signed with the room's root key. */
async function signedInvite(target: Target, root: string, wish: Wish): Promise<Result<Invitation>> {
  const { home, relay, room, relayKey } = target;
  const { named, grant, expiresS } = wish;
  if (named === undefined)
    return fail(
      "no-project",
      "An invite that names nobody is answered by your daemon: type this in a project by which you are in the room (agora start), or give the NAME it is for.",
    );
  const { nowMs, notes } = await timeAt(home, relay.url, expiresS !== undefined);
  const iat = Math.floor(nowMs / 1_000);
  const exp = expiresS === undefined ? undefined : iat + expiresS;
  const signed = await signGrant(home, { room, grant, iat, sub: named, ...(exp === undefined ? {} : { exp }) });
  if (!signed.ok) return signed;
  return ok({
    invite: encodeInvite({ v: 1, relay: relay.url, room, root, ...relayKey, token: signed.value.jwt }),
    relay: relay.url,
    room,
    kind: "grant",
    name: named,
    grant,
    ...(exp === undefined ? {} : { expires: new Date(exp * 1_000).toISOString() }),
    id: signed.value.claims.jti,
    notes: [...notes, ...target.notes],
  });
}

/** By the room's shared token, in a room without a root key. */
function sharedInvite({ home, relay, room, relayKey, notes }: Target, wish: Wish): Result<Invitation> {
  const { named, grant, expiresS } = wish;
  if (grant !== "member" || expiresS !== undefined) {
    return fail(
      "no-root",
      `A grant with --grant or --expires is signed with the room's root key: make one with agora room create ${room}.`,
    );
  }
  const token = findToken(home, relay.origin, room);
  if (!token.ok) return token;
  if (token.value === undefined) {
    return fail(
      "no-token",
      `You are not in ${room} at ${relay.origin} yourself: start there first, or own the room with agora room create ${room}.`,
    );
  }
  if (token.value.root !== undefined || token.value.token.split(".").length === 3) {
    return fail("not-allowed", `You are in ${room} by an invite of your own: only the room's owner can invite others.`);
  }
  return ok({
    invite: encodeInvite({ v: 1, relay: relay.url, room, ...relayKey, token: token.value.token }),
    relay: relay.url,
    room,
    kind: "token",
    ...(named === undefined ? {} : { name: named }),
    grant,
    notes: [
      "This invite carries the room's shared token: whoever has it can join under any free name, for as long as the token holds.",
      ...notes,
    ],
  });
}

/** The intended relay and room: as typed, else this project's, else those of the settings. */
async function whereTo(
  start: Start,
  home: Home,
  project: Project | undefined,
  flags: InviteFlags,
): Promise<Result<{ readonly relay: string; readonly room: string }>> {
  const settings = await readSettings(home);
  if (!settings.ok) return settings;
  const relay = flags.relay ?? project?.relay ?? start.env["AGORA_RELAY_URL"] ?? settings.value.relayUrl;
  if (relay === undefined)
    return fail(
      "missing-relay",
      "To which relay? Say it with --relay wss://…, or run this in a project that has joined.",
    );
  const room = flags.room ?? project?.room ?? settings.value.room ?? "lobby";
  return isRoomName(room) ? ok({ relay, room }) : fail("usage", `"${room.slice(0, 64)}" can't name a room.`);
}

/** The relay's time, since the relay checks an invite's expiry against its own clock; else this machine's. [GRANT-3] */
async function timeAt(
  home: Home,
  url: string,
  hasEnd: boolean,
): Promise<{ readonly nowMs: number; readonly notes: readonly string[] }> {
  const settings = await readSettings(home);
  const caFile = settings.ok ? settings.value.caFile : undefined;
  const ca = caFile === undefined ? undefined : readFileSync(caFile, "utf8");
  const relayMs = await relayClock(url, ca);
  if (relayMs === undefined) {
    const note = "The relay could not be asked for its time: the invite's end is counted by this machine's clock.";
    return { nowMs: Date.now(), notes: hasEnd ? [note] : [] };
  }
  const off = Math.round((Date.now() - relayMs) / 60_000);
  const way = `${Math.abs(off)} min ${off > 0 ? "ahead of" : "behind"}`;
  const note = `This machine's clock is ${way} the relay's: the invite's end is counted by the relay's.`;
  return { nowMs: relayMs, notes: hasEnd && off !== 0 ? [note] : [] };
}

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Parses `7d`, `12h`, `30m`, `2w` into seconds. */
export function readSpan(text: string): Result<number, "usage"> {
  const match = /^(\d{1,5})([mhdw])$/.exec(text);
  const seconds = match === null ? 0 : Number(match[1]) * UNITS[match[2]!]!;
  return seconds > 0 ? ok(seconds) : fail("usage", "--expires is a span like 30m, 12h, 7d or 2w.");
}
