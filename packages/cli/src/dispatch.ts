// From the first words to the code that carries them out. Commander, which knows the whole tree, is loaded only for the less
// frequent commands.
import { isCommandName } from "@agora/commands";
import { HUB } from "@agora/ipc";
import { fail } from "@agora/protocol";
import { type ExitCode, leaveWithClosedPipe, printFailure, type Start } from "./terminal.ts";

/** Options allowed before the command's name. */
interface Common {
  readonly json: boolean;
  readonly project?: string;
  readonly rest: readonly string[];
}

/** Carries out what argv says. */
export async function dispatch(start: Start): Promise<ExitCode> {
  leaveWithClosedPipe();
  const common = readCommon(start.argv);
  if (common === undefined) return printFailure(fail("usage", "--project needs DIR."), start.argv.includes("--json"));
  const [name, ...words] = common.rest;
  if (name === "daemon") {
    const { daemon } = await import("./commands/daemon.ts");
    return daemon(start, words);
  }
  if (name === HUB) {
    const { hub } = await import("./commands/hub.ts");
    return hub(start, words);
  }
  if (name === "mcp") {
    const { mcp } = await import("./commands/mcp.ts");
    return mcp(start, words, common.project);
  }
  if (name === "room" && (words[0] === "show" || words[0] === "set")) {
    const { runRoomCommand } = await import("./commands/room-command.ts");
    return runRoomCommand(start, "card", words.slice(1), common);
  }
  if (name !== undefined && name !== "help" && isCommandName(name)) {
    const { runRoomCommand } = await import("./commands/room-command.ts");
    return runRoomCommand(start, name, words, common);
  }
  const { runProgram } = await import("./program.ts");
  return runProgram(start, common.rest, common);
}

function readCommon(argv: readonly string[]): Common | undefined {
  const rest = [...argv];
  let json = false;
  let project: string | undefined;
  for (;;) {
    const word = rest[0];
    if (word === "--json") json = true;
    else if (word === "--project") {
      rest.shift();
      if (rest[0] === undefined || rest[0] === "") return undefined;
      project = rest[0];
    } else if (word?.startsWith("--project=")) project = word.slice("--project=".length);
    else return { json, ...(project === undefined ? {} : { project }), rest };
    rest.shift();
  }
}
