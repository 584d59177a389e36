// What came in, as one line for the person, because clients show the model's context to nobody. Bounded, and free of
// anything a terminal or a client's markup would interpret: the words are a peer's.
import { type FenceItem, shortId } from "@agora/commands";
import { harmlessLine } from "@agora/protocol";

/** A peer's words in that line, characters. */
const MAX_WORDS = 120;

/** `agora: 3 messages, @bob asks (thread 3f9k): can you check the schema?`; "" when nothing new came from others. */
export function arrivedLine(items: readonly FenceItem[], skipped: number): string {
  const fresh = items.filter(({ line, again }) => !line.mine && !again);
  // Requests to this session rank before messages to it, and those before the room's other talk; then the newest first.
  const first =
    fresh.findLast(({ asked }) => asked) ?? fresh.findLast(({ line }) => line.to.length > 0) ?? fresh.at(-1);
  if (first === undefined) return "";
  const { line, asked } = first;
  const count = fresh.length + skipped;
  const who = `@${unmarked(line.author, 40)}${line.role === "agent" ? "'s agent" : ""}`;
  const words = line.text.trim() === "" ? line.kind : line.text;
  return `agora: ${count} message${count === 1 ? "" : "s"}, ${who} ${asked ? "asks" : "says"} (thread ${unmarked(shortId(line.thread), 12)}): ${unmarked(words, MAX_WORDS)}`;
}

/** Removes the characters that begin markup. */
function unmarked(text: string, max: number): string {
  return harmlessLine(
    text
      .replaceAll(/[`*~|\\]/g, "")
      .replaceAll(/[<[]/g, "(")
      .replaceAll(/[>\]]/g, ")"),
    max,
  );
}
