// Reads a file of JSON lines that another process writes to.
import { readFile } from "node:fs/promises";

/** The lines so far, read; a line that is being written is left for the next time. None where there is no file. */
export async function readWholeLines(path: string): Promise<unknown[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean);
  return lines.map((line) => JSON.parse(line) as unknown);
}
