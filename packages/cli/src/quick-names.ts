// The commands that the quick half of the executable carries out: those of every surface, but the help, which shows the whole
// tree, and what is done once in a while with libraries of its own, which every other command would read too. A bundle has their
// names alone, put there by the build from the same rows: loading all rows to learn that a command is none of them would make
// every other one slower.
import { isCommandName } from "@agora/commands";

const WHOLE: ReadonlySet<string> = new Set(["help", "devices", "link", "trust"]);

/** Whether the quick half has this command. */
export function isQuick(name: string): boolean {
  return isCommandName(name) && !WHOLE.has(name);
}
