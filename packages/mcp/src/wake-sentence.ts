// The fixed sentence of a wake-up: a count, and names only if they are valid member names. It contains none of a peer's
// words, so it may appear in an argument list or pass for the user's own words.
import { isMemberName } from "@agora/protocol";

const MAX_NAMES = 5;

/** The sentence for `count` messages from these members. */
export function wakeSentence(count: number, from: readonly string[]): string {
  const names = [...new Set(from.filter(isMemberName))].slice(0, MAX_NAMES);
  const who = names.length === 0 ? "" : ` from ${names.join(", ")}`;
  const what = count === 1 ? "1 message" : `${Math.max(0, Math.trunc(count))} messages`;
  return `Agora: ${what}${who} for this session; the text is in the context beside this note.`;
}

const SENTENCE =
  /^\s*Agora: \d+ messages?(?: from [^\s;]+(?:, [^\s;]+)*)? for this session; the text is in the context beside this note\.\s*$/;

/** Whether a prompt is such a sentence and nothing else. */
export function isWakeSentence(prompt: string): boolean {
  return SENTENCE.test(prompt);
}
