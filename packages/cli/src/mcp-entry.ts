// The part of the executable that serves a client's session: `node mcp.cjs mcp --client NAME`, as the whole one is called. One
// file of its own, since every session starts it and it needs a third of the whole.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { mcp } from "./commands/mcp.ts";
import { reportBug } from "./report-bug.ts";
import { workingFolder } from "./working-folder.ts";
import type { Start } from "./terminal.ts";

const start: Start = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: workingFolder(process.env),
  // The full executable beside this file in the bundle: daemons are launched with it.
  entry: join(dirname(realpathSync(__filename)), "agora.mjs"),
};

void mcp(start, start.argv.slice(1), undefined).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = reportBug(error, start);
  },
);
