// `agora resident token`: a person decides who may use the gateway. The token itself is shown once and stored nowhere.
import { type Env, fail, findHome, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import { isRoomName } from "@agora/protocol";
import { DEFAULT_NAME } from "./config.ts";
import { makeToken, readTokens, revokeToken, type TokenRecord } from "./gateway/tokens.ts";
import { roomSettings } from "./room-host.ts";

export interface TokenRequest {
  readonly env: Env;
  readonly what: "make" | "rotate" | "revoke" | "list";
  readonly name?: string | undefined;
  /** The room; by default that of the settings. */
  readonly room?: string | undefined;
  readonly person: boolean;
  /** From now, milliseconds. */
  readonly lastsMs?: number | undefined;
}

export type TokenAnswer =
  | {
      readonly what: "made";
      readonly token: string;
      readonly name: string;
      readonly room: string;
      readonly person: boolean;
      readonly expires?: number;
    }
  | { readonly what: "revoked"; readonly name: string; readonly room: string }
  | { readonly what: "list"; readonly tokens: readonly Omit<TokenRecord, "hash">[] };

/** Carries it out. */
export async function manageToken(request: TokenRequest): Promise<Result<TokenAnswer>> {
  const home = findHome(request.env);
  if (request.what === "list") {
    const tokens = readTokens(home);
    return tokens.ok ? ok({ what: "list", tokens: tokens.value.map(withoutHash) }) : tokens;
  }
  if (request.name === undefined) return fail("usage", "Whose token? Give the member's name.");
  const room = await roomOf(request);
  if (!room.ok) return room;
  if (request.what === "revoke") {
    const name = request.name.replace(/^@/, "");
    const revoked = await revokeToken(home, name, room.value);
    if (!revoked.ok) return revoked;
    return revoked.value
      ? ok({ what: "revoked", name, room: room.value })
      : fail("unknown", `@${name} has no token in the room ${room.value}.`);
  }
  const made = await makeToken(home, {
    name: request.name,
    room: room.value,
    person: request.person,
    rotate: request.what === "rotate",
    expires: request.lastsMs === undefined ? undefined : Date.now() + request.lastsMs,
  });
  if (!made.ok) return made;
  const { token, name, person, expires } = made.value;
  return ok({ what: "made", token, name, room: room.value, person, ...(expires === undefined ? {} : { expires }) });
}

async function roomOf({ env, room }: TokenRequest): Promise<Result<string>> {
  if (room !== undefined) {
    return isRoomName(room) ? ok(room) : fail("usage", `"${room}" is not a name for a room.`);
  }
  const settings = await roomSettings({
    home: findHome(env),
    env,
    relay: undefined,
    room: undefined,
    name: DEFAULT_NAME,
  });
  return settings.ok ? ok(settings.value.room) : fail("usage", "Which room? Give it with --room.");
}

function withoutHash(record: TokenRecord): Omit<TokenRecord, "hash"> {
  const { hash: _, ...rest } = record;
  return rest;
}
