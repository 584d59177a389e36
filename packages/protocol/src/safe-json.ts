// JSON that is safe to look at: what would act in a terminal or hide from the eye is escaped in the JSON itself, so that a
// program reads the text as it was said.

/** What `harmless` makes visible, and the joiners inside an emoji as well; line ends are the form's own. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]/gu;

/** JSON as `JSON.stringify` makes it, on one line unless `indent` says how far its parts are set in. */
export function safeJson(value: unknown, indent?: number): string {
  return escapeUnseen(JSON.stringify(value, null, indent));
}

/** JSON that was made already, with the same escapes: it reads as the same value. */
export function escapeUnseen(json: string): string {
  return json.replaceAll(UNSEEN, (c) =>
    Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""),
  );
}
