// The words of `agora install` and `agora uninstall`, for commander.
import type { Command } from "commander";
import type { InstallFlags } from "./commands/install.ts";
import type { UninstallFlags } from "./commands/uninstall.ts";
import type { ExitCode, Start } from "./terminal.ts";

/** Adds the command; what it does is loaded when it is given. */
export function addInstall(program: Command, start: Start, json: boolean, done: (code: ExitCode) => void): void {
  program
    .command("install [CLIENT]")
    .description(
      "bring Agora into a client (codex, claude, gemini, cursor, vscode, opencode), or onto the PATH (shell)",
    )
    .option("--list", "what is on this machine, and where Agora is installed")
    .option("--uninstall", "take it out again; the file is as it was before")
    .option("--dry-run", "show the change and write nothing")
    .option("--name <NAME>", "the name of the server in the client (default: agora)")
    .option("--yes", "write without asking")
    .option("--agents-md", "print a fragment for a project's AGENTS.md")
    .option("--paste", "print a sentence that lets Codex install it")
    .option("--json", "print the result as JSON")
    .action(async (client: string | undefined, flags: InstallFlags) => {
      const { install } = await import("./commands/install.ts");
      done(await install(start, client, json ? { ...flags, json } : flags));
    });
}

/** Adds its counterpart. */
export function addUninstall(program: Command, start: Start, json: boolean, done: (code: ExitCode) => void): void {
  program
    .command("uninstall")
    .description("show all that Agora has on this machine, and take out what you choose")
    .option("--yes", "take out all of it without asking")
    .option("--dry-run", "only show it")
    .option("--json", "print the result as JSON")
    .action(async (flags: UninstallFlags) => {
      const { uninstall } = await import("./commands/uninstall.ts");
      done(await uninstall(start, json ? { ...flags, json } : flags));
    });
}
