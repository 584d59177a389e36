// Where a project's daemon finds its memory: by the id that the registry lists for it. A project listed before there were
// ids gets one, and its folder's contents are brought along.
import {
  checkFolderMark,
  editProject,
  ensureMemories,
  ensureMemory,
  findMemory,
  type Home,
  isProjectId,
  memoryPath,
  newProjectId,
  noteProject,
  type Project,
} from "@agora/user-config";
import type { Log } from "@agora/ports";
import { ok, type Result } from "@agora/protocol";
import { adoptJournals, removeAdopted } from "./adopt.ts";
import { checkFormats } from "./formats.ts";

export interface ProjectMemory {
  readonly id: string;
  readonly path: string;
}

/** Refuses foreseeable failures before anything is claimed, so that the launcher is sure to hear why. */
export function checkProjectMemory(home: Home, project: Project): Result<void> {
  const mark = checkFolderMark(home, project.path);
  if (!mark.ok) return mark;
  const all = ensureMemories(home);
  if (!all.ok) return all;
  return isProjectId(project.id) ? checkFormats(memoryPath(home, project.id)) : ok(undefined);
}

/** Opens the memory of a listed project; nobody else may be doing so. `shown` is its `.agora`. */
export async function openProjectMemory(
  home: Home,
  project: Project,
  shown: string,
  log: Log,
): Promise<Result<ProjectMemory>> {
  const id = await idOf(home, project, shown, log);
  if (!id.ok) return id;
  const path = await ensureMemory(home, id.value, project.path);
  if (!path.ok) return path;
  if (project.id !== id.value) {
    const listed = await editProject(home, project.path, { id: id.value });
    if (!listed.ok) return listed;
  }
  return ok({ id: id.value, path: path.value });
}

async function idOf(home: Home, project: Project, shown: string, log: Log): Promise<Result<string>> {
  if (isProjectId(project.id)) return ok(project.id);
  const known = findMemory(home, project.path);
  if (!known.ok) return known;
  if (known.value !== undefined) return ok(known.value);
  const id = newProjectId();
  const path = memoryPath(home, id);
  const adopted = adoptJournals(shown, path);
  if (!adopted.ok) return adopted;
  if (adopted.value === "not-ours") log.warn("journals-not-ours", { path: shown });
  if (adopted.value === "adopted") {
    // From here on this is the memory, whatever happens before the registry says so.
    const noted = await noteProject(path, project.path);
    if (!noted.ok) return noted;
    removeAdopted(shown);
    log.info("journals-adopted", { path });
  }
  return ok(id);
}
