// Codex: one server and six hooks at the end of config.toml. Codex trusts a hook by its position among the hooks of its
// event, so ours come last, and replacing them keeps their positions.
import { join } from "node:path";
import { fail, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import { type Client, type EditCode, isOurs, type Launch, serverArgs, type World } from "./client.ts";
import { appendBlock, readToml, removeTables, type Table, type TomlFile } from "./toml-tables.ts";

/** Codex passes a server only these variables of the person's environment. */
const PASSED = [
  "CODEX_HOME",
  "AGORA_HOME",
  "AGORA_TOKEN",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
];

/** Each event with what else it tells, and its seconds; a placeholder without a value would make the hook fail. */
const HOOKS = [
  { event: "SessionStart", tells: "source", seconds: 20 },
  { event: "UserPromptSubmit", tells: "prompt", seconds: 60 },
  { event: "PostToolUse", tells: undefined, seconds: 10 },
  { event: "Stop", tells: undefined, seconds: 20 },
  { event: "PermissionRequest", tells: undefined, seconds: 5 },
  { event: "Interrupt", tells: undefined, seconds: 5 },
] as const;

const COMMENT = "# Agora, a room shared with other people and their agents";

export const codex: Client = {
  name: "codex",
  title: "Codex",
  file: (world) => join(codexHome(world), "config.toml"),
  present: (world) => world.exists(codexHome(world)),
  add(text, launch, name) {
    const before = text ?? "";
    const file = readToml(before);
    if (!file.ok) return file;
    const refused = inTheWay(file.value, name);
    if (refused !== undefined) return refused;
    const pieces = piecesOf(launch, name, section(section(file.value.value, "mcp_servers"), name)["env"]);
    const wanted = blockOf(pieces);
    const after = replaced(file.value, pieces, name) ?? appendBlock(before, wanted);
    const whole = readToml(after);
    return whole.ok ? ok(after) : fail("shape", shapeSentence(wanted));
  },
  remove(text, name) {
    const file = readToml(text);
    if (!file.ok) return file;
    return ok(removeTables(file.value, ownTables(file.value, name), isOwnComment));
  },
  forget(text, name) {
    const file = readToml(text);
    return file.ok ? removeTables(file.value, trustTables(file.value, name), () => false) : text;
  },
  has(text, name) {
    const file = readToml(text);
    return file.ok && ownTables(file.value, name).length > 0;
  },
  entries(text) {
    const file = readToml(text);
    if (!file.ok) return [];
    const servers = section(file.value.value, "mcp_servers");
    return Object.keys(servers).map((name) => ({
      words: serverWords(file.value, name),
      env: section(servers, name)["env"],
    }));
  },
  next:
    "Codex asks you to trust Agora's six hooks before it runs them: type /hooks in Codex, or run " +
    "agora doctor --trust-hooks. Without that your commands and mentions don't reach the session.",
};

/** The folder of Codex's configuration. */
export function codexHome({ env, homedir }: Pick<World, "env" | "homedir">): string {
  return env["CODEX_HOME"] || join(env["HOME"] || homedir, ".codex");
}

/** Whether the plugin is installed: then it provides all of this itself. */
export function hasCodexPlugin(text: string): boolean {
  const file = readToml(text);
  return file.ok && Object.keys(section(file.value.value, "plugins")).some((key) => key.startsWith("agora@"));
}

function inTheWay(file: TomlFile, name: string): Result<never, EditCode> | undefined {
  const words = serverWords(file, name);
  if (words.length > 0 && !isOurs(words))
    return fail("not-ours", `There is another server named ${name} already: choose another name with --name.`);
  if (Object.keys(section(file.value, "plugins")).some((key) => key.startsWith("agora@")))
    return fail(
      "twice",
      "The plugin is installed in Codex and brings the same: with both, everything would come twice. Remove one: codex plugin remove agora@agora.",
    );
  return undefined;
}

/** What we write: the server, or the hook of one event. */
interface Piece {
  readonly event?: string;
  readonly text: string;
}

/** `env`: what the person wrote there for our server, which stays when the entry is written anew. */
function piecesOf(launch: Launch, name: string, env: unknown): readonly Piece[] {
  const server = [
    `[mcp_servers.${name}]`,
    `command = ${JSON.stringify(launch.command)}`,
    `args = [${serverArgs(launch, "codex")
      .map((word) => JSON.stringify(word))
      .join(", ")}]`,
    `env_vars = [${PASSED.map((word) => JSON.stringify(word)).join(", ")}]`,
    ...environmentLine(env),
    "required = true",
    "startup_timeout_sec = 20",
    "tool_timeout_sec = 300",
  ];
  const hookOf = ({ event, tells, seconds }: (typeof HOOKS)[number]): readonly string[] => [
    `[[hooks.${event}]]`,
    `[[hooks.${event}.hooks]]`,
    'type = "mcp_tool"',
    `server = ${JSON.stringify(name)}`,
    'tool = "hook"',
    `input = { event = "\${hook_event_name}", session = "\${session_id}", cwd = "\${cwd}"${tells === undefined ? "" : `, ${tells} = "\${${tells}}"`} }`,
    `timeout = ${seconds}`,
  ];
  return [{ text: server.join("\n") }, ...HOOKS.map((hook) => ({ event: hook.event, text: hookOf(hook).join("\n") }))];
}

function environmentLine(env: unknown): readonly string[] {
  const texts = Object.entries(typeof env === "object" && env !== null ? env : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (texts.length === 0) return [];
  return [`env = { ${texts.map(([key, value]) => `${JSON.stringify(key)} = ${JSON.stringify(value)}`).join(", ")} }`];
}

function blockOf(pieces: readonly Piece[]): string {
  const comment = `${COMMENT}; "agora install codex --uninstall" takes this out again.\n`;
  return comment + pieces.map(({ text }) => `${text}\n`).join("\n");
}

/** The file with our tables replaced in place; undefined if there are none. */
function replaced(file: TomlFile, pieces: readonly Piece[], name: string): string | undefined {
  const tables = ownTables(file, name);
  const [first] = tables;
  const last = tables.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const between = file.tables.filter(({ start }) => start >= first.start && start <= last.start);
  // A new hook of ours must not go before one that the person added after ours.
  const isLaterTaken = pieces.some(({ event }) => {
    const isOf = ({ keys }: Table): boolean => event !== undefined && keys[0] === "hooks" && keys[1] === event;
    return !tables.some(isOf) && file.tables.some((table) => table.start > last.end && isOf(table));
  });
  if (between.length !== tables.length || isLaterTaken) return replacedEach(file, tables, pieces);
  const { text } = file;
  const wanted = blockOf(pieces);
  const lineBefore = text.slice(0, first.start).trimEnd().split("\n").at(-1) ?? "";
  const from = isOwnComment(lineBefore) ? text.lastIndexOf(lineBefore, first.start) : first.start;
  const newline = text.indexOf("\n", last.end);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return text.slice(0, from) + wanted.replaceAll("\n", eol) + (newline < 0 ? "" : text.slice(newline + 1));
}

/** Replaces each of our pieces in place and adds new ones at the end: nobody's hook changes its position. */
function replacedEach(file: TomlFile, tables: readonly Table[], pieces: readonly Piece[]): string {
  const eol = file.text.includes("\r\n") ? "\r\n" : "\n";
  const standing = pieces.map((piece) => {
    const own = tables.filter(({ keys }) => keys[0] === (piece.event === undefined ? "mcp_servers" : "hooks"));
    const [first, ...more] = piece.event === undefined ? own : own.filter(({ keys }) => keys[1] === piece.event);
    return { ...piece, start: first?.start, end: (more.at(-1) ?? first)?.end };
  });
  const isForeign = (table: Table): boolean => !tables.includes(table);
  if (
    standing.some(({ start = 0, end = 0 }) => file.tables.some((t) => isForeign(t) && t.start > start && t.end < end))
  )
    return appendBlock(removeTables(file, tables, isOwnComment), blockOf(pieces));
  let text = file.text;
  for (const { start, end, text: wanted } of standing.toSorted((a, b) => (b.start ?? 0) - (a.start ?? 0)))
    if (start !== undefined) text = text.slice(0, start) + wanted.replaceAll("\n", eol) + text.slice(end);
  const added = standing.filter(({ start }) => start === undefined).map((piece) => `${piece.text}\n`);
  return added.length === 0 ? text : appendBlock(text, added.join("\n"));
}

/** Our server and our hooks. */
function ownTables(file: TomlFile, name: string): Table[] {
  const server = file.tables.filter(({ keys }) => keys[0] === "mcp_servers" && keys[1] === name);
  const hooks = ownGroups(file, name).flatMap(({ keys: [, event, index] }) =>
    file.tables.filter(({ keys }) => keys[0] === "hooks" && keys[1] === event && keys[2] === index),
  );
  return [...(isOurs(serverWords(file, name)) ? server : []), ...hooks].sort((a, b) => a.start - b.start);
}

function ownGroups(file: TomlFile, name: string): Table[] {
  const groups = file.tables.filter(({ keys }) => keys[0] === "hooks" && keys.length === 3 && keys[1] !== "state");
  return groups.filter(({ keys: [, event, index] }) => isOwnGroup(file, String(event), Number(index), name));
}

/** Codex's notes of the person's trust in our hooks, each under the file's path, the event and the position. */
function trustTables(file: TomlFile, name: string): Table[] {
  const positions = ownGroups(file, name).map(
    ({ keys: [, event, index] }) => `:${snakeCase(String(event))}:${index}:0`,
  );
  const states = file.tables.filter(({ keys }) => keys[0] === "hooks" && keys[1] === "state");
  const ours = states.filter(({ keys }) => {
    const key = String(keys[2] ?? "");
    return key.includes("config.toml:") && positions.some((position) => key.endsWith(position));
  });
  // Codex writes an empty table above the first of them.
  const rest = states.filter((table) => !ours.includes(table));
  return ours.length > 0 && rest.length === 1 && rest[0]?.keys.length === 2 ? [...rest, ...ours] : ours;
}

function isOwnGroup(file: TomlFile, event: string, index: number, name: string): boolean {
  const groups = section(file.value, "hooks")[event];
  const group: unknown = Array.isArray(groups) ? (groups as unknown[])[index] : undefined;
  const hooks: unknown = typeof group === "object" && group !== null ? Reflect.get(group, "hooks") : undefined;
  if (!Array.isArray(hooks) || hooks.length !== 1) return false;
  const [hook] = hooks as readonly unknown[];
  if (typeof hook !== "object" || hook === null) return false;
  return Reflect.get(hook, "server") === name && Reflect.get(hook, "tool") === "hook";
}

function serverWords(file: TomlFile, name: string): readonly unknown[] {
  const server = section(file.value, "mcp_servers")[name];
  if (typeof server !== "object" || server === null) return [];
  const args: unknown = Reflect.get(server, "args");
  return [Reflect.get(server, "command"), ...(Array.isArray(args) ? (args as unknown[]) : [])];
}

function section(value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const found = value[name];
  return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
}

const isOwnComment = (line: string): boolean => line.startsWith(COMMENT);

const snakeCase = (event: string): string => event.replaceAll(/(?<=.)([A-Z])/g, "_$1").toLowerCase();

function shapeSentence(block: string): string {
  return `The file keeps its servers or hooks in a form that can't be added to in place. Add this by hand:\n${block}`;
}
