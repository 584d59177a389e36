// Carries out a command: every surface calls this and shows the result.
import type { CommandContext } from "./answer.ts";
import type { AnswerTo, Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import type { AnyCommand } from "./define-command.ts";
import { commandRefused } from "./permissions.ts";
import { withInput } from "./text-from-input.ts";

/** Carries out `command` and returns its answer; expected failures are answers too. */
export async function runCommand<C extends Command>(command: C, around: CommandContext): Promise<AnswerTo<C>> {
  const row: AnyCommand = COMMANDS[command.name];
  const refused = commandRefused(row, command, around.via);
  if (refused !== undefined) return refused;
  const whole = await withInput(command, around);
  // This is the row of that name; the compiler can't follow a name in a variable.
  return (whole.ok ? await row.run(whole.value as never, around, COMMANDS) : whole) as AnswerTo<C>;
}
