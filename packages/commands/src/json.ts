// JSON that is safe to look at: what would act in a terminal or hide from the eye is escaped, so nothing is lost.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One line of JSON. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSEEN, (c) =>
    Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""),
  );
}
