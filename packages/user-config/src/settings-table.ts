// Every personal setting, defined once: its allowed values, default, environment variable, and one sentence. settings.json
// and the environment are read by this table, a project's own file is checked against it, and the example left by a first
// start and the reference are generated from it.

/** A check: undefined when the value is fine, else what it must be. */
export type Check = (value: unknown) => string | undefined;

/** Which facts about this machine the room may see. */
export interface Share {
  readonly host: boolean;
  readonly dir: boolean;
  readonly branch: boolean;
  readonly client: boolean;
  /** Which tool a session waits for a permission to use. */
  readonly tool: boolean;
}

export type Mode = "manual" | "auto";

/** One setting. */
export interface Setting {
  readonly check: Check;
  /** What it is, in words: "a whole number from 0 to 100". */
  readonly type: string;
  /** The default: the value, or a description. */
  readonly otherwise: string | number;
  /** What it does, in one sentence. */
  readonly about: string;
  /** What the example shows, commented out, when nothing is known; without it the setting isn't in the example. */
  readonly sample?: unknown;
  /** Nothing works without it, so the example names it as missing. */
  readonly needed?: true;
  readonly env?: string;
  /** Its names before it was renamed, still read. */
  readonly former?: { readonly key: string; readonly env: string };
  /** Only in the environment, not in settings.json. */
  readonly onlyEnv?: true;
  /** A brake: a project's own file and a session's environment may only tighten it; only the person may loosen it. */
  readonly brake?: true;
  /** `start` records it if only the environment says it: the daemon doesn't see that environment. */
  readonly recorded?: true;
}

declare const VALUE: unique symbol;
/** A setting with the type of its value. */
type Of<Value, Row> = Row & { readonly check: Check; readonly type: string; readonly [VALUE]?: Value };
type Words = Omit<Setting, "check" | "type">;

/** The largest sensible hop limit and age of a mention. */
const MAX_HOP_LIMIT = 100;
const MAX_MENTION_AGE_MS = 30 * 24 * 3_600_000;
/** The largest sensible budget of a chain, automatic turns. */
const MAX_CHAIN_BUDGET = 1_000;
/** The largest sensible file and quota, bytes. */
const MAX_FILE_BYTES = 1024 ** 4;
/** Less than two segments of history can't be kept. */
const MIN_HISTORY_BYTES = 16 * 1024 * 1024;
const MAX_DAYS = 36_500;

/** Checks for a mode. */
export const checkMode: Check = (value) => (value === "manual" || value === "auto" ? undefined : `"manual" or "auto"`);

/** What a member is: a person's, or an agent that nobody sits at. */
export type MemberKind = "person" | "agent";

const checkKind: Check = (value) => (value === "person" || value === "agent" ? undefined : `"person" or "agent"`);

function text<const Row extends Words>(row: Row): Of<string, Row> {
  const type = "a text in quotes";
  return { ...row, type, check: (value) => (typeof value === "string" && value.trim() !== "" ? undefined : type) };
}

function whole<const Row extends Words>(from: number, to: number, row: Row): Of<number, Row> {
  const type = `a whole number from ${from} to ${to}`;
  const isOne = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;
  return { ...row, type, check: (value) => (isOne(value) ? undefined : type) };
}

/** Every setting, in the order of the example. */
export const SETTINGS = {
  relayUrl: text({
    about: "The relay: wss://host, or ws://127.0.0.1:8080 on this machine.",
    otherwise: "the one of an invite, or of the last start",
    sample: "wss://relay.example.org",
    needed: true,
    env: "AGORA_RELAY_URL",
  }),
  token: text({
    about: "The room's token, or an invite (agora1.…). It is only ever sent to the relay above.",
    otherwise: "the one kept for that relay and room",
    sample: "agora1.…",
    needed: true,
    env: "AGORA_TOKEN",
  }),
  room: text({ about: "The room.", otherwise: "lobby", sample: "lobby", env: "AGORA_ROOM" }),
  defaultName: text({
    about: "Your name in the room; without it, the project folder's name.",
    otherwise: "the project folder's name",
    sample: "alice",
    env: "AGORA_NAME",
  }),
  namePrefix: text({
    about: "How the names of members begin that nobody named: each folder gets a name of its own, which stays.",
    otherwise: "none",
    env: "AGORA_NAME_PREFIX",
  }),
  kind: {
    about: "person: this member is yours. agent: it is an agent of its own, which nobody sits at.",
    otherwise: "person",
    env: "AGORA_KIND",
    type: `"person" or "agent"`,
    check: checkKind,
  } as const satisfies Setting as Of<MemberKind, { readonly env: "AGORA_KIND" } & Words>,
  owner: text({
    about: "The member whose person answers for this one, if it is an agent; that person confirms it once.",
    otherwise: "nobody",
    env: "AGORA_OWNER",
  }),
  mode: {
    about: "manual: mentions wait for you. auto: your agent answers them by itself.",
    otherwise: "manual",
    sample: "manual",
    env: "AGORA_MODE",
    brake: true,
    type: `"manual" or "auto"`,
    check: checkMode,
  } as const satisfies Setting as Of<Mode, { readonly env: "AGORA_MODE"; readonly brake: true } & Words>,
  hopLimit: whole(0, MAX_HOP_LIMIT, {
    about: "Automatic answers in a row before a mention waits for a person.",
    otherwise: 3,
    sample: 3,
    env: "AGORA_HOP_LIMIT",
    brake: true,
    recorded: true,
  }),
  mentionMaxAgeMs: whole(1, MAX_MENTION_AGE_MS, {
    about: "A mention older than this (milliseconds) waits for a person.",
    otherwise: 300_000,
    sample: 300_000,
    env: "AGORA_MENTION_MAX_AGE_MS",
    former: { key: "taskAgeMs", env: "AGORA_TASK_AGE_MS" },
    brake: true,
    recorded: true,
  }),
  chainBudget: whole(0, MAX_CHAIN_BUDGET, {
    about: "Automatic turns of one chain, over all agents of the room, before a person is asked whether it may go on.",
    otherwise: 12,
    sample: 12,
    env: "AGORA_CHAIN_BUDGET",
    brake: true,
    recorded: true,
  }),
  maxPayloadBytes: whole(65_536, 1024 ** 3, {
    about: "The largest frame taken (bytes), for a relay that allows more than others do.",
    otherwise: "twice the protocol's largest frame",
    env: "AGORA_MAX_PAYLOAD",
    onlyEnv: true,
    recorded: true,
  }),
  maxFileBytes: whole(0, MAX_FILE_BYTES, {
    about: "The largest file taken or sent (bytes).",
    otherwise: "what the relay allows",
    env: "AGORA_MAX_FILE",
    recorded: true,
  }),
  autoFileBytes: whole(0, MAX_FILE_BYTES, {
    about: "Files up to this size (bytes) are fetched without asking; larger ones wait until you accept them.",
    otherwise: 25 * 1024 * 1024,
    sample: 25 * 1024 * 1024,
  }),
  fileQuotaBytes: whole(0, MAX_FILE_BYTES, {
    about: "What received files may take in one project (bytes).",
    otherwise: 2 * 1024 ** 3,
    sample: 2 * 1024 ** 3,
  }),
  share: {
    about: "What the room may see of this machine.",
    otherwise: "all five true",
    sample: { host: true, dir: true, branch: true, client: true, tool: true },
    type: "an object",
    check: (value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "an object",
  } satisfies Setting as Of<Partial<Share>, Words>,
  caFile: text({
    about: "More certificate authorities (PEM), for a relay with its own certificate.",
    otherwise: "those of the system",
    sample: "~/relay-ca.pem",
  }),
  historyMaxBytes: whole(MIN_HISTORY_BYTES, 1024 ** 5, {
    about: "How much of each room's history is kept on this disk; without it, all.",
    otherwise: "all",
    sample: 1024 ** 3,
  }),
  historyMaxAgeDays: whole(1, MAX_DAYS, {
    about: "How long history is kept; without it, for ever.",
    otherwise: "for ever",
    sample: 365,
  }),
  undeliveredMaxAgeDays: whole(1, MAX_DAYS, {
    about: "How long a message is kept for somebody who does not come back.",
    otherwise: 90,
    sample: 90,
  }),
} as const;

type Rows = typeof SETTINGS;
export type SettingName = keyof Rows;
type ValueOf<Row> = Row extends { readonly [VALUE]?: infer Value } ? Exclude<Value, undefined> : never;

/** Any setting, for code that treats all of them alike. */
export const SETTING_ROWS: Readonly<Record<SettingName, Setting>> = SETTINGS;

/** The person's settings, as settings.json has them. */
export type SettingsFile = {
  readonly [K in SettingName as Rows[K] extends { readonly onlyEnv: true } ? never : K]?: ValueOf<Rows[K]>;
};

/** The settings with an environment variable, and their values there. */
type WithTwin = { [K in SettingName]: Rows[K] extends { readonly env: string } ? K : never }[SettingName];
export type EnvSettings = { readonly [K in WithTwin]?: ValueOf<Rows[K]> };

/** The key that a setting has now, for one it had before. */
export function renamedSetting(key: string): string | undefined {
  return Object.entries(SETTING_ROWS).find(([, { former }]) => former?.key === key)?.[0];
}

/** What to tell a person who still writes a setting's old name. */
export function renamedNote(before: string, now: string): string {
  return `${before} is called ${now} now: the old name is still read, rename it when you can.`;
}

/** The settings whose row satisfies `are`. */
export function settingsThat(are: (row: Setting) => boolean): readonly SettingName[] {
  return (Object.keys(SETTING_ROWS) as SettingName[]).filter((name) => are(SETTING_ROWS[name]));
}
