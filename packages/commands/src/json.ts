// JSON that is safe to look at: what would act in a terminal or hide from the eye is escaped, so nothing is lost.

// C0 is escaped by JSON itself; here DEL and C1, bidi marks, zero-width and other invisible characters, tags.
const UNSEEN =
  /[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** One line of JSON. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSEEN, (c) =>
    Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""),
  );
}
