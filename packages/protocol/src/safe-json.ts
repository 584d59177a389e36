// JSON that is safe to look at: anything that would act in a terminal or hide from the eye is escaped in the JSON itself, so
// a program still reads the original text.

/** What `harmless` makes visible, and the joiners inside emoji too; line ends belong to the format. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]/gu;

/** JSON as `JSON.stringify` writes it, on one line unless `indent` is given. */
export function safeJson(value: unknown, indent?: number): string {
  return escapeUnseen(JSON.stringify(value, null, indent));
}

/** Adds the same escapes to existing JSON; it still parses to the same value. */
export function escapeUnseen(json: string): string {
  return json.replaceAll(UNSEEN, (c) =>
    Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""),
  );
}
