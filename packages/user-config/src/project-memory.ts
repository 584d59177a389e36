// What a project's daemon must be able to trust lives in the home, in `projects/<id>`, never in the project: journals,
// checkpoint, copies of what was sent. The id is random and made here once; a project that is moved keeps it.
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import { diskFailure, errorWord } from "./disk-failure.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { ok } from "./result.ts";

const ID = /^[0-9a-f]{32}$/;
const ID_BYTES = 16;

/** A new id. Nobody can guess it, so anyone who shows one that the home knows got it from the home. */
export function newProjectId(): string {
  return crypto().randomBytes(ID_BYTES).toString("hex");
}

/** Whether a text can be an id; anything else never becomes part of a path. */
export function isProjectId(text: unknown): text is string {
  return typeof text === "string" && ID.test(text);
}

/** The folder of all projects' memories. */
export function memoriesPath(home: Home): string {
  return join(home.path, "projects");
}

/** Where a project's memory is, or would be. */
export function memoryPath(home: Home, id: string): string {
  return join(memoriesPath(home), id);
}

/** Whether the home has a memory with this id. */
export function hasMemory(home: Home, id: string): boolean {
  return lstatSync(memoryPath(home, id), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Creates the folder of all memories. */
export function ensureMemories(home: Home): Result<string, HomeCode> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const all = ensureFolder(memoriesPath(home));
  return all.ok ? ok(memoriesPath(home)) : all;
}

/** Creates a project's memory (0700) and records where the project is. */
export async function ensureMemory(home: Home, id: string, project: string): Promise<Result<string, HomeCode>> {
  const all = ensureMemories(home);
  if (!all.ok) return all;
  const path = memoryPath(home, id);
  const made = ensureFolder(path);
  if (!made.ok) return made;
  const note = readNote(path);
  if (note === project) return ok(path);
  const noted = await noteProject(path, project);
  return noted.ok ? ok(path) : noted;
}

/** Records in a memory's folder which project it belongs to. */
export function noteProject(memory: string, project: string): Promise<Result<void, HomeCode>> {
  return replacePrivate(join(memory, "project.json"), `${JSON.stringify({ v: 1, path: project })}\n`);
}

/**
 * The id of the memory last recorded for a project at this path: for an entry that has lost its id, as an older version
 * leaves it.
 */
export function findMemory(home: Home, project: string): Result<string | undefined, HomeCode> {
  try {
    return ok(
      readdirSync(memoriesPath(home)).find((id) => isProjectId(id) && readNote(memoryPath(home, id)) === project),
    );
  } catch (error) {
    return errorWord(error) === "ENOENT" ? ok(undefined) : diskFailure(memoriesPath(home), error);
  }
}

function readNote(memory: string): string | undefined {
  const text = readPrivate(join(memory, "project.json"), false);
  if (!text.ok || text.value === undefined) return undefined;
  try {
    const { path } = JSON.parse(text.value) as { readonly path?: unknown };
    return typeof path === "string" ? path : undefined;
  } catch {
    return undefined;
  }
}
