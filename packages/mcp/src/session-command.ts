// Commands that the program adds to the room's: typed in a session as in a terminal, and carried out by the terminal's own
// code, which is in a layer above this package.
import type { Answer, CommandContext } from "@agora/commands";

/** Carries out one command. `words`: what followed its name. Expected failures are answers too. */
export type SessionCommand = (words: readonly string[], around: CommandContext) => Promise<Answer>;

export type SessionCommands = Readonly<Record<string, SessionCommand>>;

const LINE = /^\s*[/$]?agora:([a-z][a-z-]*)(?=\s|$)([^]*)$/;

/** The added command in a typed line, with its words; undefined for any other line. */
export function readSessionCommand(
  line: string,
  commands: SessionCommands,
): { readonly run: SessionCommand; readonly words: readonly string[] } | undefined {
  const [, name = "", rest = ""] = LINE.exec(line) ?? [];
  const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return run === undefined ? undefined : { run, words: rest.split(/\s+/).filter((word) => word !== "") };
}
