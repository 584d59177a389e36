// The commands that the quick half of the executable carries out: those of every surface, but the help, which shows the whole
// tree. A bundle has their names alone, put there by the build from the same rows: loading all rows to learn that a command is
// none of them would make every other one slower.
import { isCommandName } from "@agora/commands";

/** Whether the quick half has this command. */
export function isQuick(name: string): boolean {
  return isCommandName(name) && name !== "help";
}
