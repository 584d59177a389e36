// The commands that the quick half of the executable carries out. A bundle has their names alone, put there by the build from
// the same rows: loading all rows to learn that a command is none of them would make every other one slower.
import { isCommandName, VOCABULARY } from "@agora/commands";

/** Whether the quick half has this command. */
export function isEveryday(name: string): boolean {
  return isCommandName(name) && VOCABULARY[name].everyday === true;
}
