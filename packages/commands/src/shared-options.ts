// Options and notes shared by several commands.
import type { OptionWord } from "./define-command.ts";

/** Options of every command. `--project` is for the terminal: elsewhere, the session's project is meant. */
export const COMMON_OPTIONS: readonly OptionWord[] = [
  { name: "json", summary: "print the result as JSON" },
  { name: "project", value: "DIR", summary: "the project (default: the one around the current directory)" },
  { name: "help", short: "h", summary: "explain the command" },
];

export const THREAD: OptionWord = {
  name: "thread",
  value: "ID",
  summary: "the thread; the first characters of its id will do",
};

export const CHANNEL: OptionWord = { name: "channel", short: "c", value: "NAME", summary: "only this channel" };

/** A shell takes what follows an unquoted # for a comment. */
export const QUOTE =
  "In a shell, put '#name' into quotes: agora say '#build' is it green? Without the # it is agora say -c build …";
