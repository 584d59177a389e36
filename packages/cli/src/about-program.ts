// The words of the commands about the program itself, for commander: version, completion, logs, report-bug.
import { fail } from "@agora/protocol";
import type { Command } from "commander";
import { completionScript, SHELLS } from "./completion-script.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "./terminal.ts";
import { VERSION } from "./version.ts";

interface Flags {
  readonly json?: boolean;
  readonly project?: string;
}

/** Adds them. */
export function addAbout(program: Command, start: Start, common: Flags, done: (code: ExitCode) => void): void {
  program
    .command("version")
    .description("print the version")
    .option("--json", "print it as JSON")
    .action((flags: Flags) => {
      if (common.json === true || flags.json === true) printJson({ version: VERSION, node: process.version });
      else print(VERSION);
    });

  program
    .command("completion <SHELL>")
    .description(`print completion for ${SHELLS.join(", ")}`)
    .action((name: string) => {
      const shell = SHELLS.find((one) => one === name);
      if (shell === undefined)
        return done(printFailure(fail("usage", `completion knows ${SHELLS.join(", ")}.`), common.json === true));
      print(completionScript(program, shell));
    });

  program
    .command("logs")
    .description("what the project's daemon wrote down: never a text, never a token")
    .option("-f, --follow", "go on with what comes")
    .option("-n, --lines <N>", "how many of the newest lines", "50")
    .option("--json", "the lines as they are")
    .option("--project <DIR>", "the project (default: the one around the current directory)")
    .action(async (flags: Flags & { readonly follow?: boolean; readonly lines: string }) => {
      const { logs } = await import("./commands/logs.ts");
      done(await logs(start, { ...common, ...flags }));
    });

  program
    .command("report-bug")
    .description("print what helps to find a bug, without names, texts, tokens or keys; sends nothing")
    .option("--file <PATH>", "write it there instead")
    .option("--project <DIR>", "the project (default: the one around the current directory)")
    .action(async (flags: Flags & { readonly file?: string }) => {
      const { bugReport } = await import("./commands/bug-report.ts");
      done(await bugReport(start, { ...common, ...flags }));
    });
}
