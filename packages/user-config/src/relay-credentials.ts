// Decides relay, room and token. The one rule behind it: a token kept for one relay is never given to another, wherever the
// other address came from.
import type { Invite, RelayAddress, Result } from "@agora/protocol";
import type { HomeCode, Home } from "./directory.ts";
import type { EnvSettings } from "./env-settings.ts";
import type { Project } from "./registry.ts";
import { findRelayKey } from "./relay-keys.ts";
import { fail, ok } from "./result.ts";
import { type SettingsFile, settingsPath } from "./settings-file.ts";
import { listTokens, type TokenEntry } from "./tokens.ts";

/** Where to connect and how to get in. */
export interface RelayCredentials {
  readonly relay: RelayAddress;
  readonly room: string;
  readonly root?: string;
  /** The relay's key as named by an invite or a person, when none or another is stored yet. */
  readonly relayKey?: string;
  readonly token: string;
  readonly tokenFrom: "typed" | "env" | "stored" | "settings";
}

export type RelayCredentialsCode =
  | HomeCode
  | "bad-settings"
  | "bad-relay"
  | "missing-relay"
  | "missing-token"
  | "foreign-relay";

/** Everything that may name a relay, a room or a token. */
export interface RelayCredentialSources {
  readonly home: Home;
  readonly typed: {
    readonly relay?: string;
    readonly token?: string;
    readonly room?: string;
    readonly relayKey?: string;
  };
  readonly env: EnvSettings;
  readonly project: Project | undefined;
  readonly file: SettingsFile;
  /** Whether the environment may name a relay that was never used before. */
  readonly trustEnvRelay: boolean;
}

const DEFAULT_ROOM = "lobby";
const INVITE = "agora1.";

/** One source taken apart: an invite in place of a token says more than a token does. */
interface Source {
  readonly relay: RelayAddress | undefined;
  readonly room: string | undefined;
  readonly token: string | undefined;
  readonly root: string | undefined;
  readonly relayKey: string | undefined;
}

/** Decides relay, room and token. */
export async function findRelayCredentials(
  sources: RelayCredentialSources,
): Promise<Result<RelayCredentials, RelayCredentialsCode>> {
  const { home, project, file, trustEnvRelay } = sources;
  const { decodeInvite, isRoomName, NO_RELAY_KEY, parseRelayAddress, tokenOfInvite } = await import("@agora/protocol");
  const takeApart = (
    where: string,
    relay?: string,
    room?: string,
    token?: string,
  ): Result<Source, RelayCredentialsCode> => {
    let invite: Invite | undefined;
    if (token?.startsWith(INVITE)) {
      invite = decodeInvite(token);
      if (invite === undefined)
        return fail(
          "bad-settings",
          `The invite ${where} is not whole: paste the complete word that begins with ${INVITE}`,
        );
    }
    const own = relay === undefined ? undefined : parseRelayAddress(relay);
    const invited = invite === undefined ? undefined : parseRelayAddress(invite.relay);
    if (own?.ok === false) return own;
    if (invited?.ok === false) return invited;
    if (own !== undefined && invited !== undefined && own.value.origin !== invited.value.origin) {
      return fail(
        "bad-relay",
        `The invite ${where} is for ${invited.value.origin}, not for ${own.value.origin}: leave the relay out.`,
      );
    }
    return ok({
      relay: own?.value ?? invited?.value,
      room: room ?? invite?.room,
      token: invite === undefined ? token : tokenOfInvite(invite),
      root: invite?.root,
      relayKey: invite?.relayKey,
    });
  };
  const typed = takeApart("you gave", sources.typed.relay, sources.typed.room, sources.typed.token);
  if (!typed.ok) return typed;
  const env = takeApart("in AGORA_TOKEN", sources.env.relayUrl, sources.env.room, sources.env.token);
  if (!env.ok) return env;
  const settings = takeApart(`in ${settingsPath(home)}`, file.relayUrl, file.room, file.token);
  if (!settings.ok) return settings;
  const listed = takeApart("", project?.relay);
  if (!listed.ok) return listed;
  const tokens = listTokens(home);
  if (!tokens.ok) return tokens;

  const relay = typed.value.relay ?? env.value.relay ?? listed.value.relay ?? settings.value.relay;
  if (relay === undefined) {
    return fail(
      "missing-relay",
      `No relay is known: give --relay wss://HOST, paste an invite, or fill in "relayUrl" in ${settingsPath(home)}.`,
    );
  }
  const byEnv = typed.value.relay === undefined && env.value.relay !== undefined;
  const used = [listed.value.relay?.origin, settings.value.relay?.origin, ...tokens.value.map((t) => t.origin)];
  if (byEnv && !trustEnvRelay && !used.includes(relay.origin)) {
    return fail(
      "foreign-relay",
      `The environment names the relay ${relay.origin}, which you have never used: type "agora start --relay ${relay.url}" in a terminal of your own if it is yours.`,
    );
  }
  const here = (source: Source): Source | undefined => (source.relay?.origin === relay.origin ? source : undefined);
  const room =
    typed.value.room ??
    env.value.room ??
    (here(listed.value) === undefined ? undefined : project?.room) ??
    here(settings.value)?.room ??
    (settings.value.relay === undefined ? settings.value.room : undefined) ??
    DEFAULT_ROOM;
  if (!isRoomName(room)) {
    return fail(
      "bad-settings",
      `"${room}" is not a name for a room: 1 to 64 of a-z, 0-9, ".", "-" and "_", beginning with a letter or digit.`,
    );
  }

  const kept = findRelayKey(home, relay.origin);
  if (!kept.ok) return kept;
  const keptKey = kept.value?.key === NO_RELAY_KEY ? undefined : kept.value?.key;
  const way = (
    token: string,
    tokenFrom: RelayCredentials["tokenFrom"],
    { root, relayKey }: Pick<Source, "root" | "relayKey">,
  ): Result<RelayCredentials, RelayCredentialsCode> => {
    const { relayKey: wished = relayKey } = sources.typed;
    if (sources.typed.relayKey === undefined && relayKey !== undefined && keptKey !== undefined && keptKey !== relayKey)
      return fail(
        "foreign-relay",
        `The invite says that the relay at ${relay.origin} has the key ${relayKey}, and ${keptKey} is kept for it: only if its admin says that the key has changed, add --trust-relay ${relayKey}.`,
      );
    const known = root ?? storedFor(tokens.value, relay.origin, room)?.root;
    return ok({
      relay,
      room,
      token,
      tokenFrom,
      ...(known === undefined ? {} : { root: known }),
      ...(wished === undefined || (sources.typed.relayKey === undefined && wished === keptKey)
        ? {}
        : { relayKey: wished }),
    });
  };
  if (typed.value.token !== undefined) return way(typed.value.token, "typed", typed.value);
  const fromEnv = env.value.token;
  if (fromEnv !== undefined) {
    // An invite says itself which relay its token is for; a bare token may still be known as another relay's.
    const boundTo =
      env.value.relay !== undefined && sources.env.relayUrl === undefined ? env.value.relay.origin : undefined;
    const owner = boundTo ?? ownerOf(fromEnv, tokens.value, settings.value);
    if (owner !== undefined && owner !== relay.origin) {
      return fail(
        "foreign-relay",
        `The token in AGORA_TOKEN belongs to ${owner} and is not sent to ${relay.origin}: give that relay's own token.`,
      );
    }
    return way(fromEnv, "env", env.value);
  }
  const stored = storedFor(tokens.value, relay.origin, room);
  if (stored !== undefined) return way(stored.token, "stored", { root: stored.root, relayKey: undefined });
  const written = here(settings.value);
  if (written?.token !== undefined) return way(written.token, "settings", written);
  return fail(
    "missing-token",
    `No token is known for room ${room} at ${relay.origin}: give it when asked, as AGORA_TOKEN, or paste an invite.`,
  );
}

function storedFor(tokens: readonly TokenEntry[], origin: string, room: string): TokenEntry | undefined {
  return tokens.find((t) => t.origin === origin && t.room === room);
}

/** The origin a bare token belongs to, if it is known for only one. */
function ownerOf(token: string, tokens: readonly TokenEntry[], settings: Source): string | undefined {
  const origins = new Set(tokens.filter((t) => t.token === token).map((t) => t.origin));
  if (settings.token === token && settings.relay !== undefined) origins.add(settings.relay.origin);
  return origins.size === 1 ? [...origins][0] : undefined;
}
