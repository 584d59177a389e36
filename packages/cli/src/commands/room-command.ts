// The commands that every surface has (say, inbox, who, …): read by the one parser, carried out by the one runner, printed.
import { parseWords, runCommand } from "@agora/commands";
import { withSurroundings } from "../surroundings.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** Carries out `name words…`; `common` are the common options that stood before the name. */
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
  const answer = await withSurroundings(start, parsed.project ?? common.project, (around) =>
    runCommand(command, around),
  );
  if (!answer.ok) return printFailure(answer, json);
  if (json) printJson(answer.data);
  else print(...answer.lines);
  return 0;
}
