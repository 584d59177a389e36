// A picture pasted at a client's prompt is no text: a hook is given a mark in its place. What was typed with one isn't sent
// without it; behind `--` everything is text, a mark too.

// Claude Code writes `[Image #1]`, the text of a picture it keeps aside `[Image: source: PATH]`; Codex writes `[Image #1]`, its
// older form `[Image 640x480]`, and wraps one that is sent as `<image name=[Image #1]>`. Pasted text comes expanded and whole.
const PICTURE = /\[Image #\d+\]|\[Image: source: [^\]\n]+\]|\[image \d+x\d+[^\]\n]*\]|<image name=/i;
const TEXT_MARK = /(?:^|\s)--(?=\s|$)/;

/** The mark of the first picture in a typed command; undefined when there is none. */
export function pictureIn(line: string): string | undefined {
  const end = TEXT_MARK.exec(line)?.index ?? line.length;
  return PICTURE.exec(line.slice(0, end))?.[0];
}
