// Restores a project's entry in the registry when a start failed.
import { editProject, type Project, putProject, removeProject } from "@agora/user-config";
import type { CommandContext } from "./answer.ts";
import { endDaemon } from "./end-daemon.ts";

/** Marks the project as not joined and stops its daemon. */
export async function leaveProject(around: CommandContext): Promise<void> {
  await editProject(around.home, around.project, { joined: false });
  await endDaemon(around);
}

/** Gives the project its previous entry, not joined; removes the entry if it had none. */
export async function restoreProject(before: Project | undefined, around: CommandContext): Promise<void> {
  if (before === undefined) await removeProject(around.home, around.project);
  else await putProject(around.home, { ...before, joined: false });
}
