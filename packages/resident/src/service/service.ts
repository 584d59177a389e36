// `agora resident install`: lets the system's service manager keep a resident running, as this user. The unit contains
// flags, never a token: tokens are in the user's own directory.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Env, fail, findHome, type Home, ok, saveToken, userFolder } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import { givenFlags, readResidentConfig, type ResidentFlags } from "../config.ts";
import { roomSettings } from "../room-host.ts";
import { launchdPlist } from "./launchd.ts";
import { systemdUnit } from "./systemd.ts";

export interface ServiceRequest {
  readonly what: "install" | "show" | "uninstall" | "find";
  readonly flags: ResidentFlags;
  readonly env: Env;
  /** The executable's own file, at a permanent path. */
  readonly entry: string;
  readonly platform?: NodeJS.Platform;
  /** The Node that runs it; by default this one. */
  readonly node?: string;
}

/** What was done, where, and what the person types next. */
export interface ServiceAnswer {
  readonly what: "installed" | "shown" | "removed" | "absent" | "found";
  readonly path: string;
  readonly text: string;
  readonly next: readonly string[];
}

/** What a unit is made from. */
export interface ServiceFacts {
  readonly node: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly home: string;
  /** Where its output goes, if the manager keeps no journal. */
  readonly log: string;
}

const LABEL = "dev.agora.resident";

interface Manager {
  readonly path: (env: Env) => string;
  readonly text: (facts: ServiceFacts) => string;
  readonly afterInstall: (path: string) => readonly string[];
  readonly beforeUninstall: (path: string) => readonly string[];
}

const MANAGERS: Readonly<Partial<Record<NodeJS.Platform, Manager>>> = {
  linux: {
    path: (env) =>
      join(env["XDG_CONFIG_HOME"] || join(userFolder(env), ".config"), "systemd", "user", "agora-resident.service"),
    text: systemdUnit,
    afterInstall: () => [
      "systemctl --user daemon-reload",
      "systemctl --user enable --now agora-resident",
      "loginctl enable-linger   (so that it runs while you are logged out)",
    ],
    beforeUninstall: () => ["systemctl --user disable --now agora-resident", "systemctl --user daemon-reload"],
  },
  darwin: {
    path: (env) => join(userFolder(env), "Library", "LaunchAgents", `${LABEL}.plist`),
    text: (facts) => launchdPlist(LABEL, facts),
    afterInstall: (path) => [`launchctl bootstrap gui/$(id -u) "${path}"`],
    beforeUninstall: () => [`launchctl bootout gui/$(id -u)/${LABEL}`],
  },
};

/** Carries it out; `show` and `find` (whether there is one) write nothing. */
export async function manageService(request: ServiceRequest): Promise<Result<ServiceAnswer>> {
  const manager = MANAGERS[request.platform ?? process.platform];
  if (manager === undefined) {
    return fail("refused", "Only systemd and launchd are known here: let your service manager run `agora resident`.");
  }
  const home = findHome(request.env);
  const path = manager.path(request.env);
  if (request.what === "uninstall" || request.what === "find") {
    const next = manager.beforeUninstall(path);
    if (request.what === "find" && existsSync(path)) return ok({ what: "found", path, text: "", next });
    if (!existsSync(path)) return ok({ what: "absent", path, text: "", next: [] });
    rmSync(path);
    return ok({ what: "removed", path, text: "", next });
  }
  const config = readResidentConfig(request.flags, request.env);
  if (!config.ok) return config;
  const given = givenFlags(request.flags, request.env);
  const facts: ServiceFacts = {
    node: request.node ?? process.execPath,
    entry: request.entry,
    args: ["resident", ...given.map(([flag, value]) => `--${flag}=${value}`)],
    home: home.path,
    log: join(home.path, "resident", "resident.log"),
  };
  // XML has no escapes for them either.
  if (/\p{Cc}/u.test([facts.node, facts.entry, facts.home, ...facts.args].join(""))) {
    return fail("usage", "A path or a setting has a line break or a control character in it: a unit can't name it.");
  }
  const text = manager.text(facts);
  const next = manager.afterInstall(path);
  if (request.what === "show") return ok({ what: "shown", path, text, next });
  const kept = await keepTokens(home, request.env, config.value);
  if (!kept.ok) return kept;
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text, { mode: 0o644 });
  } catch (error) {
    return fail("disk", `${path} can't be written (${error instanceof Error ? error.message : String(error)}).`);
  }
  return ok({ what: "installed", path, text, next });
}

/** A service doesn't get the person's environment: its tokens are saved where a resident finds them. */
async function keepTokens(
  home: Home,
  env: Env,
  config: { readonly relay: string | undefined; readonly rooms: readonly string[]; readonly name: string },
): Promise<Result<void>> {
  for (const room of config.rooms.length === 0 ? [undefined] : config.rooms) {
    const settings = await roomSettings({ home, env, relay: config.relay, room, name: config.name });
    if (!settings.ok) return settings;
    const { relay, root, token, tokenFrom } = settings.value;
    if (tokenFrom !== "env") continue;
    const saved = await saveToken(home, {
      origin: relay.origin,
      room: settings.value.room,
      token,
      ...(root === undefined ? {} : { root }),
    });
    if (!saved.ok) return saved;
  }
  return ok(undefined);
}
