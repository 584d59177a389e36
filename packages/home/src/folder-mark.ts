// A project's folder carries the id of its memory in `.agora/folder.json`. It is believed only as far as the home confirms it:
// an id of this home tells a folder that was moved from a copy; an id of no memory here, that another home works in the folder.
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import type { Home, HomeCode } from "./directory.ts";
import { readPrivate } from "./private-file.ts";
import { hasMemory, isProjectId } from "./project-memory.ts";
import { listProjects, type Project } from "./registry.ts";
import { fail, ok } from "./result.ts";

/** What a folder says of itself. */
interface FolderMark {
  readonly id: string;
  /** The inode of the project's folder when it was marked: in a clone, or a copy, it is another one. */
  readonly folder: string;
  /** The home that made it, by path and inode: a copy of a home knows the same ids. */
  readonly home: string;
  readonly homeInode: string;
}

/** The mark's place. */
export function folderMarkPath(project: string): string {
  return join(project, ".agora", "folder.json");
}

/** What is written into the mark of a project. */
export function folderMarkText(home: Home, project: string, id: string): string {
  const mark: FolderMark = { id, folder: inode(project), home: home.path, homeInode: inode(home.path) };
  return `${JSON.stringify({ v: 1, ...mark })}\n`;
}

function inode(folder: string): string {
  return String(lstatSync(folder, { bigint: true, throwIfNoEntry: false })?.ino ?? "");
}

/** Whether this home made the mark: here, before it was moved here, or before it was put back from a backup. */
function isOurs(home: Home, mark: FolderMark): boolean {
  if (!hasMemory(home, mark.id)) return false;
  return mark.home === home.path || mark.homeInode === inode(home.path) || !existsSync(mark.home);
}

function readMark(project: string): FolderMark | undefined {
  const folder = lstatSync(join(project, ".agora"), { throwIfNoEntry: false });
  const text = folder?.isDirectory() === true ? readPrivate(folderMarkPath(project), false) : undefined;
  if (text?.ok !== true || text.value === undefined) return undefined;
  try {
    const mark = JSON.parse(text.value) as Partial<FolderMark>;
    const { id, folder: at, home, homeInode } = mark;
    return isProjectId(id) && [at, home, homeInode].every((fact) => typeof fact === "string")
      ? { id, folder: at!, home: home!, homeInode: homeInode! }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Refuses a folder that another home works in, by a mark that was made in this very folder. */
export function checkFolderMark(home: Home, project: string): Result<void, "other-home"> {
  const mark = readMark(project);
  // What came along with a clone, or a copy of another home's folder, is of another folder: it says nothing of this one.
  if (mark === undefined || isOurs(home, mark) || mark.folder !== inode(project)) return ok(undefined);
  return fail(
    "other-home",
    `Another Agora home already keeps this project's room in ${project}: use that home, or another folder; if it is gone for good, remove ${folderMarkPath(project)} first.`,
  );
}

/** A folder that is not listed, by its mark. */
export interface Recognized {
  /** The listed project that was moved here. */
  readonly moved?: Project;
  /** The listed project that this is a copy of. */
  readonly copyOf?: Project;
  /** The mark was made in this very folder, and not in another one that this is a copy of. */
  readonly isSame: boolean;
}

/** Recognizes a folder that is not listed: a listed project's that was moved, or a copy of one. */
export function recognizeFolder(home: Home, project: string): Result<Recognized, HomeCode> {
  const mark = readMark(project);
  if (mark === undefined || !hasMemory(home, mark.id)) return ok({ isSame: false });
  const projects = listProjects(home);
  if (!projects.ok) return projects;
  const isSame = mark.folder === inode(project);
  const owner = projects.value.find(({ id, path }) => id === mark.id && path !== project);
  if (owner === undefined) return ok({ isSame });
  return ok({ isSame, ...(existsSync(owner.path) ? { copyOf: owner } : { moved: owner }) });
}
