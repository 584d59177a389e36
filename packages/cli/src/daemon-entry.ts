// The part of the executable that a daemon runs: `node daemon.cjs daemon PROJECT`, as the whole one is called. One file of its
// own, since a daemon needs half of the whole, and reading that costs more than what the daemon then does until it serves.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { daemon } from "./commands/daemon.ts";
import { workingFolder } from "./working-folder.ts";
import type { Start } from "./terminal.ts";

const start: Start = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: workingFolder(process.env),
  entry: join(dirname(realpathSync(__filename)), "agora.mjs"),
};

void daemon(start, start.argv.slice(1)).then((code) => {
  process.exitCode = code;
});
