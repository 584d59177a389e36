// Everything a person or a model can ask for, as values: the one form shared by a terminal's words, a slash command's and a
// typed line's. Each is made from its row.
import type { Answer } from "./answer.ts";
import type { COMMANDS } from "./commands.ts";
import type { CommandRow } from "./define-command.ts";

type Rows = typeof COMMANDS;

export type CommandName = keyof Rows;

type WordsOf<Row> = Row extends CommandRow<infer Words, infer _> ? Words : never;
type DataOf<Row> = Row extends CommandRow<infer _, infer Data> ? Data : never;

/** A command by name, with its words parsed and checked for form; whether it is allowed is decided elsewhere. */
export type CommandOf<N extends CommandName> = {
  readonly [Name in N]: { readonly name: Name } & WordsOf<Rows[Name]>;
}[N];
/** Any command. */
export type Command = CommandOf<CommandName>;

/** `--json` of every command. */
export type AnswerData = { readonly [N in CommandName]: DataOf<Rows[N]> };

/** The answer to one kind of command. */
export type AnswerTo<C extends Command> = Answer<AnswerData[C["name"]]>;
