// A command's text and the options after it: what was meant as an option is parsed as one or refused, never sent as text.
import { fail, ok, type Result } from "@agora/protocol";
import { distance } from "fastest-levenshtein";
import type { OptionWord } from "./define-command.ts";
import { rawSource, type WordSource } from "./word-source.ts";

/** Reads the option named by `word` into those read so far; undefined: the command has no such option. */
export type TakeOption = (word: string, source: WordSource) => Result<void, "usage"> | undefined;

const LOOKS_LIKE_ONE = /^--[a-z][\w-]*(=|$)/i;
/** How many options are looked for at the end of a text. */
const MAX_BEHIND = 12;
/**
 * A word that differs from a longer option's name in this many letters counts as misspelt; from a short one, in one letter.
 */
const MISSPELT = 2;
const SHORT = 5;

/** The text of an argv: up to `--`, its words are text or options, wherever they are. */
export function readArgvText(
  source: WordSource,
  takeOption: TakeOption,
  unknown: (word: string) => string,
): Result<string | undefined, "usage"> {
  const words: string[] = [];
  for (let word = source.peek(); word !== undefined; word = source.peek()) {
    if (word === "--") {
      source.take();
      const rest = source.rest();
      if (rest !== undefined) words.push(rest);
      break;
    }
    if (LOOKS_LIKE_ONE.test(word)) {
      const taken = takeOption(word, source);
      if (taken === undefined) return fail("usage", unknown(word));
      if (!taken.ok) return taken;
      continue;
    }
    words.push(word);
    source.take();
  }
  return ok(words.length === 0 ? undefined : words.join(" "));
}

/** The text of a raw line, verbatim, without the options at its end. */
export function readRawText(
  source: WordSource,
  options: readonly OptionWord[],
  takeOption: TakeOption,
): Result<string | undefined, "usage"> {
  const text = source.rest();
  if (text === undefined) return ok(text);
  const behind = findBehind(text, options);
  const tail = rawSource(text.slice(behind));
  for (let word = tail.peek(); word !== undefined; word = tail.peek()) {
    const taken = takeOption(word, tail);
    if (taken?.ok === false) return taken;
    if (taken === undefined) break;
  }
  const before = behind === text.length ? text : text.slice(0, behind).trimEnd();
  const [inside] = wordsIn(before).filter(({ word }) => options.some(({ name }) => isNear(word, name)));
  if (inside === undefined) return ok(before);
  const exact = options.find(({ name }) => name === inside.word);
  const meant = (exact ?? options.find(({ name }) => isNear(inside.word, name))!).name;
  return fail(
    "usage",
    meant === inside.word
      ? `--${meant} stands inside the text, and nothing was sent: put it before or behind the text, or -- before a text that holds it.`
      : `There is no option --${inside.word} (is --${meant} meant?), and nothing was sent: to send it as text, put -- before the text.`,
  );
}

/** Where the options after the text begin; the text's end if there are none. */
function findBehind(text: string, options: readonly OptionWord[]): number {
  let begin = text.length;
  for (const { at } of wordsIn(text).slice(-MAX_BEHIND).reverse())
    if (isAllOptions(text.slice(at), options)) begin = at;
  return begin;
}

function isAllOptions(tail: string, options: readonly OptionWord[]): boolean {
  const source = rawSource(tail);
  for (let word = source.peek(); word !== undefined; word = source.peek()) {
    const [, name = "", equals] = /^--([^=]+)(=)?/.exec(word) ?? [];
    const option = options.find((one) => one.name === name);
    if (option === undefined || (option.value === undefined && equals !== undefined)) return false;
    source.take(equals === undefined ? undefined : name.length + 3);
    if (option.value === undefined) continue;
    const value = source.value();
    if (!value.ok || value.value === undefined || value.value.startsWith("--")) return false;
  }
  return (source.rest() ?? "").trim() === "";
}

/** The words of a text that look like options, without their dashes. */
function wordsIn(text: string): readonly { readonly at: number; readonly word: string }[] {
  return [...text.matchAll(/(?<=^|\s)--([a-z][\w-]*)(?=[\s=]|$)/gi)].map(({ index, 1: word = "" }) => ({
    at: index,
    word: word.toLowerCase(),
  }));
}

function isNear(word: string, name: string): boolean {
  const isSwapped = word.length === name.length && letters(word) === letters(name);
  return isSwapped || distance(word, name) <= (name.length <= SHORT ? 1 : MISSPELT);
}

function letters(word: string): string {
  return word.split("").sort().join("");
}
