// Which project a folder is when it is started: one listed under this path, one listed under another path and moved here, or
// a new one. A copy of a project, or a folder that another home works in, is reported and left alone.
import { checkFolderMark, moveProject, type Project, recognizeFolder } from "@agora/user-config";
import { findDaemon } from "@agora/ipc";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { CommandContext } from "./answer.ts";
import { endDaemon } from "./end-daemon.ts";

/** What was listed, and what to tell the person about it. */
export interface KnownProject {
  readonly before?: Project;
  readonly notes: readonly string[];
}

/** `name` is the one the person asks for; `byAgent`: only proceed if it is certainly the same folder. */
export async function recognizeProject(
  around: CommandContext,
  listed: Project | undefined,
  { name, byAgent }: { readonly name: string | undefined; readonly byAgent: boolean },
): Promise<Result<KnownProject>> {
  const { home, project, version } = around;
  const mark = checkFolderMark(home, project);
  if (!mark.ok) return mark;
  if (listed !== undefined) return ok({ before: listed, notes: [] });
  const found = recognizeFolder(home, project);
  if (!found.ok) return found;
  const { copyOf, moved, isSame } = found.value;
  if (copyOf !== undefined && (name === undefined || name === copyOf.name))
    return fail(
      "copy",
      `${project} is a copy of ${copyOf.path}, which is ${copyOf.name} in ${copyOf.room}: give this one a name of its own, start -n NAME.`,
    );
  if (moved === undefined || (byAgent && !isSame)) return ok({ notes: [] });
  // If the folder was moved under a running daemon, the old path's daemon still has the journals.
  const running = (): ReturnType<typeof findDaemon> => findDaemon({ home, project: moved.path, version });
  const ended = await endDaemon({ ...around, running });
  if (!ended.ok) return ended;
  const entry = await moveProject(home, moved.path, project);
  if (!entry.ok) return entry;
  return ok({
    before: entry.value,
    notes: [harmlessLine(`This project was moved here from ${moved.path}: it goes on as ${moved.name}.`, 400)],
  });
}
