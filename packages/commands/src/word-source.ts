// Where the parser takes words from: an argv, whose words are already separate, or a raw line, whose text must stay as
// typed. Both yield words one by one and the rest as text.
import { fail, leadingAddresses, leadingChannel, ok, type Result } from "@agora/protocol";

/** What was read, before it is interpreted. */
export interface ReadWords {
  readonly options: ReadonlyMap<string, string>;
  readonly to: readonly string[];
  /** The leading `#name`. */
  readonly channel?: string | undefined;
  readonly words: readonly string[];
  readonly text: string | undefined;
}

/** Words from the front, and finally the text. */
export interface WordSource {
  /** Whether the text is as it was typed, so that quoting doesn't tell its words from options. */
  readonly verbatim: boolean;
  /** The next word without taking it; undefined at the end, and in a raw line at the end of the first line. */
  peek(): string | undefined;
  /** Takes the next word, or only its first `characters`. */
  take(characters?: number): void;
  /** Takes an option's value; in a raw line, removes quotes around it. */
  value(): Result<string | undefined, "usage">;
  /** Takes a channel's leading `#name`. */
  channel(): string | undefined;
  /** Takes the leading `@names`; `text` means that what follows can only be text. */
  addresses(): { readonly names: readonly string[]; readonly text: boolean };
  /** Everything left, as text; undefined if nothing is. */
  rest(): string | undefined;
}

/** The words of an argv; the text is what is left, joined by one space. */
export function argvSource(argv: readonly string[]): WordSource {
  let words = [...argv];
  return {
    verbatim: false,
    peek: () => words[0],
    take(characters) {
      const word = words.shift();
      if (word !== undefined && characters !== undefined) words.unshift(word.slice(characters));
    },
    value: () => ok(words.shift()),
    channel() {
      const found = leadingChannel(words[0] ?? "");
      if (found.channel === undefined) return undefined;
      words = found.text === "" ? words.slice(1) : [found.text, ...words.slice(1)];
      return found.channel;
    },
    addresses() {
      const names: string[] = [];
      for (;;) {
        const found = leadingAddresses(words[0] ?? "");
        if (found.addresses.length === 0) return { names, text: false };
        names.push(...found.addresses);
        words = words.slice(1);
        if (found.text.trim() === "") continue;
        words.unshift(found.text); // one word that contained both addresses and text
        return { names, text: true };
      }
    },
    rest: () => (words.length === 0 ? undefined : words.join(" ")),
  };
}

const WORD = /^[ \t]*(\S+)/;
const QUOTED = /^[ \t]*(?:"([^"\n]*)"|'([^'\n]*)')(?=\s|$)/;

/** The words of a raw line after the command's name; the text is the rest, verbatim. */
export function rawSource(line: string): WordSource {
  let rest = line;
  let textBegun = false; // a line break after the names begins the text, which keeps its indentation
  const cut = (match: RegExpExecArray): void => {
    rest = rest.slice(match[0].length);
  };
  return {
    verbatim: true,
    peek: () => WORD.exec(rest)?.[1],
    take(characters) {
      const match = WORD.exec(rest);
      if (match === null) return;
      const after = characters === undefined ? 0 : match[1]!.length - characters;
      rest = rest.slice(match[0].length - after);
    },
    value() {
      const quoted = QUOTED.exec(rest);
      if (quoted !== null) {
        cut(quoted);
        return ok(quoted[1] ?? quoted[2] ?? "");
      }
      const match = WORD.exec(rest);
      if (match === null) return ok(undefined);
      if (/^["']/.test(match[1]!)) return fail("usage", `The quote in ${match[1]} is not closed.`);
      cut(match);
      return ok(match[1]);
    },
    channel() {
      const found = leadingChannel(rest);
      if (found.channel === undefined) return undefined;
      textBegun = rest.slice(0, rest.length - found.text.length).endsWith("\n");
      rest = found.text;
      return found.channel;
    },
    addresses() {
      const found = leadingAddresses(rest);
      if (found.addresses.length > 0) {
        textBegun = rest.slice(0, rest.length - found.text.length).endsWith("\n");
        rest = found.text;
      }
      return { names: found.addresses, text: textBegun };
    },
    rest() {
      const text = textBegun ? rest : rest.replace(/^[ \t]+/, "").replace(/^\r?\n/, "");
      return text === "" ? undefined : text;
    },
  };
}
