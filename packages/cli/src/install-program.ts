// Commander definitions of `agora install` and `agora uninstall`.
import type { Command } from "commander";
import type { InstallFlags } from "./commands/install.ts";
import type { UninstallFlags } from "./commands/uninstall.ts";
import { addTerminalCommand } from "./terminal-program.ts";
import type { ExitCode, Start } from "./terminal.ts";

/** Adds `install`; its code is loaded when the command is given. */
export function addInstall(program: Command, start: Start, json: boolean, done: (code: ExitCode) => void): void {
  addTerminalCommand(program, "install").action(async (client: string | undefined, flags: InstallFlags) => {
    const { install } = await import("./commands/install.ts");
    done(await install(start, client, json ? { ...flags, json } : flags));
  });
}

/** Adds `uninstall`. */
export function addUninstall(program: Command, start: Start, json: boolean, done: (code: ExitCode) => void): void {
  addTerminalCommand(program, "uninstall").action(async (flags: UninstallFlags) => {
    const { uninstall } = await import("./commands/uninstall.ts");
    done(await uninstall(start, json ? { ...flags, json } : flags));
  });
}
