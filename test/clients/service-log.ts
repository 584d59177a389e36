// The log of a stand-in model: a line of JSON for each request, with the rule of the script that answered it.
import { readFile } from "node:fs/promises";

/** One line of the log, as a service writes it. */
export interface Logged<Body> {
  readonly number: number;
  readonly at: number;
  readonly rule: number;
  readonly body: Body;
}

/** All requests so far, oldest first; a line that is being written is left for the next time. */
export async function readLogged<Body>(path: string): Promise<Logged<Body>[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Logged<Body>);
}
