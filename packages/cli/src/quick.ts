// The quick half of the executable: the commands of every surface, without the libraries that only others need. Anything it
// doesn't know goes to the full executable beside it before anything is done. Bundled as CommonJS, which Node starts faster.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isQuick } from "./quick-names.ts";
import { workingFolder } from "./working-folder.ts";
import type { Start } from "./terminal.ts";

/** The full executable, beside this file in the bundle; daemons are launched with it, too. */
const whole = join(dirname(realpathSync(__filename)), "agora.mjs");

async function run(argv: readonly string[]): Promise<void> {
  const [name, ...words] = argv;
  if (name === undefined || !isQuick(name) || words.includes("--help") || words.includes("-h")) {
    await import(pathToFileURL(whole).href);
    return;
  }
  const start: Start = { argv, env: process.env, cwd: workingFolder(process.env), entry: whole };
  const { leaveWithClosedPipe } = await import("./terminal.ts");
  leaveWithClosedPipe();
  try {
    const { runRoomCommand } = await import("./commands/room-command.ts");
    process.exitCode = await runRoomCommand(start, name, words, { json: false });
  } catch (error) {
    const { reportBug } = await import("./report-bug.ts");
    process.exitCode = reportBug(error, start);
  }
}

void run(process.argv.slice(2));
