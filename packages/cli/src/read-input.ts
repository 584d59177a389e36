// Standard input, for a command that asks for it with `-`.

/** Piped input must be complete within this time. */
const TIMEOUT_MS = 60_000;

/**
 * All of the input, up to a size limit (slightly more may come) and a deadline; undefined when stdin is a person's keyboard.
 */
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
    // Ended by the deadline: use what has arrived.
  } finally {
    clearTimeout(late);
  }
  return text;
}
