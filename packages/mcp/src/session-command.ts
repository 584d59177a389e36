// Commands that the program adds to those of the room: they are typed in a session as in a terminal, and are carried out by
// the terminal's own code, which stands above this package.
import type { Answer, CommandContext } from "@agora/commands";

/** Carries out one command. `words`: what stood behind its name. Expected failures are answers too. */
export type SessionCommand = (words: readonly string[], around: CommandContext) => Promise<Answer>;

export type SessionCommands = Readonly<Record<string, SessionCommand>>;

const LINE = /^\s*[/$]?agora:([a-z][a-z-]*)(?=\s|$)([^]*)$/;

/** The added command that a typed line names, with its words; undefined for every other line. */
export function readSessionCommand(
  line: string,
  commands: SessionCommands,
): { readonly run: SessionCommand; readonly words: readonly string[] } | undefined {
  const [, name = "", rest = ""] = LINE.exec(line) ?? [];
  const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return run === undefined ? undefined : { run, words: rest.split(/\s+/).filter((word) => word !== "") };
}
