// Which project a folder is when it is started: one that was listed under this path, one that was listed under another path
// and moved here, or a new one. A copy of a project, or a folder that another home works in, is told and left alone.
import { checkFolderMark, moveProject, type Project, recognizeFolder } from "@agora/home";
import { findDaemon } from "@agora/ipc";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { CommandContext } from "./answer.ts";
import { endDaemon } from "./end-daemon.ts";

/** What was listed, and what the person is told about it. */
export interface KnownProject {
  readonly before?: Project;
  readonly notes: readonly string[];
}

/** `name` is the one the person asks for; `byAgent`: only what is surely the same folder may go on. */
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
  // The daemon of the old path still has the journals when the folder was moved under it.
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
