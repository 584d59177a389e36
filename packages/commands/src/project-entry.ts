// What becomes of a project's line in the registry when a start did not come about.
import { editProject, type Project, putProject, removeProject } from "@agora/home";
import type { CommandContext } from "./answer.ts";
import { endDaemon } from "./end-daemon.ts";

/** Marks the project as not joined and ends its daemon. */
export async function leaveProject(around: CommandContext): Promise<void> {
  await editProject(around.home, around.project, { joined: false });
  await endDaemon(around);
}

/** Gives the project the line it had before, not joined; a project that had none gets none. */
export async function restoreProject(before: Project | undefined, around: CommandContext): Promise<void> {
  if (before === undefined) await removeProject(around.home, around.project);
  else await putProject(around.home, { ...before, joined: false });
}
