// What a person typed as the answer to a form: ids, labels or numbers of choices, or own words where they are allowed.
import { fail, harmlessLine, ok, type Question, type QuestionAnswer, type Result } from "@agora/protocol";

/** The answer that the words mean; a failure says what can be picked. */
export function pickedBy(form: Question, typed: string): Result<QuestionAnswer, "bad-request"> {
  const words = typed.trim();
  if (form.pick === "text") return ok(words === "" ? {} : { text: words });
  const whole = choiceOf(form, words);
  if (whole !== undefined) return ok({ picked: [whole] });
  if (form.pick === "many") {
    const parts = words.split(",").map((part) => part.trim());
    const many = picksOf(form, parts.length > 1 ? parts : words.split(/\s+/));
    if (many !== undefined) return ok(many);
  }
  if (form.other === true && words !== "") return ok({ text: words });
  const choices = (form.choices ?? []).map(({ label }, i) => `${i + 1} ${harmlessLine(label, 60)}`).join(" · ");
  const several = form.pick === "many" ? ", several with commas" : "";
  return fail("bad-request", `That is none of the choices. Pick by number or label${several}: ${choices}`);
}

/** Several choices; one part may be own words where they are allowed. */
function picksOf(form: Question, parts: readonly string[]): QuestionAnswer | undefined {
  const picked = parts.map((part) => choiceOf(form, part));
  const own = parts.filter((_, i) => picked[i] === undefined);
  if (own.length > (form.other === true ? 1 : 0) || own.length === parts.length) return undefined;
  const ids = [...new Set(picked.flatMap((id) => id ?? []))];
  return { picked: ids, ...(own[0] === undefined ? {} : { text: own[0] }) };
}

/** The choice of this id, label or number, in that order. */
function choiceOf({ choices = [] }: Question, word: string): string | undefined {
  const small = word.toLowerCase();
  const found =
    choices.find(({ id }) => id === small) ??
    choices.find(({ label }) => label.trim().toLowerCase() === small) ??
    (/^\d{1,2}$/.test(word) ? choices[Number(word) - 1] : undefined);
  return found?.id;
}
