// What came in, as one line for the person: the client shows the model's context to nobody. Bounded, and nothing in it that a
// terminal or a client's markup would act on: the words are a peer's.
import { type FenceItem, shortId } from "@agora/commands";
import { harmlessLine } from "@agora/protocol";

/** A peer's words in it, characters. */
const MAX_WORDS = 120;

/** `agora: 3 messages, @bob asks (thread 3f9k): can you check the schema?`; "" when nothing of others' came in for the first time. */
export function arrivedLine(items: readonly FenceItem[], skipped: number): string {
  const fresh = items.filter(({ line, again }) => !line.mine && !again);
  // What is asked of this session counts before what was said to it, and that before the room's talk; then the newest.
  const first =
    fresh.findLast(({ asked }) => asked) ?? fresh.findLast(({ line }) => line.to.length > 0) ?? fresh.at(-1);
  if (first === undefined) return "";
  const { line, asked } = first;
  const count = fresh.length + skipped;
  const who = `@${unmarked(line.author, 40)}${line.role === "agent" ? "'s agent" : ""}`;
  const words = line.text.trim() === "" ? line.kind : line.text;
  return `agora: ${count} message${count === 1 ? "" : "s"}, ${who} ${asked ? "asks" : "says"} (thread ${unmarked(shortId(line.thread), 12)}): ${unmarked(words, MAX_WORDS)}`;
}

/** Without the characters that begin markup. */
function unmarked(text: string, max: number): string {
  return harmlessLine(
    text
      .replaceAll(/[`*~|\\]/g, "")
      .replaceAll(/[<[]/g, "(")
      .replaceAll(/[>\]]/g, ")"),
    max,
  );
}
