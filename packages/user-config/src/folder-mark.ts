// A project's folder carries the id of its memory in `.agora/folder.json`. It is believed only as far as the home confirms
// it: an id known to this home tells a moved folder from a copy; an unknown one means that another home works in the folder.
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import type { Home, HomeCode } from "./directory.ts";
import { readPrivate } from "./private-file.ts";
import { hasMemory, isProjectId } from "./project-memory.ts";
import { listProjects, type Project } from "./registry.ts";
import { fail, ok } from "./result.ts";

/** What a folder says about itself. */
interface FolderMark {
  readonly id: string;
  /** The inode of the project's folder when it was marked; it differs in a clone or a copy. */
  readonly folder: string;
  /** The home that made it, by path and inode: a copy of a home knows the same ids. */
  readonly home: string;
  readonly homeInode: string;
}

/** The path of the mark. */
export function folderMarkPath(project: string): string {
  return join(project, ".agora", "folder.json");
}

/** The contents of a project's mark. */
export function folderMarkText(home: Home, project: string, id: string): string {
  const mark: FolderMark = { id, folder: inode(project), home: home.path, homeInode: inode(home.path) };
  return `${JSON.stringify({ v: 1, ...mark })}\n`;
}

function inode(folder: string): string {
  return String(lstatSync(folder, { bigint: true, throwIfNoEntry: false })?.ino ?? "");
}

/** Whether this home made the mark: here, before the home was moved here, or before it was restored from a backup. */
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

/** Refuses a folder that another home works in, judged by a mark made in this very folder. */
export function checkFolderMark(home: Home, project: string): Result<void, "other-home"> {
  const mark = readMark(project);
  // A mark that came with a clone, or with a copy of another home's folder, is about another folder and says nothing about
  // this one.
  if (mark === undefined || isOurs(home, mark) || mark.folder !== inode(project)) return ok(undefined);
  return fail(
    "other-home",
    `Another Agora home already keeps this project's room in ${project}: use that home, or another folder; if it is gone for good, remove ${folderMarkPath(project)} first.`,
  );
}

/** What the mark of an unlisted folder tells. */
export interface Recognized {
  /** The listed project that was moved here. */
  readonly moved?: Project;
  /** The listed project that this is a copy of. */
  readonly copyOf?: Project;
  /** The mark was made in this very folder, not in one that this is a copy of. */
  readonly isSame: boolean;
}

/** Recognizes an unlisted folder as a moved project or a copy of one. */
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
