// A picture pasted at a client's prompt isn't text: a hook gets a mark in its place. A command typed with a picture isn't
// sent without it; after `--` everything is text, even a mark.

// Claude Code writes `[Image #1]`, and `[Image: source: PATH]` for a picture it keeps aside; Codex writes `[Image #1]`, in
// older versions `[Image 640x480]`, and wraps a sent one as `<image name=[Image #1]>`. Pasted text arrives expanded and
// complete.
const PICTURE = /\[Image #\d+\]|\[Image: source: [^\]\n]+\]|\[image \d+x\d+[^\]\n]*\]|<image name=/i;
const TEXT_MARK = /(?:^|\s)--(?=\s|$)/;

/** The mark of the first picture in a typed command; undefined if there is none. */
export function pictureIn(line: string): string | undefined {
  const end = TEXT_MARK.exec(line)?.index ?? line.length;
  return PICTURE.exec(line.slice(0, end))?.[0];
}
