// Cuts long text between characters as people see them: never through an emoji, an accented letter or a surrogate pair.

/** The longest character looked for around a cut, in UTF-16 units: a family of four has eleven. */
const MAX_CHARACTER = 64;
/** The longest file extension that is kept, with its dot. */
const MAX_ENDING = 12;

let segmenter: Intl.Segmenter | undefined;

/** At most `max` UTF-16 units of `text`, ending after a whole character. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const begin = Math.max(0, max - MAX_CHARACTER);
  const around = segmenter.segment(text.slice(begin, max + MAX_CHARACTER)).containing(max - begin);
  // A run of combining marks longer than any character is cut where it is, but never inside a pair.
  const at = begin + (around?.index ?? max - begin);
  const isPair = (text.codePointAt(max - 1) ?? 0) > 0xffff;
  return text.slice(0, at > begin || begin === 0 ? at : isPair ? max - 1 : max);
}

/** A file name in at most `max` UTF-16 units that keeps its extension: `a very long….txt` is still a text file. */
export function cutName(name: string, max: number): string {
  if (name.length <= max) return name;
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 && name.length - dot <= MAX_ENDING ? name.slice(dot) : "";
  return cutText(name.slice(0, name.length - ending.length), Math.max(1, max - ending.length)) + ending;
}
