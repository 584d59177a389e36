// Defines one command: its words, who may give it, how it is parsed, what it does and how it is explained. One row says it
// all; the parser, the help of every surface, the clients' slash commands and skills, and the reference are made from rows.
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
  /** May be given several times; the values go on separate lines. */
  readonly repeats?: true;
}

/** The words of a command, and their explanation. */
export interface CommandWords {
  readonly summary: string;
  readonly options: readonly OptionWord[];
  /** Single words before the text; one in brackets is optional. */
  readonly words: readonly string[];
  /** The free text at the end: its name, in brackets if it is optional. */
  readonly text?: string;
  /** Whether leading `@names` are addresses. */
  readonly addressed?: true;
  /** Whether a leading `#name` chooses the channel. */
  readonly inChannel?: true;
  /** What a terminal's help says after the options. */
  readonly more?: string;
  /** Its section of the help. */
  readonly group: HelpGroup;
  /** One example to copy, as typed in a terminal. */
  readonly example: string;
  /** The client menus without it, each with the reason; a single sentence: no client's menu has it. */
  readonly clients?: { readonly except: string | Readonly<Partial<Record<ClientMenu, string>>> };
}

/** The clients whose menus list commands: as slash commands, and as skills. */
export type ClientMenu = "claude" | "codex";

/** The sections of the help. */
export const HELP_GROUPS = ["Talk", "Decide", "Room", "Operate", "Setup", "For programs"] as const;
export type HelpGroup = (typeof HELP_GROUPS)[number];

/** What a command may use to explain what is wrong with its words. */
export interface ReadHelp {
  /** Its own usage line. */
  readonly usage: string;
  readonly isCommand: (word: string) => boolean;
}

/** A complete command, with the words it reads (`Words`) and what `--json` prints (`Data`). */
export interface CommandRow<Words extends object, Data> extends CommandWords {
  /** `person`: refused from an agent's shell or tool, before the daemon is asked anything. Default: anyone. */
  readonly who?: Who | ((words: Words) => Who);
  /** What the refusal says an agent may not do, if that isn't the command's name. */
  readonly act?: string;
  /** It only reads, so nobody's parent processes are checked for it. */
  readonly looks?: true;
  /** Its text goes to other people: the result says that it was sent, and the words stay on the screen. */
  readonly speaks?: true;
  /** It starts or stops a daemon and waits for the relay. */
  readonly launches?: true;
  /** Interprets the words, or says in one sentence what is wrong with them. */
  read(words: ReadWords, help: ReadHelp): Result<Words, "usage">;
  /** Carries it out. Expected failures are answers too. `all`: every command, for the one that explains them. */
  run(words: Words, around: CommandContext, all: Readonly<Record<string, CommandWords>>): Promise<Answer<Data>>;
}

/** Defines a command as a row. Its name is its key in the table of commands. */
export function defineCommand<Words extends object, Data>(row: CommandRow<Words, Data>): CommandRow<Words, Data> {
  return row;
}

/** Any row, for code that treats all of them alike. */
export type AnyCommand = Omit<CommandRow<never, unknown>, "read"> & {
  read(words: ReadWords, help: ReadHelp): Result<object, "usage">;
};
