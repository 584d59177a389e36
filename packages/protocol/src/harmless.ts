// Makes a peer's text safe to show: to a terminal, where escape codes act, and to a person or model, whom invisible
// characters deceive. Nothing is dropped silently: what could act or hide becomes visible as ⟨U+XXXX⟩.

// C0 and C1 controls but for tab and newline, the bidi marks, embeddings, overrides and isolates, zero-width and other
// invisible characters, the line separators, variation-selector supplement and tag characters (both can hide whole texts).
const UNSAFE =
  // oxlint-disable-next-line no-misleading-character-class -- the class lists single invisible code points on purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** `text` with every character that acts or hides made visible; CR LF becomes LF. Joiners inside emoji stay. */
export function harmless(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(UNSAFE, (c) => `⟨U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** `text` on one line and at most `max` characters, harmless: for names, reasons, previews. */
export function harmlessLine(text: string, max = 200): string {
  const line = harmless(text).replaceAll(/\s+/g, " ").trim();
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}
