// The list of projects this user has started in. In an unlisted project a hook does nothing but read this, so reading loads
// no library and creates nothing.
import { realpathSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { checkFolder, type Home, type HomeCode } from "./directory.ts";
import { readPrivate } from "./private-file.ts";
import { gitTop, isTooWide, reachOf } from "./project-bounds.ts";
import { fail, ok } from "./result.ts";

export type Mode = "manual" | "auto";

/** A project this user has started in, by its real path. */
export interface Project {
  readonly path: string;
  /** The id of its memory in the home; absent when an earlier version listed it and no daemon has run since. */
  readonly id?: string;
  /** What to dial. */
  readonly relay: string;
  readonly origin: string;
  readonly room: string;
  readonly name: string;
  /** What the member is, and whose, where that was said at a start. */
  readonly kind?: "person" | "agent";
  readonly owner?: string;
  readonly mode: Mode;
  readonly hopLimit?: number;
  readonly mentionMaxAgeMs?: number;
  readonly chainBudget?: number;
  readonly maxPayloadBytes?: number;
  readonly maxFileBytes?: number;
  /** True until the person stops the project, then false until they start it again. */
  readonly joined: boolean;
  /** When it was listed or last changed, unix milliseconds. */
  readonly at: number;
}

/** Where a command applies: the listed project, or where one would be created. `path` is real. */
export interface Place {
  readonly path: string;
  readonly project?: Project;
}

/** The registry's file. */
export function registryPath(home: Home): string {
  return join(home.path, "registry.json");
}

const TEXTS = ["path", "relay", "origin", "room", "name"] as const;
const NUMBERS = ["hopLimit", "mentionMaxAgeMs", "chainBudget", "maxPayloadBytes", "maxFileBytes"] as const;

/** Checked by hand: a schema library would take longer to load than the rest of a hook. */
function isProject(value: unknown): value is Project {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Record<string, unknown>;
  return (
    TEXTS.every((key) => typeof entry[key] === "string") &&
    NUMBERS.every((key) => entry[key] === undefined || typeof entry[key] === "number") &&
    (entry["kind"] === undefined || entry["kind"] === "person" || entry["kind"] === "agent") &&
    (entry["owner"] === undefined || typeof entry["owner"] === "string") &&
    (entry["mode"] === "manual" || entry["mode"] === "auto") &&
    typeof entry["joined"] === "boolean" &&
    typeof entry["at"] === "number"
  );
}

/** An entry as it was written before one of its limits was renamed, by the name of now. */
function renamed(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null || !("taskAgeMs" in entry)) return entry;
  const { taskAgeMs: mentionMaxAgeMs, ...rest } = entry;
  return { mentionMaxAgeMs, ...rest };
}

/** All listed projects. Entries this version can't read are left out here (and kept in the file). */
export function listProjects(home: Home): Result<readonly Project[], HomeCode> {
  const entries = readEntries(home);
  return entries.ok ? ok(entries.value.map(renamed).filter(isProject)) : entries;
}

/** The registry's entries exactly as in the file. */
export function readEntries(home: Home): Result<readonly unknown[], HomeCode> {
  const there = checkFolder(home.path);
  if (!there.ok) return there;
  const text = there.value ? readPrivate(registryPath(home), false) : ok(undefined);
  if (!text.ok) return text;
  if (text.value === undefined) return ok([]);
  try {
    const file: unknown = JSON.parse(text.value);
    if (typeof file === "object" && file !== null && "projects" in file && Array.isArray(file.projects)) {
      return ok(file.projects);
    }
  } catch {
    // reported below
  }
  return fail(
    "bad-file",
    `${registryPath(home)} can't be read: move it away and run "agora start" in each project again.`,
  );
}

/**
 * The nearest listed ancestor of the real cwd up to the git top level, else the git top level, else the directory itself. A
 * folder as wide as the user's own stands only for itself: neither a list entry nor a repository there covers what is below.
 */
export function findProject(home: Home, cwd: string): Result<Place, HomeCode | "no-directory"> {
  const projects = listProjects(home);
  if (!projects.ok) return projects;
  let path: string;
  try {
    path = realpathSync.native(cwd);
  } catch {
    return fail("no-directory", `"${cwd}" is not there.`);
  }
  const project = nearest(projects.value, path);
  if (project !== undefined) return ok({ path: project.path, project });
  const top = gitTop(path);
  return ok({ path: top === undefined || isTooWide(top) ? path : top });
}

/** The joined project that contains `cwd`. For hooks: fast, quiet, undefined if in doubt. */
export function joinedProject(home: Home, cwd: string): Project | undefined {
  const projects = listProjects(home);
  if (!projects.ok || projects.value.length === 0) return undefined;
  try {
    const project = nearest(projects.value, realpathSync.native(cwd));
    return project?.joined === true ? project : undefined;
  } catch {
    return undefined;
  }
}

function nearest(projects: readonly Project[], path: string): Project | undefined {
  return reachOf(path)
    .map((dir) => projects.find((p) => p.path === dir))
    .find((p) => p !== undefined && (p.path === path || !isTooWide(p.path)));
}
