// Joins the room with settled settings: records them, lists the project, starts its daemon and waits for the relay's answer.
// If the relay refuses for good, the project is left as it was.
import { basename } from "node:path";
import {
  findRelayKey,
  findToken,
  keepRelayKey,
  markHome,
  type Project,
  putProject,
  recordNetwork,
  saveToken,
  SETTING_ROWS,
  type Settings,
  settingsThat,
  writeExampleSettings,
} from "@agora/user-config";
import { fail, harmlessLine, ok, type Result, suggestMemberName } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { endDaemon } from "../end-daemon.ts";
import { leaveProject, restoreProject } from "../project-entry.ts";
import type { Mode } from "../read-value.ts";
import { READY_TIMEOUT_MS } from "./ready.ts";

/** How long a daemon may take to report its state. */
const LOOK_TIMEOUT_MS = 2_000;

export interface StartResult {
  readonly name: string;
  readonly room: string;
  readonly relay: string;
  readonly mode: Mode;
  readonly online: readonly string[];
  /** The folder that joined: the project's real path. */
  readonly project: string;
  readonly notes: readonly string[];
}

export type Joined = Answer<StartResult>;

/** Joins; `told` is what was said before, for the notes of the result. */
export async function join(
  settings: Settings,
  before: Project | undefined,
  around: CommandContext,
  told: readonly string[],
): Promise<Joined> {
  const { relay, room, name, mode } = settings;
  const same = isSame(settings, before, around);
  const keptBefore = findRelayKey(around.home, relay.origin);
  const recorded = await record(settings, around);
  if (!recorded.ok) return recorded;
  // A daemon from an earlier start would go on under the old name, room, relay, token or mode. And if one can't get in with
  // what settings.json said then, a person may just have fixed the cause.
  if (!same || before?.mode !== mode || recorded.value.network || (await isKeptOut(around))) {
    const ended = await endDaemon(around);
    if (!ended.ok) return ended;
  }
  const listed = await putProject(around.home, {
    path: around.project,
    ...(before?.id === undefined ? {} : { id: before.id }),
    relay: relay.url,
    origin: relay.origin,
    room,
    name,
    mode,
    ...(settings.kind === undefined ? {} : { kind: settings.kind }),
    ...(settings.owner === undefined ? {} : { owner: settings.owner }),
    ...limitsFromEnvironment(settings, before, around.env),
    joined: true,
  });
  if (!listed.ok) return listed;
  const daemon = await around.daemon();
  if (!daemon.ok) {
    await restoreProject(before, around);
    return daemon;
  }
  const ready = await daemon.value.request(
    "ready",
    { timeoutMs: READY_TIMEOUT_MS },
    { timeoutMs: READY_TIMEOUT_MS + 5_000 },
  );
  if (ready.ok) {
    const isFirst = keptBefore.ok && keptBefore.value === undefined;
    const notes = [
      ...told,
      ...settings.notes,
      ...(isFirst ? firstContactNote(settings, ready.value.relayKey) : []),
      ...(before === undefined ? nameNote(settings, around) : []),
      ...(await firstSettings(settings, around)),
    ];
    return shown(ready.value, around.project, notes);
  }
  // Nobody refused: the relay is away, and the daemon keeps trying.
  if (ready.code === "timeout") {
    const message = await withSettingsNamed(ready.message, settings, around);
    return fail(
      ready.code,
      `${message}${/[.!?]$/.test(message) ? "" : "."} See ${around.prefix}status, or ${around.prefix}stop.`,
    );
  }
  await leaveProject(around);
  await restoreProject(before, around);
  return ready;
}

/** Whether it is the member that this project was already, by the same token. */
function isSame(
  { relay, room, name, token }: Settings,
  before: Project | undefined,
  { home }: CommandContext,
): boolean {
  const known = findToken(home, relay.origin, room);
  return (
    before !== undefined &&
    before.relay === relay.url &&
    before.room === room &&
    before.name === name &&
    known.ok &&
    known.value?.token === token
  );
}

/** Keeps what the daemon needs of the settings; `network`: a running daemon doesn't have its part of that yet. */
async function record(
  { relay, room, token, root, relayKey }: Settings,
  around: CommandContext,
): Promise<Result<{ readonly network: boolean }>> {
  const { origin } = relay;
  const saved = await saveToken(around.home, { origin, room, token, ...(root === undefined ? {} : { root }) });
  if (!saved.ok) return saved;
  // By typing this in a terminal, a person says that this home is theirs: from now on hooks and agents may use it too.
  const marked = around.via === "cli" ? markHome(around.home) : saved;
  if (!marked.ok) return marked;
  const network = await recordOwnNetwork(origin, around);
  if (!network.ok) return network;
  const kept = relayKey === undefined ? saved : await keepRelayKey(around.home, { origin, key: relayKey });
  return kept.ok ? ok({ network: network.value }) : kept;
}

function shown(ready: Omit<StartResult, "project" | "notes">, project: string, notes: readonly string[]): Joined {
  const { name, mode, online } = ready;
  return {
    ok: true,
    data: { ...ready, project, notes },
    lines: [
      `joined as ${name} (mode=${mode}), online: ${online.map((n) => harmlessLine(n, 40)).join(", ")}`,
      `The project is ${harmlessLine(project, 400)}`,
      ...notes.map((note) => harmlessLine(note, 400)),
    ],
  };
}

/**
 * When the message tells the person to put something into settings.json, creates that file, with comments, at the path it
 * names.
 */
async function withSettingsNamed(message: string, settings: Settings, around: CommandContext): Promise<string> {
  const file = '"caFile" in settings.json';
  if (!message.includes(file)) return message;
  const example = await writeExampleSettings(around.home, { relayUrl: settings.relay.url, room: settings.room });
  return example.ok ? message.replace(file, () => `"caFile" in ${example.value.path}`) : message;
}

/**
 * Records proxy and certificate authorities of a person's own terminal. True when a running daemon doesn't have them yet.
 */
async function recordOwnNetwork(origin: string, { via, home, env }: CommandContext): Promise<Result<boolean>> {
  return via === "cli" && origin.startsWith("wss:") ? await recordNetwork(home, origin, env) : ok(false);
}

/** Whether a running daemon was refused, or is waiting after a failure. */
async function isKeptOut(around: CommandContext): Promise<boolean> {
  const daemon = await around.running();
  if (!daemon.ok) return false;
  const who = await daemon.value.request("who", {}, { timeoutMs: LOOK_TIMEOUT_MS });
  if (!who.ok) return false;
  const { state, retryInMs } = who.value.connection;
  return state === "refused" || retryInMs !== undefined;
}

/** At first contact, says which key is trusted from now on. */
function firstContactNote({ relay, relayKey: named }: Settings, proved: string | undefined): string[] {
  return named !== undefined || proved === undefined
    ? []
    : [`First contact with the relay at ${relay.origin}: its key ${proved} is kept, and no other believed.`];
}

/** Says so when a folder's name had to be changed to become a member's. */
function nameNote({ name }: Settings, { project }: CommandContext): string[] {
  const folder = basename(project);
  if (folder === name || suggestMemberName(folder) !== name) return [];
  return [`Your name was made from the folder's, ${folder}: start -n NAME chooses another.`];
}

/** Records what only the environment says, since the daemon doesn't see this environment. */
function limitsFromEnvironment(
  settings: Settings,
  before: Project | undefined,
  env: CommandContext["env"],
): Partial<Pick<Project, Recorded>> {
  const limits = RECORDED.map((name) => {
    const { env: now, former } = SETTING_ROWS[name];
    const isSet = env[now ?? ""] !== undefined || env[former?.env ?? ""] !== undefined;
    return [name, isSet ? settings[name] : before?.[name]] as const;
  });
  return Object.fromEntries(limits.filter(([, value]) => value !== undefined));
}

type Recorded = "hopLimit" | "mentionMaxAgeMs" | "chainBudget" | "maxPayloadBytes" | "maxFileBytes";
const RECORDED = settingsThat(({ recorded }) => recorded === true) as readonly Recorded[];

/** The first start leaves an example of the settings, filled in as far as they are known. */
async function firstSettings(settings: Settings, around: CommandContext): Promise<string[]> {
  const example = await writeExampleSettings(around.home, { relayUrl: settings.relay.url, room: settings.room });
  return example.ok && example.value.written ? [`Settings for later are in ${example.value.path}.`] : [];
}
