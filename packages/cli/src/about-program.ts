// Commander definitions of the commands about the program itself and what it wrote: version, completion, logs, verify, report-bug.
import { fail } from "@agora/protocol";
import type { Command } from "commander";
import { completionScript, SHELLS } from "./completion-script.ts";
import { addTerminalCommand } from "./terminal-program.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "./terminal.ts";
import { VERSION } from "./version.ts";

interface Flags {
  readonly json?: boolean;
  readonly project?: string;
}

/** Adds these commands. */
export function addAbout(program: Command, start: Start, common: Flags, done: (code: ExitCode) => void): void {
  addTerminalCommand(program, "version").action((flags: Flags) => {
    if (common.json === true || flags.json === true) printJson({ version: VERSION, node: process.version });
    else print(VERSION);
  });

  addTerminalCommand(program, "completion").action((name: string) => {
    const shell = SHELLS.find((one) => one === name);
    if (shell === undefined)
      return done(printFailure(fail("usage", `completion knows ${SHELLS.join(", ")}.`), common.json === true));
    print(completionScript(program, shell));
  });

  addTerminalCommand(program, "logs").action(
    async (flags: Flags & { readonly follow?: boolean; readonly lines?: string }) => {
      const { logs } = await import("./commands/logs.ts");
      done(await logs(start, { lines: "50", ...common, ...flags }));
    },
  );

  addTerminalCommand(program, "verify").action(async (path: string | undefined, flags: Flags) => {
    const { verify } = await import("./commands/verify.ts");
    done(await verify(start, path, { ...common, ...flags }));
  });

  addTerminalCommand(program, "report-bug").action(async (flags: Flags & { readonly file?: string }) => {
    const { bugReport } = await import("./commands/bug-report.ts");
    done(await bugReport(start, { ...common, ...flags }));
  });
}
