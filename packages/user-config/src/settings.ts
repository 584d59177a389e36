// Decides all settings, each from its strongest source: what the person typed, the environment, what the project was started
// with, settings.json, the default; then the project's own file tightens them.
import { accessSync, constants } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { RelayAddress, Result } from "@agora/protocol";
import type { Home, HomeCode } from "./directory.ts";
import { agentShell, type Env } from "./env.ts";
import { type EnvSettings, readEnvSettings, renamedVariables } from "./env-settings.ts";
import { otherSystemsNote } from "./other-systems.ts";
import { type Brakes, tighten, tightenByProject } from "./project-settings.ts";
import type { Mode, Project } from "./registry.ts";
import { fail, ok } from "./result.ts";
import { readSettings, settingsPath, type Share } from "./settings-file.ts";
import { prefixedName } from "./prefixed-name.ts";
import { type MemberKind, SETTINGS } from "./settings-table.ts";
import { userFolder } from "./user-folder.ts";
import { findRelayCredentials, type RelayCredentials, type RelayCredentialsCode } from "./relay-credentials.ts";

/** All settings, decided. */
export interface Settings extends Brakes {
  readonly relay: RelayAddress;
  readonly room: string;
  /** The room's root public key, if an invite told it. */
  readonly root?: string;
  /** The relay's key as named by an invite or a person: to be stored before the relay is dialled. */
  readonly relayKey?: string;
  readonly token: string;
  /** Where the token came from; those from `typed` and `env` are worth a `saveToken` once they have opened the room. */
  readonly tokenFrom: RelayCredentials["tokenFrom"];
  readonly name: string;
  /** What this member is; without it, a person's. */
  readonly kind?: MemberKind;
  /** The member whose person answers for it. */
  readonly owner?: string;
  /** The largest frame accepted: for a relay that allows more than others do. */
  readonly maxPayloadBytes?: number;
  readonly maxFileBytes?: number;
  /** Offers up to this size are fetched without asking. */
  readonly autoFileBytes?: number;
  /** How much space received files, and copies of sent ones, may take per project. */
  readonly fileQuotaBytes?: number;
  readonly share: Share;
  /** Absolute path of additional certificate authorities (PEM). */
  readonly caFile?: string;
  /** How much of the room's past is kept here; all of it by default. */
  readonly historyMaxBytes?: number;
  readonly historyMaxAgeDays?: number;
  /** How long a message is kept for somebody who is away; the daemon has the default. */
  readonly undeliveredMaxAgeDays?: number;
  /** What was ignored and why, one sentence each; show them to the person. */
  readonly notes: readonly string[];
}

/** What the person typed with the command, or when asked; `token` may be an invite. */
export interface Typed {
  readonly relay?: string;
  readonly token?: string;
  readonly room?: string;
  readonly name?: string;
  /** How its name begins, if it has none yet. */
  readonly namePrefix?: string;
  readonly kind?: MemberKind;
  readonly owner?: string;
  readonly mode?: Mode;
  /** `--trust-relay`: the relay's key, or `none`. */
  readonly relayKey?: string;
}

export type SettingsCode = HomeCode | RelayCredentialsCode | "invalid-name";

/** The sources of the settings. */
export interface SettingsSources {
  readonly home: Home;
  /** The project's real path; it names the member when nothing else does. */
  readonly path: string;
  /** Its registry entry, if listed; only then is the project's own file read. */
  readonly project?: Project | undefined;
  readonly env: Env;
  /**
   * The environment is that of a person's own terminal: AGORA_RELAY_URL may name a relay never used before (a stored token
   * never goes there), and brakes may be loosened. Any other environment may come from the project: it can't name a new
   * relay, can only tighten, and changes neither name nor room of a project that has them.
   */
  readonly trustEnv: boolean;
  readonly typed?: Typed;
}

export const DEFAULT_BRAKES: Brakes = {
  mode: "manual",
  hopLimit: SETTINGS.hopLimit.otherwise,
  mentionMaxAgeMs: SETTINGS.mentionMaxAgeMs.otherwise,
  chainBudget: SETTINGS.chainBudget.otherwise,
};

/**
 * Decides all settings. On `missing-relay` or `missing-token`, ask the person and call again with `typed`. The daemon calls
 * it with an empty `env`: whatever the environment said at start is in the registry and the tokens by then.
 */
export async function resolveSettings(sources: SettingsSources): Promise<Result<Settings, SettingsCode>> {
  const { home, path, project, trustEnv, typed = {} } = sources;
  const renamed = [...renamedVariables(sources.env)];
  const read = await readSettings(home, (note) => renamed.push(note));
  if (!read.ok) return read;
  const file = read.value;
  const envRead = readEnvSettings(sources.env);
  if (!envRead.ok) return envRead;
  const env = trustEnv ? envRead.value : ofSession(envRead.value, project);

  const prefix = typed.namePrefix ?? env.namePrefix ?? file.namePrefix;
  const wish = typed.name ?? env.defaultName ?? project?.name ?? (prefix === undefined ? file.defaultName : undefined);
  const name =
    wish === undefined && prefix !== undefined ? await prefixedName(home, prefix, path) : await memberName(wish, path);
  if (!name.ok) return name;
  const kind = typed.kind ?? env.kind ?? project?.kind ?? file.kind;
  const owner = await ownerName(typed.owner ?? env.owner ?? project?.owner ?? file.owner);
  if (!owner.ok) return owner;
  const way = await findRelayCredentials({ home, typed, env, project, file, trustEnvRelay: trustEnv });
  if (!way.ok) return way;
  const caFile = findCaFile(home, file.caFile);
  if (!caFile.ok) return caFile;

  const own: Brakes = {
    mode: typed.mode ?? project?.mode ?? file.mode ?? DEFAULT_BRAKES.mode,
    hopLimit: project?.hopLimit ?? file.hopLimit ?? DEFAULT_BRAKES.hopLimit,
    mentionMaxAgeMs: project?.mentionMaxAgeMs ?? file.mentionMaxAgeMs ?? DEFAULT_BRAKES.mentionMaxAgeMs,
    chainBudget: project?.chainBudget ?? file.chainBudget ?? DEFAULT_BRAKES.chainBudget,
  };
  // What the person types now overrides an environment; an agent's environment can come from the project, so it may only
  // tighten.
  const brakes: Partial<Brakes> = {
    ...(typed.mode !== undefined || env.mode === undefined ? {} : { mode: env.mode }),
    ...(env.hopLimit === undefined ? {} : { hopLimit: env.hopLimit }),
    ...(env.mentionMaxAgeMs === undefined ? {} : { mentionMaxAgeMs: env.mentionMaxAgeMs }),
    ...(env.chainBudget === undefined ? {} : { chainBudget: env.chainBudget }),
  };
  const byEnv =
    !trustEnv || agentShell(sources.env)
      ? tighten(own, brakes, "a session's environment")
      : { brakes: { ...own, ...brakes }, notes: [] };
  const byProject = project === undefined ? ok(byEnv) : await tightenByProject(path, byEnv.brakes);
  if (!byProject.ok) return byProject;

  const isStray = owner.value !== undefined && kind !== "agent";
  const strayOwner = isStray
    ? ["The owner counts for an agent alone: set kind to agent too, or leave the owner out."]
    : [];
  // Somebody who comes from another system is told once, at a project's first start.
  const others = project === undefined ? otherSystemsNote(sources.env) : undefined;
  const maxPayloadBytes = env.maxPayloadBytes ?? project?.maxPayloadBytes;
  const maxFileBytes = env.maxFileBytes ?? project?.maxFileBytes ?? file.maxFileBytes;
  return ok({
    ...way.value,
    ...byProject.value.brakes,
    name: name.value,
    ...(kind === undefined ? {} : { kind }),
    ...(owner.value === undefined ? {} : { owner: owner.value }),
    share: { host: true, dir: true, branch: true, client: true, tool: true, ...file.share },
    notes: [
      ...new Set([
        ...renamed,
        ...strayOwner,
        ...byEnv.notes,
        ...byProject.value.notes,
        ...(others === undefined ? [] : [others]),
      ]),
    ],
    ...(caFile.value === undefined ? {} : { caFile: caFile.value }),
    ...(file.historyMaxBytes === undefined ? {} : { historyMaxBytes: file.historyMaxBytes }),
    ...(file.historyMaxAgeDays === undefined ? {} : { historyMaxAgeDays: file.historyMaxAgeDays }),
    ...(file.undeliveredMaxAgeDays === undefined ? {} : { undeliveredMaxAgeDays: file.undeliveredMaxAgeDays }),
    ...(maxPayloadBytes === undefined ? {} : { maxPayloadBytes: await payloadAtLeast(maxPayloadBytes) }),
    ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
    ...(file.autoFileBytes === undefined ? {} : { autoFileBytes: file.autoFileBytes }),
    ...(file.fileQuotaBytes === undefined ? {} : { fileQuotaBytes: file.fileQuotaBytes }),
  });
}

/** What a session's environment may set: no other name or room for a listed project, no larger limit than it has. */
function ofSession(env: EnvSettings, project: Project | undefined): EnvSettings {
  // Who a member is, and who answers for it, no project decides.
  const { defaultName, room, maxFileBytes, maxPayloadBytes, namePrefix: _, kind: __, owner: ___, ...rest } = env;
  const size = project?.maxFileBytes;
  return {
    ...rest,
    ...(project !== undefined || defaultName === undefined ? {} : { defaultName }),
    ...(project !== undefined || room === undefined ? {} : { room }),
    ...(maxFileBytes === undefined ? {} : { maxFileBytes: Math.min(maxFileBytes, size ?? maxFileBytes) }),
    ...(maxPayloadBytes === undefined ? {} : { maxPayloadBytes }),
  };
}

/** A limit below what a relay may send would lose the connection at a peer's long text, again and again. */
async function payloadAtLeast(bytes: number): Promise<number> {
  const { DEFAULT_LIMITS } = await import("@agora/protocol");
  return Math.max(bytes, DEFAULT_LIMITS.frameBytes * 2);
}

async function ownerName(wish: string | undefined): Promise<Result<string | undefined, "invalid-name">> {
  const { checkMemberName } = await import("@agora/protocol");
  return wish === undefined ? ok(undefined) : checkMemberName(wish.replace(/^@/, ""));
}

async function memberName(wish: string | undefined, path: string): Promise<Result<string, "invalid-name">> {
  const { checkMemberName, suggestMemberName } = await import("@agora/protocol");
  if (wish !== undefined) return checkMemberName(wish.replace(/^@/, ""));
  const name = suggestMemberName(basename(path));
  return name === undefined
    ? fail("invalid-name", `No name for you can be made from the folder's: give one with -n NAME.`)
    : ok(name);
}

function findCaFile(home: Home, wish: string | undefined): Result<string | undefined, "bad-settings"> {
  if (wish === undefined) return ok(undefined);
  // The process's own: a daemon decides with an empty environment, and `~` means the same to it.
  const path = wish.startsWith("~/") ? join(userFolder(process.env), wish.slice(2)) : resolve(home.path, wish);
  try {
    accessSync(path, constants.R_OK);
    return ok(path);
  } catch {
    return fail("bad-settings", `The "caFile" of ${settingsPath(home)} can't be read: ${path}.`);
  }
}
