// What a person or a model can ask for, as values: the one form in which the words of a terminal, of a slash command and
// of a typed line meet.

export type Mode = "manual" | "auto";

/** One command with its arguments, read and checked for form; whether it may be done is decided elsewhere. */
export type Command =
  | {
      readonly name: "start";
      readonly as?: string | undefined;
      readonly relay?: string | undefined;
      readonly room?: string | undefined;
      readonly mode?: Mode | undefined;
      /** The relay's key, or `none`. */
      readonly trustRelay?: string | undefined;
      /** The word of an invite (`agora1.…`); `-`: it comes by the standard input. */
      readonly invite?: string | undefined;
      /** Also a folder that holds more than a project. */
      readonly force?: true;
    }
  | { readonly name: "stop" }
  | {
      readonly name: "say";
      /** Addresses without `@`, as typed. */
      readonly to: readonly string[];
      /** The channel to say it in, without `#`. */
      readonly channel?: string | undefined;
      readonly text: string;
      readonly thread?: string | undefined;
      /** As typed; relative to where the command was given. */
      readonly file?: string | undefined;
      readonly asAgent: boolean;
    }
  | { readonly name: "who"; readonly member?: string | undefined; readonly all?: true }
  | { readonly name: "whoami" }
  | { readonly name: "inbox" }
  | { readonly name: "accept"; readonly thread: string; readonly extra?: string | undefined }
  | { readonly name: "reject"; readonly thread: string; readonly reason?: string | undefined }
  | { readonly name: "append"; readonly thread: string; readonly text: string }
  | { readonly name: "mode"; readonly mode?: Mode | undefined }
  | {
      readonly name: "history";
      readonly limit: number;
      readonly with?: string | undefined;
      readonly channel?: string | undefined;
      readonly thread?: string | undefined;
      readonly search?: string | undefined;
      /** Long texts whole. */
      readonly full?: true;
    }
  | { readonly name: "status"; readonly id?: string | undefined }
  | { readonly name: "wait"; readonly timeoutS: number; readonly waiter?: string | undefined; readonly again?: true }
  | { readonly name: "trust"; readonly member: string }
  | {
      readonly name: ControlCommandName;
      /** A name, or a name and a seat, as typed without `@`. */
      readonly member?: string | undefined;
      /** The reason; with `inject` what is said. */
      readonly text?: string | undefined;
      readonly rate?: { readonly burst: number; readonly perSecond: number } | undefined;
    }
  | { readonly name: "channels" }
  | {
      readonly name: ChannelCommandName;
      /** With or without `#`. */
      readonly channel: string;
      /** The topic. */
      readonly text?: string | undefined;
      readonly member?: string | undefined;
    }
  | { readonly name: "controls" }
  | { readonly name: "grant"; readonly member: string }
  | { readonly name: "more"; readonly thread: string; readonly turns?: number | undefined }
  | ({ readonly name: "ask" } & AskWords)
  /** To the owner, at once. */
  | ({ readonly name: "escalate" } & AskWords)
  | { readonly name: "answer"; readonly question: string; readonly words: string }
  | { readonly name: "questions"; readonly withdraw?: string | undefined }
  | { readonly name: "decide"; readonly text: string; readonly thread?: string | undefined }
  | { readonly name: "decisions"; readonly limit: number }
  | { readonly name: "chains" }
  | { readonly name: "busy"; readonly text?: string | undefined }
  | { readonly name: "ping"; readonly member: string }
  | { readonly name: "update" }
  | { readonly name: "help"; readonly topic?: string | undefined };

/** A question to people: without choices it is answered in own words. */
export interface AskWords {
  /** Names without `@`; nobody is the own person, or the owner. */
  readonly to: readonly string[];
  readonly text: string;
  readonly choices: readonly string[];
  readonly many: boolean;
  readonly other: boolean;
  readonly timeoutS?: number | undefined;
  readonly otherwise?: string | undefined;
  readonly thread?: string | undefined;
  /** How long the command waits for the answer, seconds. */
  readonly waitS?: number | undefined;
}

/** What can be done about a channel. */
export type ChannelCommandName = "join" | "leave" | "topic" | "remove" | "admit";

/** What an operator can say. */
export type ControlCommandName =
  | "pause"
  | "resume"
  | "stop-all"
  | "reset"
  | "kick"
  | "ban"
  | "unban"
  | "interrupt"
  | "inject"
  | "rates";

export type CommandName = Command["name"];
/** The command of a name; the operator's share one form. */
export type CommandOf<N extends CommandName> = N extends ControlCommandName
  ? Extract<Command, { readonly name: ControlCommandName }>
  : N extends ChannelCommandName
    ? Extract<Command, { readonly name: ChannelCommandName }>
    : Extract<Command, { readonly name: N }>;

/** What `history` shows when nothing else is asked for. */
export const DEFAULT_HISTORY_LIMIT = 50;
/** The longest history one answer carries. */
export const MAX_HISTORY_LIMIT = 10_000;
/** Decisions that are shown when nothing else is asked for, and at most. */
export const DEFAULT_DECISIONS_LIMIT = 20;
export const MAX_DECISIONS_LIMIT = 200;
/** How long `wait` waits when nothing else is asked for, seconds. */
export const DEFAULT_WAIT_S = 300;
/** The longest `wait`, seconds. */
export const MAX_WAIT_S = 86_400;
