// One parser for a person's words, however they arrive: an argv, or a slash command's raw line. Options come before or after
// the text; `--` ends them.
import { fail, type Failure, ok, type Result } from "@agora/protocol";
import type { Command, CommandName } from "./command.ts";
import type { CommandWords, OptionWord } from "./define-command.ts";
import { noSuchCommand } from "./nearest-command.ts";
import { readArgvText, readRawText, type TakeOption } from "./read-text.ts";
import { COMMON_OPTIONS } from "./shared-options.ts";
import { isCommandName, usageOf, VOCABULARY } from "./vocabulary.ts";
import { argvSource, rawSource, type ReadWords, type WordSource } from "./word-source.ts";

/** A command, and how its answer was requested. */
export interface ParsedCommand {
  readonly ok: true;
  readonly command: Command;
  readonly json: boolean;
  readonly project?: string | undefined;
}

/** Wrong usage: one sentence on what to write instead, and the command it is about, if any. */
export interface UsageFailure extends Failure<"usage"> {
  readonly command?: CommandName;
}

export type Parsed = ParsedCommand | UsageFailure;

/** Parses the words of an argv; the text is the remaining words joined by one space. */
export function parseWords(name: string, words: readonly string[]): Parsed {
  if (!isCommandName(name)) return unknownCommand(name, "");
  return parse(name, argvSource(words));
}

const RAW = /^\s*[/$]?agora:([a-z][a-z-]*)(?=\s|$)/;

/**
 * Parses `/agora:say …`, `$agora:say …` or `agora:say …`; the text is the rest of the line, verbatim. Undefined: not such a
 * line.
 */
export function parseRaw(line: string): Parsed | undefined {
  const match = RAW.exec(line);
  if (match === null) return undefined;
  const name = match[1]!;
  if (!isCommandName(name)) return unknownCommand(name, match[0].trimStart().slice(0, -name.length));
  const parsed = parse(name, rawSource(line.slice(match[0].length)));
  if (!parsed.ok || parsed.project === undefined) return parsed;
  return usage("--project works in a terminal only: here the session's own project is meant.", name);
}

/** `prefix`: how a command begins where it was typed. */
function unknownCommand(name: string, prefix: string): UsageFailure {
  return usage(noSuchCommand(name, Object.keys(VOCABULARY), prefix));
}

function usage(message: string, command?: CommandName): UsageFailure {
  const failure: Failure<"usage"> = fail("usage", message);
  return command === undefined ? failure : { ...failure, command };
}

function parse(name: CommandName, source: WordSource): Parsed {
  const read = readWords(name, VOCABULARY[name], source);
  if (!read.ok) return usage(read.message, name);
  const { options } = read.value;
  const command: Result<Command, "usage"> = options.has("help")
    ? ok({ name: "help", topic: name })
    : meaningOf(name, read.value);
  if (!command.ok) return usage(command.message, name);
  const project = options.get("project");
  return { ok: true, command: command.value, json: options.has("json"), ...(project === undefined ? {} : { project }) };
}

/** The command that the words mean, as read by its row. */
function meaningOf(name: CommandName, read: ReadWords): Result<Command, "usage"> {
  const words = VOCABULARY[name].read(read, { usage: usageOf(name), isCommand: isCommandName });
  return words.ok ? ok({ name, ...words.value } as Command) : words;
}

/** Names, options and single words in any order, up to the first word that can only be text. */
function readWords(name: CommandName, spec: CommandWords, source: WordSource): Result<ReadWords, "usage"> {
  const options = new Map<string, string>();
  const to: string[] = [];
  const words: string[] = [];
  let ended = false;
  let channel: string | undefined;
  const takeOption: TakeOption = (word, from) => {
    const option = findOption(spec, word);
    if (option === undefined) return undefined;
    const value = readOption(option, word, from);
    if (!value.ok) return value;
    const before = option.repeats === true ? options.get(option.name) : undefined;
    if (before === undefined && options.has(option.name)) return fail("usage", `--${option.name} is given twice.`);
    options.set(option.name, before === undefined ? value.value : `${before}\n${value.value}`);
    return ok(undefined);
  };
  for (;;) {
    if (spec.inChannel && !ended && channel === undefined && to.length === 0) channel = source.channel();
    if (spec.addressed) {
      const found = source.addresses();
      to.push(...found.names);
      if (found.text) break;
    }
    const word = source.peek();
    if (word === undefined) break;
    if (word === "--" && !ended) {
      ended = true;
      source.take();
      continue;
    }
    const taken = ended ? undefined : takeOption(word, source);
    if (taken?.ok === false) return taken;
    if (taken !== undefined) continue;
    if (!ended && /^--[a-z]/i.test(word)) return fail("usage", unknownOption(name, spec, word));
    if (words.length === spec.words.length) break;
    words.push(word);
    source.take();
  }
  if (spec.text !== undefined && !ended) {
    const isUnread = spec.addressed === true && /^\s*@\S/.test(source.peek() ?? "");
    if (isUnread) return fail("usage", unreadableName(source.peek()!));
  }
  const text =
    spec.text === undefined || ended
      ? ok(source.rest())
      : source.verbatim
        ? readRawText(source, spec.options, takeOption)
        : readArgvText(source, takeOption, (word) => unknownOption(name, spec, word));
  if (!text.ok) return text;
  const missing = spec.words.filter((w) => !w.startsWith("["))[words.length];
  if (missing !== undefined && !options.has("help")) {
    return fail("usage", `${name} needs ${missing}: ${usageOf(name)}`);
  }
  if (spec.text !== undefined) return ok({ options, to, channel, words, text: text.value });
  // Unexpected words are not repeated in the message: one may be a token.
  if (text.value !== undefined && text.value.trim() !== "")
    return fail("usage", `${name} takes no more words: ${usageOf(name)}`);
  return ok({ options, to, words, text: undefined });
}

function findOption(spec: CommandWords, word: string): OptionWord | undefined {
  const all = [...spec.options, ...COMMON_OPTIONS];
  const long = /^--([^=]+)/.exec(word)?.[1];
  if (long !== undefined) return all.find((o) => o.name === long);
  return all.find((o) => o.short !== undefined && word === `-${o.short}`);
}

function readOption(option: OptionWord, word: string, source: WordSource): Result<string, "usage"> {
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  if (option.value === undefined) {
    source.take();
    return equals < 0 ? ok("") : fail("usage", `--${option.name} takes no value.`);
  }
  const missing = fail("usage", `--${option.name} needs ${option.value}.`);
  if (equals < 0) {
    source.take();
    if (/^--([a-z]|$)/i.test(source.peek() ?? "--")) return missing;
  } else {
    if (equals === word.length - 1) return missing;
    source.take(equals + 1);
  }
  const value = source.value();
  if (!value.ok) return value;
  return value.value === undefined ? missing : ok(value.value);
}

function unknownOption(name: CommandName, spec: CommandWords, word: string): string {
  const shown = word.replace(/=.*$/s, "").slice(0, 40);
  if (name === "start" && shown === "--token") {
    return "A token is not given as an argument, where others could read it: set AGORA_TOKEN, or start without it and be asked.";
  }
  if (spec.text === undefined) return `${name} has no option ${shown}: ${usageOf(name)}`;
  return `${name} has no option ${shown}: to write it as text, put -- before it.`;
}

function unreadableName(text: string): string {
  const word = text.trim().split(/\s/)[0]!.slice(0, 40);
  return `${word} can't be read as a name, and nothing was sent: to write it as text, put -- before it.`;
}
