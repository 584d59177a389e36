// Which home a hook, a session's seat and an agent's shell use. A project can set their environment (client project
// settings, direnv, a task runner), so the home it names counts only if it is a folder that this user marked. A person's own
// terminal isn't restricted: there the person decides which home to use.
import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import type { Result } from "@agora/protocol";
import { checkFolder, findHome, type Home } from "./directory.ts";
import type { Env } from "./env.ts";
import { isEmptyHome, isMarked } from "./home-mark.ts";
import { gitTop, isTooWide } from "./project-bounds.ts";
import { listProjects } from "./registry.ts";
import { fail, ok } from "./result.ts";

const GROUP_OR_OTHERS = 0o077;

/** The home from the system's own account record, whatever the environment says. */
export function accountHome(platform: NodeJS.Platform = process.platform): Home {
  return findHome({}, platform);
}

/**
 * The home named by this environment, if it can be believed: the account's own; or one that is absolute, this user's, closed
 * to others, marked (or still empty), and outside all listed projects and the project around each of `dirs`.
 */
export function acceptedHome(env: Env, dirs: readonly string[]): Result<Home, "bad-home"> {
  const home = findHome(env);
  const own = accountHome();
  if (home.path === own.path) return ok(home);
  const why = whyNot(env, home, own, dirs);
  return why === undefined
    ? ok(home)
    : fail("bad-home", `Agora did nothing: ${variableOf(env)} makes ${home.path} its home, ${why}`);
}

function whyNot(env: Env, home: Home, own: Home, dirs: readonly string[]): string | undefined {
  if (!isAbsolute(env[variableOf(env)] ?? "")) return "by a path that is not absolute: give the whole path.";
  const inside = holderOf(home, own, dirs);
  if (inside !== undefined)
    return `inside the project ${inside}: a home lies outside of projects, unset the variable or name another folder.`;
  const there = checkFolder(home.path);
  if (!there.ok) return `which can't be used: ${there.message}`;
  if (isEmptyHome(home)) return undefined;
  if (process.getuid !== undefined && (lstatSync(home.path).mode & GROUP_OR_OTHERS) !== 0)
    return `which others can read: run "chmod 700 ${home.path}" if it is yours.`;
  return isMarked(home)
    ? undefined
    : `which you have not made or used yourself: if it is yours, type "agora start" once in a terminal of your own.`;
}

/** The variable that decides the home. */
function variableOf(env: Env): "AGORA_HOME" | "XDG_CONFIG_HOME" | "HOME" | "APPDATA" | "USERPROFILE" {
  if ((env["AGORA_HOME"] ?? "") !== "") return "AGORA_HOME";
  if (process.platform === "win32") return env["APPDATA"] ? "APPDATA" : "USERPROFILE";
  const config = env["XDG_CONFIG_HOME"];
  return config !== undefined && isAbsolute(config) ? "XDG_CONFIG_HOME" : "HOME";
}

/**
 * The project that would contain the home; a project as wide as the user's own folder contains every home and doesn't count.
 */
function holderOf(home: Home, own: Home, dirs: readonly string[]): string | undefined {
  const path = realOf(home.path);
  const tops = dirs.flatMap((dir) => gitTop(realOf(dir)) ?? []);
  const listed = [own, home].flatMap((one) => {
    const projects = listProjects(one);
    return projects.ok ? projects.value.map((project) => project.path) : [];
  });
  return [...tops, ...listed].find((folder) => !isTooWide(folder) && holds(folder, path));
}

function holds(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === "" || (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside));
}

/** The real path, even of something that doesn't exist yet. */
function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realOf(above), path.slice(above.length));
  }
}
