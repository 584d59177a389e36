#!/usr/bin/env node
// The one executable. It looks at the first words only and loads what that command needs: a hook runs at every turn of a
// session, and `agora who` should cost little more than starting Node.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { workingFolder } from "./working-folder.ts";
import type { ExitCode, Start } from "./terminal.ts";

const start: Start = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: workingFolder(process.env),
  entry: realpathSync(fileURLToPath(import.meta.url)),
};

async function run(): Promise<ExitCode> {
  if (start.argv[0] === "hook") {
    const { hook } = await import("./commands/hook.ts");
    return hook(start);
  }
  const { dispatch } = await import("./dispatch.ts");
  return dispatch(start);
}

async function main(): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    const { reportBug } = await import("./report-bug.ts");
    process.exitCode = reportBug(error, start);
  }
}

void main();
