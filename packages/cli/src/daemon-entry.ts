// The part of the executable that a daemon or the hub runs: `node daemon.cjs daemon PROJECT`, `node daemon.cjs hub`, as the
// whole one is called. One file of its own, since they need half of the whole, and reading that costs more than what a daemon
// then does until it serves.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { HUB } from "@agora/ipc";
import { daemon } from "./commands/daemon.ts";
import { hub } from "./commands/hub.ts";
import { workingFolder } from "./working-folder.ts";
import type { Start } from "./terminal.ts";

const start: Start = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: workingFolder(process.env),
  entry: join(dirname(realpathSync(__filename)), "agora.mjs"),
};

const [role, ...words] = start.argv;
void (role === HUB ? hub(start, words) : daemon(start, words)).then((code) => {
  process.exitCode = code;
});
