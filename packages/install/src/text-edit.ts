// One change of a text as the single span that differs: what was there, what is there now. It can be undone later, byte for
// byte, even if other parts of the text have changed meanwhile.

export interface Span {
  readonly offset: number;
  readonly removed: string;
  readonly inserted: string;
}

/** The smallest span in which the two texts differ. */
export function spanBetween(before: string, after: string): Span {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return {
    offset: start,
    removed: before.slice(start, before.length - end),
    inserted: after.slice(start, after.length - end),
  };
}

/** Removes a span from a text again; undefined when it is no longer there, or there more than once. */
export function withoutSpan(text: string, { offset, removed, inserted }: Span): string | undefined {
  if (inserted === "") return undefined;
  const at = text.startsWith(inserted, offset) ? offset : text.indexOf(inserted);
  if (at < 0 || (at !== offset && text.includes(inserted, at + 1))) return undefined;
  return text.slice(0, at) + removed + text.slice(at + inserted.length);
}

/** The change as a person reads it: removed and added lines, with a little context. */
export function showChange(path: string, before: string | undefined, after: string | undefined): string[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const gone = old.slice(start, old.length - end);
  const come = now.slice(start, now.length - end);
  const from = Math.max(0, start - CONTEXT_LINES);
  const around = (lines: readonly string[]): string[] => lines.map((line) => ` ${line}`);
  return [
    `--- ${before === undefined ? "(no file)" : path}`,
    `+++ ${after === undefined ? "(no file)" : path}`,
    `@@ line ${start + 1} @@`,
    ...around(old.slice(from, start)),
    ...gone.map((line) => `-${line}`),
    ...come.map((line) => `+${line}`),
    ...around(old.slice(old.length - end, old.length - end + CONTEXT_LINES)),
  ];
}

const CONTEXT_LINES = 2;

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === "") return [];
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
