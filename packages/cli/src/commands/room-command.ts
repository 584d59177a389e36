// The commands that every surface has (say, inbox, who, …): parsed by the one parser, carried out by the one runner,
// printed.
import { parseWords, runCommand, VOCABULARY } from "@agora/commands";
import { joinedProject } from "@agora/user-config";
import { leaveWithParent } from "../leave-with-parent.ts";
import { withCommandContext } from "../command-context.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** Carries out `name words…`; `common` are the common options given before the name. */
export async function runRoomCommand(
  start: Start,
  name: string,
  words: readonly string[],
  common: { readonly json: boolean; readonly project?: string | undefined },
): Promise<ExitCode> {
  const parsed = parseWords(name, words);
  if (!parsed.ok) return printFailure(parsed, common.json || words.includes("--json"));
  const json = common.json || parsed.json;
  const { command } = parsed;
  if (command.name === "help") {
    const { printHelp } = await import("../program.ts");
    return printHelp(start, command.topic);
  }
  if (command.name === "top" && !json && process.stdout.isTTY && start.env["TERM"] !== "dumb") {
    const { liveTop } = await import("./live-top.ts");
    return liveTop(start, parsed.project ?? common.project);
  }
  if (command.name === "wait") leaveWithParent();
  const answer = await withCommandContext(
    start,
    parsed.project ?? common.project,
    async (around) => {
      const done = await runCommand(command, around);
      // If the daemon ended while we waited, either the person stopped it or it is being restarted.
      const left = command.name === "wait" && !done.ok && joinedProject(around.home, around.project) === undefined;
      return left ? { ...done, left } : done;
    },
    VOCABULARY[command.name].looks,
  );
  if (!answer.ok) {
    const code = printFailure(answer, json);
    return "left" in answer ? ENDED.stopped : code;
  }
  if (json) printJson(answer.data);
  else print(...answer.lines);
  return command.name === "wait" ? waitCode(answer.data) : 0;
}

/** Exit codes of waits that must not be repeated. */
const ENDED = { stopped: 3, refused: 4 } as const;

function waitCode(data: unknown): ExitCode {
  if (typeof data !== "object" || data === null) return 0;
  return "stopped" in data ? ENDED.stopped : "refused" in data ? ENDED.refused : 0;
}
