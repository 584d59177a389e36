// What one command is: its words, who may give it, how it is read, what it does and how it is explained. One row says it all;
// the parser, the help of every surface, the slash commands and skills of the clients and the reference are made from rows.
import type { Who } from "@agora/ipc";
import type { Result } from "@agora/protocol";
import type { Answer, CommandContext } from "./answer.ts";
import type { ReadWords } from "./word-source.ts";

/** An option of a command. */
export interface OptionWord {
  readonly name: string;
  readonly short?: string;
  /** The name of its value in a usage line; without one it is a switch. */
  readonly value?: string;
  readonly summary: string;
  /** May be given several times; the values stand on a line each. */
  readonly repeats?: true;
}

/** The words of a command, and what explains them. */
export interface CommandWords {
  readonly summary: string;
  readonly options: readonly OptionWord[];
  /** Single words before the text; one in brackets may be left out. */
  readonly words: readonly string[];
  /** The free text at the end: what it is called, in brackets when it may be left out. */
  readonly text?: string;
  /** Whether a leading run of `@names` addresses. */
  readonly addressed?: true;
  /** Whether a leading `#name` says in which channel. */
  readonly inChannel?: true;
  /** What a terminal's help says after the options. */
  readonly more?: string;
  /** The part of the help it stands in. */
  readonly group: HelpGroup;
  /** One example to copy, as typed in a terminal. */
  readonly example: string;
  /** The menus of clients that lack it, each with the reason; a sentence alone: no client's menu has it. */
  readonly clients?: { readonly except: string | Readonly<Partial<Record<ClientMenu, string>>> };
}

/** The clients whose menus list commands: as slash commands, and as skills. */
export type ClientMenu = "claude" | "codex";

/** The groups of the help. */
export const HELP_GROUPS = ["Talk", "Decide", "Room", "Operate", "Setup", "For programs"] as const;
export type HelpGroup = (typeof HELP_GROUPS)[number];

/** What a command may use to say what is wrong with its words. */
export interface ReadHelp {
  /** Its own usage line. */
  readonly usage: string;
  readonly isCommand: (word: string) => boolean;
}

/** A whole command, with the words it reads (`Words`) and what `--json` prints (`Data`). */
export interface CommandRow<Words extends object, Data> extends CommandWords {
  /** `person`: refused from an agent's shell or tool, before anything is asked of the daemon. Left out: anyone. */
  readonly who?: Who | ((words: Words) => Who);
  /** What the refusal says an agent may not do, where that isn't the command's name. */
  readonly act?: string;
  /** It only looks, so nobody's parent processes are looked up for it. */
  readonly looks?: true;
  /** The quick half of the executable has it: it asks the daemon and prints, and prompts, signs and serves nothing. */
  readonly everyday?: true;
  /** Its text goes to other people: what became of it names it as sent, and the words stay on the screen. */
  readonly speaks?: true;
  /** It starts or ends a daemon and waits for the relay. */
  readonly launches?: true;
  /** Gives the words their meaning, or says in one sentence what is wrong with them. */
  read(words: ReadWords, help: ReadHelp): Result<Words, "usage">;
  /** Carries it out. Expected failures are answers too. `all`: every command, for the one that explains them. */
  run(words: Words, around: CommandContext, all: Readonly<Record<string, CommandWords>>): Promise<Answer<Data>>;
}

/** One command as a row. Its name is its key in the table of commands. */
export function defineCommand<Words extends object, Data>(row: CommandRow<Words, Data>): CommandRow<Words, Data> {
  return row;
}

/** Any row, for code that handles all of them alike. */
export type AnyCommand = Omit<CommandRow<never, unknown>, "read"> & {
  read(words: ReadWords, help: ReadHelp): Result<object, "usage">;
};
