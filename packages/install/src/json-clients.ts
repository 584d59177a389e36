// The clients with a JSON configuration: each with the file and form given in its documentation.
import { join } from "node:path";
import type { Client, Launch, World } from "./client.ts";
import { serverArgs } from "./client.ts";
import { addEntry, commandAndArgs, entriesAt, hasEntry, type JsonPlace, removeEntry } from "./json-entry.ts";

interface JsonClient {
  readonly name: string;
  readonly title: string;
  readonly file: (world: World) => string;
  readonly present: (world: World) => boolean;
  readonly place: JsonPlace;
  readonly entry: (launch: Launch) => Readonly<Record<string, unknown>>;
  readonly refuses?: (world: World) => string | undefined;
  /** Where the file keeps servers for one folder alone. */
  readonly inFolder?: (folder: string) => readonly string[];
  readonly next?: string;
}

function jsonClient({ place, entry, inFolder, next, ...rest }: JsonClient): Client {
  return {
    ...rest,
    add: (text, launch, name) => addEntry(text, place, name, entry(launch)),
    remove: (text, name) => removeEntry(text, place, name),
    has: (text, name) => hasEntry(text, place, name),
    entries: (text, folder) =>
      entriesAt(text, [place.servers, ...(inFolder === undefined ? [] : [inFolder(folder)])], place.words),
    next: next ?? `Restart ${rest.title}; the room's tools are in its list then.`,
  };
}

const home = ({ env, homedir }: World): string => env["HOME"] || env["USERPROFILE"] || homedir;

/**
 * How long a client waits for our answers, milliseconds: some wait 5 s by default, in which a busy machine does not start the server,
 * and a `wait` lasts longer.
 */
const REQUEST_TIMEOUT_MS = 300_000;

const MCP_SERVERS: JsonPlace = { servers: ["mcpServers"], words: commandAndArgs };

/** `{ command, args }`, as most clients have it. */
const commandEntry = (kind: string) => (launch: Launch) => ({
  command: launch.command,
  args: serverArgs(launch, kind),
});

const claude = jsonClient({
  name: "claude",
  title: "Claude Code",
  file: (world) => join(world.env["CLAUDE_CONFIG_DIR"] || home(world), ".claude.json"),
  present: (world) => world.exists(world.env["CLAUDE_CONFIG_DIR"] || join(home(world), ".claude")),
  place: MCP_SERVERS,
  entry: (launch) => ({ type: "stdio", ...commandEntry("claude")(launch) }),
  inFolder: (folder) => ["projects", folder, "mcpServers"],
  refuses(world) {
    const folder = world.env["CLAUDE_CONFIG_DIR"] || join(home(world), ".claude");
    const plugins = world.read(join(folder, "plugins", "installed_plugins.json"));
    return plugins?.includes('"agora@') === true
      ? "The plugin is installed in Claude Code and brings the same and more: nothing was added."
      : undefined;
  },
  next: "This gives Claude Code the tools alone; the plugin (claude plugin install agora@agora) brings commands and hooks as well.",
});

const gemini = jsonClient({
  name: "gemini",
  title: "Gemini CLI",
  file: (world) => join(home(world), ".gemini", "settings.json"),
  present: (world) => world.exists(join(home(world), ".gemini")),
  place: MCP_SERVERS,
  entry: (launch) => ({ ...commandEntry("gemini")(launch), timeout: REQUEST_TIMEOUT_MS }),
});

const cursor = jsonClient({
  name: "cursor",
  title: "Cursor",
  file: (world) => join(home(world), ".cursor", "mcp.json"),
  present: (world) => world.exists(join(home(world), ".cursor")),
  place: MCP_SERVERS,
  entry: commandEntry("cursor"),
});

const vscode = jsonClient({
  name: "vscode",
  title: "VS Code",
  file: (world) => join(codeFolder(world), "User", "mcp.json"),
  present: (world) => world.exists(codeFolder(world)),
  place: { servers: ["servers"], words: commandAndArgs },
  entry: (launch) => ({ type: "stdio", ...commandEntry("vscode")(launch) }),
});

function codeFolder(world: World): string {
  const { env, platform } = world;
  if (platform === "win32") return join(env["APPDATA"] || join(home(world), "AppData", "Roaming"), "Code");
  if (platform === "darwin") return join(home(world), "Library", "Application Support", "Code");
  return join(env["XDG_CONFIG_HOME"] || join(home(world), ".config"), "Code");
}

const opencode = jsonClient({
  name: "opencode",
  title: "opencode",
  file(world) {
    const withComments = join(opencodeFolder(world), "opencode.jsonc");
    return world.exists(withComments) ? withComments : join(opencodeFolder(world), "opencode.json");
  },
  present: (world) => world.exists(opencodeFolder(world)),
  place: {
    servers: ["mcp"],
    words: (entry) => {
      const command: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, "command") : undefined;
      return Array.isArray(command) ? (command as unknown[]) : [];
    },
  },
  entry: (launch) => ({
    type: "local",
    command: [launch.command, ...serverArgs(launch, "opencode")],
    enabled: true,
    timeout: REQUEST_TIMEOUT_MS,
  }),
});

function opencodeFolder(world: World): string {
  return join(world.env["XDG_CONFIG_HOME"] || join(home(world), ".config"), "opencode");
}

export const JSON_CLIENTS: readonly Client[] = [claude, gemini, cursor, vscode, opencode];
