// The usage line of a command.
import type { CommandWords } from "./define-command.ts";

/** `say [#channel] [@a @b] [--thread ID] [--role agent] [--file PATH] TEXT`. */
export function usageOfWords(
  name: string,
  {
    addressed,
    inChannel,
    options,
    words,
    text,
  }: Pick<CommandWords, "addressed" | "inChannel" | "options" | "words" | "text">,
): string {
  const flags = options.map((o) => {
    const flag = o.short === undefined ? `--${o.name}` : `-${o.short}`;
    return `[${flag}${o.value === undefined ? "" : ` ${o.value}`}]`;
  });
  return [
    name,
    ...(inChannel ? ["[#channel]"] : []),
    ...(addressed ? ["[@a @b]"] : []),
    ...flags,
    ...words,
    ...(text === undefined ? [] : [text]),
  ].join(" ");
}
