// The log of a stand-in model: a line of JSON for each request, with the rule of the script that answered it.
import { readWholeLines } from "./whole-lines.ts";

/** One line of the log, as a service writes it. */
export interface Logged<Body> {
  readonly number: number;
  readonly at: number;
  readonly rule: number;
  readonly body: Body;
}

/** All requests so far, oldest first. */
export async function readLogged<Body>(path: string): Promise<Logged<Body>[]> {
  return (await readWholeLines(path)) as Logged<Body>[];
}
