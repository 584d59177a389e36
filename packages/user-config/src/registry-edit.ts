// Atomic changes to the list of projects, under its lock. What happens to a project's daemon isn't decided here.
import { existsSync } from "node:fs";
import type { Result } from "@agora/protocol";
import { ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import { replacePrivate } from "./private-file.ts";
import { findMemory, newProjectId } from "./project-memory.ts";
import { listProjects, type Project, readEntries, registryPath } from "./registry.ts";
import { fail, ok } from "./result.ts";

/**
 * Lists a project or replaces its entry (same path). An unlisted one gets the id of the memory kept for its path, or of its
 * member in a folder that is gone, or a new one. Refuses when another project has the same origin, room and name.
 */
export async function putProject(
  home: Home,
  project: Omit<Project, "at">,
): Promise<Result<Project, HomeCode | "name-in-use">> {
  return editProjects<Project, HomeCode | "name-in-use">(home, (projects) => {
    const entry = { ...project, at: Date.now() };
    if (project.id !== undefined || projects.some(({ path }) => path === project.path)) return admit(projects, entry);
    const known = findMemory(home, project.path);
    if (!known.ok) return known;
    const gone = projects.find((p) => sameMember(p, entry) && p.id !== undefined && !existsSync(p.path));
    return admit(projects, { ...entry, id: gone?.id ?? known.value ?? newProjectId() });
  });
}

/** Updates a project's path after its folder was moved; everything else stays. */
export async function moveProject(
  home: Home,
  from: string,
  to: string,
): Promise<Result<Project, HomeCode | "not-listed">> {
  return editProjects<Project, "not-listed">(home, (projects) => {
    const old = projects.find((p) => p.path === from);
    if (old === undefined) return fail("not-listed", `${from} is not in a room: "agora start" there joins one.`);
    const moved = { ...old, path: to, at: Date.now() };
    return ok({ gone: [from, to], added: moved, value: moved });
  });
}

/** Changes some facts of a listed project (mode, joined, …). */
export async function editProject(
  home: Home,
  path: string,
  change: Partial<Omit<Project, "path" | "at">>,
): Promise<Result<Project, HomeCode | "not-listed" | "name-in-use">> {
  return editProjects<Project, "not-listed" | "name-in-use">(home, (projects) => {
    const old = projects.find((p) => p.path === path);
    if (old === undefined) return fail("not-listed", `${path} is not in a room: "agora start" there joins one.`);
    return admit(projects, { ...old, ...change, path, at: Date.now() });
  });
}

/** Removes a project from the list; false when it wasn't listed. */
export async function removeProject(home: Home, path: string): Promise<Result<boolean, HomeCode>> {
  return editProjects(home, (projects) => ok({ gone: [path], value: projects.some((p) => p.path === path) }));
}

/** What an edit does to the list: paths whose entries go, an entry to add, and the result for the caller. */
interface Edit<T> {
  readonly gone: readonly string[];
  readonly added?: Project;
  readonly value: T;
}

/** A rival whose folder is gone was moved or deleted: its name is free and its entry goes. */
function admit(projects: readonly Project[], entry: Project): Result<Edit<Project>, "name-in-use"> {
  const rivals = projects.filter((p) => p.path !== entry.path && sameMember(p, entry));
  const living = rivals.find((p) => existsSync(p.path));
  if (living === undefined) {
    return ok({ gone: [entry.path, ...rivals.map((p) => p.path)], added: entry, value: entry });
  }
  return fail(
    "name-in-use",
    `"${entry.name}" is already your name in room ${entry.room} for the project ${living.path}: choose another with -n NAME.`,
  );
}

function sameMember(a: Project, b: Project): boolean {
  return a.origin === b.origin && a.room === b.room && a.name === b.name;
}

async function editProjects<T, Code extends string>(
  home: Home,
  edit: (projects: readonly Project[]) => Result<Edit<T>, Code>,
): Promise<Result<T, HomeCode | Code>> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  return withLock<T, HomeCode | Code>(registryPath(home), async () => {
    const entries = readEntries(home);
    const projects = listProjects(home);
    if (!entries.ok) return entries;
    if (!projects.ok) return projects;
    const edited = edit(projects.value);
    if (!edited.ok) return edited;
    const { gone, added, value } = edited.value;
    const kept = entries.value.filter((entry) => !gone.includes(pathOf(entry)));
    const next = added === undefined ? kept : [...kept, added];
    const written = await replacePrivate(
      registryPath(home),
      `${JSON.stringify({ v: 1, projects: next }, undefined, 2)}\n`,
    );
    return written.ok ? ok(value) : written;
  });
}

function pathOf(entry: unknown): string {
  const path = typeof entry === "object" && entry !== null && "path" in entry ? entry.path : undefined;
  return typeof path === "string" ? path : "";
}
