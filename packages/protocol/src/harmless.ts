// Makes a peer's text safe to show: to a terminal, where escape codes act, and to a person or model, whom invisible
// characters deceive. Nothing is dropped silently: anything that could act or hide is shown as ⟨U+XXXX⟩. [SHOW-1]
import { cutText } from "./cut.ts";

// An emoji as people type it: a pictograph, perhaps with a skin tone and a presentation selector, and more of them joined by
// U+200D. Joiners and selectors are kept only inside such a sequence; anywhere else they are a place to hide.
const PICTOGRAPH = String.raw`\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}]?[\ufe0e\ufe0f]?`;
const EMOJI = `${PICTOGRAPH}(?:\\u200d${PICTOGRAPH})*`;
const KEYCAP = String.raw`[0-9#*]\ufe0f\u20e3`;
// England, Scotland, Wales: the only flags spelled with tag characters, which could otherwise carry a whole hidden text.
const FLAG = String.raw`\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}`;

// Control characters except tab and newline, line separators, lone surrogates, everything Unicode calls ignorable (bidi
// marks, zero-width characters, fillers, selectors, tags) or a format character, and two blanks that are neither. The number
// signs of Arabic, Syriac and Kaithi are format characters too, but visible.
const VISIBLE_FORMATS = String.raw`\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}`;
const UNSAFE = String.raw`(?![\t\n${VISIBLE_FORMATS}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]`;

const KEPT_OR_UNSAFE = new RegExp(`(${FLAG}|${EMOJI}|${KEYCAP})|(?:${UNSAFE})+`, "gu");

/** Most messages: nothing here can act or hide, and a closer look would cost far more than this test. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;

/** `text` with every character that acts or hides made visible; CR LF becomes LF, emoji stay intact. */
export function harmless(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(KEPT_OR_UNSAFE, (match, emoji: string | undefined) => emoji ?? visible(match));
}

function visible(run: string): string {
  let shown = "";
  for (const character of run) shown += `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  return shown;
}

/** `text` made harmless, on one line and at most `max` characters: for names, reasons, previews. */
export function harmlessLine(text: string, max = 200): string {
  const line = harmless(text).replaceAll(/\s+/g, " ").trim();
  if (line.length <= max) return line;
  // Cutting through an emoji would leave half of it, which isn't harmless any more.
  let cut = cutText(line, max - 1);
  while (harmless(cut) !== cut) cut = cut.slice(0, -1);
  return `${cut}…`;
}
