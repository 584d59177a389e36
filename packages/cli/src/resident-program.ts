// Commander definition of `agora resident …`; what each subcommand does is in `commands/resident.ts`.
import { RESIDENT_OPTIONS } from "@agora/resident";
import type { Command } from "commander";
import type { InstallFlags, RunFlags, TokenFlags } from "./commands/resident.ts";
import { addTerminalCommand } from "./terminal-program.ts";
import type { ExitCode, Start } from "./terminal.ts";

/** Adds the command with its subcommands. */
export function addResident(
  program: Command,
  start: Start,
  withCommon: (command: Command) => Command,
  done: (code: ExitCode) => void,
): void {
  const resident = withSettings(withCommon(addTerminalCommand(program, "resident"))).option(
    "--detach",
    "go on in the background",
  );
  const merged = <T extends object>(flags: T): T => ({ ...resident.opts(), ...flags });
  resident.action(async (flags: RunFlags) => {
    const { residentRun } = await import("./commands/resident.ts");
    done(await residentRun(start, flags));
  });

  withSettings(withCommon(resident.command("install")))
    .description("let systemd or launchd keep it running")
    .option("--dry-run", "show the unit, write nothing")
    .option("--uninstall", "remove the unit")
    .action(async (flags: InstallFlags) => {
      const { residentInstall } = await import("./commands/resident.ts");
      done(await residentInstall(start, merged(flags)));
    });

  withCommon(resident.command("token [NAME]"))
    .description("make a gateway member's token; without a name, list them")
    .option("--room <ROOM>", "the room (default: the one of the settings)")
    .option("--person", "what comes with it over REST is a person's own word")
    .option("--expires <SPAN>", "30m, 12h, 7d, 2w")
    .option("--rotate", "give a new one, and end the one before")
    .option("--revoke", "take it back")
    .action(async (name: string | undefined, flags: TokenFlags) => {
      const { residentToken } = await import("./commands/resident.ts");
      done(await residentToken(start, name, merged(flags)));
    });

  for (const command of resident.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
}

function withSettings(command: Command): Command {
  for (const { flag, env, value, text } of RESIDENT_OPTIONS) command.option(`--${flag} <${value}>`, `${text} [${env}]`);
  return command;
}
