// Doctor checks of this machine: Node, the user's directory, the registry, settings, sockets.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  ensureHome,
  ensureSocketFolder,
  type Home,
  ignoredNetworkNote,
  listProjects,
  otherSystemsNote,
  readSettings,
  settingsPath,
  socketPath,
} from "@agora/user-config";
import { broken, doubtful, type Finding, good } from "./doctor-finding.ts";

/** Whether we support this Node. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) return broken("node", version, "install Node 22 or newer");
  if (major < 22) return doubtful("node", `${version} works, but its line has ended`, "install Node 22 or newer");
  return good("node", version);
}

/** Where programs not started by a shell look for `node`: a desktop client has no version manager on its PATH. */
const DESKTOP_PATH = ["/usr/local/bin", "/usr/bin", "/bin"];

/** Whether clients find `node`, which starts the plugins' servers and hooks. */
export function checkNodePath(env: Readonly<Record<string, string | undefined>>, node: string): Finding {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const find = (folders: readonly string[]): string | undefined =>
    folders
      .filter((folder) => folder !== "")
      .map((folder) => join(folder, name))
      .find((path) => existsSync(path));
  const found = find((env["PATH"] ?? "").split(delimiter));
  const link = `link it where all programs look: sudo ln -s ${node} /usr/local/bin/node`;
  if (found === undefined)
    return doubtful("node-path", "node is not on the PATH: a client's plugin is started with it and fails", link);
  if (process.platform === "win32" || find(DESKTOP_PATH) !== undefined) return good("node-path", found);
  return doubtful(
    "node-path",
    `node is on your shell's PATH alone (${found}): a client started from the desktop may not find it`,
    `start the client in a terminal, or ${link}`,
  );
}

/** Whether another system's variables are set, which people may expect us to read; no findings if none is. */
export function checkOtherSystems(env: Readonly<Record<string, string | undefined>>): Finding[] {
  const note = otherSystemsNote(env);
  return note === undefined ? [] : [doubtful("environment", note, "set ours instead; docs/guide/coming-from.md")];
}

/** Whether this environment names a proxy or certificate authority that we ignore; no findings if it doesn't. */
export function checkNetwork(
  home: Home,
  origin: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Finding[] {
  const note = origin === undefined ? undefined : ignoredNetworkNote(home, origin, env);
  return note === undefined ? [] : [doubtful("network", note, "agora start in a terminal records what that one has")];
}

/** The user's directory and its contents. Creates nothing. */
export async function checkHome(home: Home): Promise<Finding[]> {
  if (!existsSync(home.path)) return [doubtful("home", `${home.path} is not there yet`, "agora start makes it")];
  const made = ensureHome(home);
  if (!made.ok) return [broken("home", made.message, `look at ${home.path} with ls -ld`)];
  const projects = listProjects(home);
  const settings = await readSettings(home);
  return [
    good("home", home.path),
    projects.ok
      ? good("registry", `${projects.value.length} listed, ${projects.value.filter((p) => p.joined).length} joined`)
      : broken("registry", projects.message, "move the file away and start the projects again"),
    settings.ok
      ? good("settings", existsSync(settingsPath(home)) ? settingsPath(home) : "none, the defaults hold")
      : broken("settings", settings.message, `correct ${settingsPath(home)}`),
  ];
}

/** The folder of the project's socket. */
export function checkSocket(home: Home, project: string): Finding {
  if (!existsSync(home.path)) return good("socket", "not needed yet");
  const place = socketPath(home, project);
  const folder = ensureSocketFolder(home, place);
  return folder.ok
    ? good("socket", place.path)
    : broken("socket", folder.message, "remove that folder, or set XDG_RUNTIME_DIR to one of yours");
}
