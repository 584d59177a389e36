// What comes on the standard input, for a command that asks for it by `-`.

/** Whoever pipes something has it ready, or makes it within this time. */
const TIMEOUT_MS = 60_000;

/** All of it, up to a bound (past it some more may come) and a deadline; undefined when a person's keyboard is there instead. */
export async function readInput(maxChars: number): Promise<string | undefined> {
  const { stdin } = process;
  if (stdin.isTTY) return undefined;
  let text = "";
  const late = setTimeout(() => stdin.destroy(), TIMEOUT_MS);
  try {
    for await (const chunk of stdin.setEncoding("utf8")) {
      text += String(chunk);
      if (text.length > maxChars) break;
    }
  } catch {
    // Ended by the deadline: what came is what there is.
  } finally {
    clearTimeout(late);
  }
  return text;
}
