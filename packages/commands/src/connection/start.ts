// `start`: decides the settings, lists the project as joined, starts its daemon and waits for the relay's answer. If the
// relay refuses for good, the project is left as it was.
import { basename } from "node:path";
import {
  findProject,
  findRelayKey,
  findToken,
  isTooWide,
  keepRelayKey,
  markHome,
  type Project,
  putProject,
  recordNetwork,
  resolveSettings,
  saveToken,
  SETTING_ROWS,
  type Settings,
  settingsThat,
  type Typed,
  writeExampleSettings,
} from "@agora/home";
import { roleOf } from "@agora/ipc";
import { personOnly } from "@agora/ipc/person-only";
import {
  CLOSE_CODES,
  decodeInvite,
  fail,
  harmlessLine,
  namedByToken,
  type Failure,
  ok,
  type Result,
  suggestMemberName,
} from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { defineCommand } from "../define-command.ts";
import { endDaemon } from "../end-daemon.ts";
import { MODE_AUTO } from "../permissions.ts";
import { leaveProject, restoreProject } from "../project-entry.ts";
import type { Mode } from "../read-value.ts";
import { recognizeProject } from "../recognize-project.ts";
import { READY_TIMEOUT_MS } from "./ready.ts";
import { readStart, START_WORDS, type StartWords } from "./start-words.ts";

/** How long a daemon may take to report its state. */
const LOOK_TIMEOUT_MS = 2_000;

interface StartResult {
  readonly name: string;
  readonly room: string;
  readonly relay: string;
  readonly mode: Mode;
  readonly online: readonly string[];
  /** The folder that joined: the project's real path. */
  readonly project: string;
  readonly notes: readonly string[];
}
type Joined = Answer<StartResult>;

export const start = defineCommand({ ...START_WORDS, read: readStart, run });

async function run(command: StartWords, around: CommandContext): Promise<Answer<StartResult>> {
  const joined = await startWith(command, around);
  if (joined.ok && command.invite !== undefined && command.invite !== "-") {
    around.terminal?.warn(
      `The invite stood in the command line, where others on this machine can see it: "${around.prefix}start -" reads it from the standard input.`,
    );
  }
  return joined;
}

async function startWith(given: StartWords, around: CommandContext): Promise<Joined> {
  const place = findProject(around.home, around.project);
  if (!place.ok) return place;
  if (given.force !== true && isTooWide(around.project)) return tooWide(around.project);
  const read = await inviteOf(given, around);
  if (!read.ok) return read;
  const command = read.value;
  const listed = place.value.project?.path === around.project ? place.value.project : undefined;
  const byAgent = roleOf(around.via) === "agent";
  const known = await recognizeProject(around, listed, { name: command.as, byAgent });
  if (!known.ok) return known;
  const { before, notes } = known.value;
  if (byAgent) {
    const refused = agentsLimits(command, before);
    if (refused !== undefined) return refused;
  }
  const typed: Typed = {
    ...(command.as === undefined ? {} : { name: command.as }),
    ...(command.relay === undefined ? {} : { relay: command.relay }),
    ...(command.room === undefined ? {} : { room: command.room }),
    ...(command.mode === undefined ? {} : { mode: command.mode }),
    ...(command.invite === undefined ? {} : { token: command.invite }),
    ...(command.trustRelay === undefined ? {} : { relayKey: command.trustRelay }),
  };
  const decided = await decide(typed, before, around);
  const settings = await underItsName(decided, typed, before, around);
  if (!settings.ok) return settings;
  const joined = await join(settings.value, before, around, notes);
  if (joined.ok || !refusedToken(joined) || settings.value.tokenFrom !== "stored" || byAgent) return joined;
  // The stored token is no longer valid: a person at a terminal can enter a new one right away.
  const token = await around.ask?.secret("The stored token is refused. A new token, or an invite (agora1.…):");
  if (token === undefined || token === "") return joined;
  const again = await decide({ ...typed, token }, before, around);
  return again.ok ? await join(again.value, before, around, notes) : again;
}

/** Longer than any invite. */
const MAX_INVITE_CHARS = 64 * 1024;

/** Refuses a folder in which every repository below would speak as one member. */
function tooWide(folder: string): Failure<"too-wide"> {
  return fail(
    "too-wide",
    `${folder} is no project: it holds more than one. Start in the project's own folder, or with --force if you mean this one.`,
  );
}

/** The command with its invite: `-` means standard input, or asking the person. */
async function inviteOf(command: StartWords, { ask, terminal }: CommandContext): Promise<Result<StartWords>> {
  if (command.invite !== "-") return ok(command);
  if (terminal === undefined)
    return fail("usage", "- reads the standard input, which only a terminal has: paste the invite itself.");
  const text = (await terminal.input(MAX_INVITE_CHARS)) ?? (await ask?.secret("The invite (agora1.…):"));
  const invite = text?.trim() ?? "";
  if (invite === "")
    return fail("usage", "No invite came on the standard input: agora start - < FILE, with nothing else in it.");
  return decodeInvite(invite) === undefined
    ? fail("usage", "What came on the standard input is no whole invite: it is one word that begins with agora1.")
    : ok({ ...command, invite });
}

/**
 * An invite bound to a name provides that name if no other was chosen. Under another name the relay would refuse it, so that
 * is said at once.
 */
async function underItsName(
  decided: Result<Settings>,
  typed: Typed,
  before: Project | undefined,
  around: CommandContext,
): Promise<Result<Settings>> {
  const bound = decided.ok ? namedByToken(decided.value.token) : undefined;
  if (!decided.ok || bound === undefined || bound === decided.value.name) return decided;
  const isChosen = typed.name !== undefined || before !== undefined || (around.env["AGORA_NAME"] ?? "") !== "";
  if (!isChosen) return await decide({ ...typed, name: bound }, before, around);
  return fail(
    "invalid-name",
    `This invite is for the name ${bound}, not for ${decided.value.name}: ${around.prefix}start -n ${bound}, or ask for one of your own.`,
  );
}

/** An agent may only restart what a person set up, and at most tighten a brake. */
function agentsLimits(command: StartWords, before: Project | undefined): Failure | undefined {
  if (before === undefined) {
    return fail(
      "not-allowed",
      "Nobody has started this project yet: a person does that first, in the client or in an own terminal.",
    );
  }
  if (command.mode === "auto" && before.mode !== "auto") return personOnly(MODE_AUTO);
  const differs = (wish: string | undefined, recorded: string): boolean => wish !== undefined && wish !== recorded;
  if (
    command.invite !== undefined ||
    command.trustRelay !== undefined ||
    differs(command.as, before.name) ||
    differs(command.room, before.room) ||
    differs(command.relay, before.relay)
  ) {
    return fail(
      "not-allowed",
      "An agent can only start what was set up before: another name, room, relay or invite is the person's to give.",
    );
  }
  return undefined;
}

/** The settings; missing ones are asked for where somebody can answer. */
async function decide(typed: Typed, before: Project | undefined, around: CommandContext): Promise<Result<Settings>> {
  const person = roleOf(around.via) === "user";
  const resolve = (words: Typed): ReturnType<typeof resolveSettings> =>
    resolveSettings({
      home: around.home,
      path: around.project,
      ...(before === undefined ? {} : { project: before }),
      env: person ? around.env : {},
      trustEnv: around.via === "cli",
      typed: words,
    });
  let settings = await resolve(typed);
  if (!settings.ok && person && typed.token === undefined && around.ask !== undefined) {
    if (settings.code === "missing-relay") {
      const invite = await around.ask.secret("An invite (agora1.…), as the room's owner gave it to you:");
      if (invite !== undefined && decodeInvite(invite) !== undefined)
        settings = await resolve({ ...typed, token: invite.trim() });
    } else if (settings.code === "missing-token") {
      const token = await around.ask.secret("The room's token, or an invite (agora1.…):");
      if (token !== undefined && token.trim() !== "") settings = await resolve({ ...typed, token: token.trim() });
    }
  }
  if (settings.ok || (settings.code !== "missing-relay" && settings.code !== "missing-token") || !person)
    return settings;
  const example = await writeExampleSettings(around.home, {
    ...(typed.relay === undefined ? {} : { relayUrl: typed.relay }),
    ...(typed.name === undefined ? {} : { defaultName: typed.name }),
  });
  if (!example.ok || !example.value.written) return settings;
  const { path, missing } = example.value;
  const file = settings.message.includes(path) ? "That file" : path;
  return fail(
    settings.code,
    `${settings.message} ${file} was just written for you, with ${missing.join(" and ")} still to fill in.`,
  );
}

async function join(
  settings: Settings,
  before: Project | undefined,
  around: CommandContext,
  told: readonly string[],
): Promise<Joined> {
  const { relay, room, name, mode, token, root } = settings;
  const known = findToken(around.home, relay.origin, room);
  const same =
    before !== undefined &&
    before.relay === relay.url &&
    before.room === room &&
    before.name === name &&
    known.ok &&
    known.value?.token === token;
  const saved = await saveToken(around.home, {
    origin: relay.origin,
    room,
    token,
    ...(root === undefined ? {} : { root }),
  });
  if (!saved.ok) return saved;
  // By typing this in a terminal, a person says that this home is theirs: from now on hooks and agents may use it too.
  const marked = around.via === "cli" ? markHome(around.home) : saved;
  if (!marked.ok) return marked;
  const network = await recordOwnNetwork(relay.origin, around);
  if (!network.ok) return network;
  const keptBefore = findRelayKey(around.home, relay.origin);
  if (settings.relayKey !== undefined) {
    const kept = await keepRelayKey(around.home, { origin: relay.origin, key: settings.relayKey });
    if (!kept.ok) return kept;
  }
  // A daemon from an earlier start would go on under the old name, room, relay, token or mode. And if one can't get in with
  // what settings.json said then, a person may just have fixed the cause.
  if (!same || before?.mode !== mode || network.value || (await isKeptOut(around))) {
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
    const { online } = ready.value;
    const notes = [
      ...told,
      ...settings.notes,
      ...(keptBefore.ok && keptBefore.value === undefined ? firstContactNote(settings, ready.value.relayKey) : []),
      ...(before === undefined ? nameNote(settings, around) : []),
      ...(await firstSettings(settings, around)),
    ];
    return {
      ok: true,
      data: { ...ready.value, project: around.project, notes },
      lines: [
        `joined as ${ready.value.name} (mode=${ready.value.mode}), online: ${online.map((n) => harmlessLine(n, 40)).join(", ")}`,
        `The project is ${harmlessLine(around.project, 400)}`,
        ...notes.map((note) => harmlessLine(note, 400)),
      ],
    };
  }
  // Nobody refused: the relay is away, and the daemon keeps trying.
  if (ready.code === "timeout") {
    const message = await withSettingsNamed(ready.message, settings, around);
    return fail(ready.code, `${message} See ${around.prefix}status, or ${around.prefix}stop.`);
  }
  await leaveProject(around);
  await restoreProject(before, around);
  return ready;
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

function refusedToken(failure: Failure): boolean {
  return failure.message.includes(CLOSE_CODES.badToken.sentence) || failure.code === "bad-token";
}
