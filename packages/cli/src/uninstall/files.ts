// Our files on disk: the link on the PATH, each project's `.agora` with what is still waiting there, the service, and the
// home.
import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { spawnSync } from "node:child_process";
import { type Home, userFolder } from "@agora/user-config";
import { findShellLink, hasRcLine, removeRcLine, removeShellLink, type World } from "@agora/install";
import { fail, ok, type Result } from "@agora/protocol";
import { manageService } from "@agora/resident";
import type { Start } from "../terminal.ts";
import type { Listed } from "./daemons.ts";
import type { Item } from "./item.ts";

/** The link created by `agora install shell`, and its line in the shell's startup file. */
export function shellItems(home: Home, world: World): Item[] {
  const found = findShellLink(home, world);
  const line = hasRcLine(found);
  if (!line && (found.state !== "there" || found.link === found.script)) return [];
  return [
    {
      kind: "shell",
      what: `${found.link}${line ? `, and the line for it in ${found.rc.file}` : ""}`,
      async take() {
        removeShellLink(found);
        if (line) removeRcLine(found);
        return await Promise.resolve(ok(undefined));
      },
    },
  ];
}

/** Each project's view of its room, and what is waiting there. */
export function folderItems(projects: readonly Listed[]): Item[] {
  return projects.flatMap(({ project, status }): Item[] => {
    const path = join(project.path, ".agora");
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isDirectory()) return []; // a link isn't ours
    const waits =
      status === undefined
        ? "its daemon is off: agora inbox there tells what waits"
        : `${status.inbox} waiting in the inbox, ${status.queued} not sent yet`;
    return [
      {
        kind: "folder",
        what: `${path}: the newest history of ${project.room} as ${project.name} and its files (${waits})`,
        take: async () => await Promise.resolve(removeFolder(path)),
      },
    ];
  });
}

/** A resident's unit, if the service manager has one. */
export async function serviceItems({ env, entry }: Start): Promise<Item[]> {
  const shown = await manageService({ what: "find", flags: {}, env, entry });
  if (!shown.ok || shown.value.what === "absent") return [];
  const { path } = shown.value;
  return [
    {
      kind: "service",
      what: `the service ${path}`,
      async take() {
        const before = shown.value.next;
        for (const line of before.slice(0, 1))
          spawnSync("sh", ["-c", line], { env: env, stdio: "ignore", timeout: 30_000 });
        const removed = await manageService({ what: "uninstall", flags: {}, env, entry });
        if (!removed.ok) return removed;
        for (const line of before.slice(1))
          spawnSync("sh", ["-c", line], { env: env, stdio: "ignore", timeout: 30_000 });
        return ok(undefined);
      },
    },
  ];
}

/** The home: keys, tokens, settings, what daemons remember, copies of the program. */
export function homeItems(home: Home, projects: readonly Listed[], env: Start["env"]): Item[] {
  if (!existsSync(home.path)) return [];
  const rooms = new Set(projects.map(({ project }) => `${project.name} in ${project.room}`));
  const keys =
    rooms.size === 0 ? "" : `; without its keys you would be somebody else to the others (${[...rooms].join(", ")})`;
  return [
    {
      kind: "home",
      what: `${home.path}: keys, tokens, settings, the list of projects and their whole histories${keys}`,
      take: async () => await Promise.resolve(removeHome(home, projects, env)),
    },
  ];
}

/** What Agora creates in a home. */
const NAMES =
  /^(keys|persons|pins|projects|rooms|run|bin|versions|installed|resident|copies(\.json)?|home\.json|hook-proofs\.json|network\.json|relays\.json|relay|ca\.pem|registry\.json|tokens\.json|settings\.json|ipc-secret|link-request\.json|.*\.lock|cli\.log(\.1)?)$/;

/** A home that also contains other things keeps those. */
function removeHome(home: Home, projects: readonly Listed[], env: Start["env"]): Result<string | undefined> {
  const holds = (path: string): boolean => !relative(home.path, path).startsWith("..");
  const shared = [userFolder(env), process.cwd(), ...projects.map(({ project }) => project.path)].some(holds);
  if (!shared && existsSync(join(home.path, "ipc-secret"))) return removeFolder(home.path);
  try {
    for (const name of readdirSync(home.path))
      if (NAMES.test(name)) rmSync(join(home.path, name), { recursive: true, force: true });
    if (readdirSync(home.path).length > 0) return ok(`${home.path} has other things in it, which stay.`);
    rmdirSync(home.path);
    return ok(undefined);
  } catch (error) {
    return failed(home.path, error);
  }
}

function removeFolder(path: string): Result<undefined> {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    return ok(undefined);
  } catch (error) {
    return failed(path, error);
  }
}

function failed(path: string, error: unknown): Result<never> {
  return fail("disk", `${path} could not be removed: ${error instanceof Error ? error.message : "unknown reason"}.`);
}
