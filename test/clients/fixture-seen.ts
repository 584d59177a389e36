// Reads what the fixture plugin wrote down: which hooks ran, with what input, in which surroundings.
// It is the harness's own plugin; the product's tests read journals instead.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClaudeHome, Plugin } from "./home.ts";
import { readWholeLines } from "./whole-lines.ts";

/** The plugin that pins undocumented facts of the client. */
export const fixturePlugin: Plugin = {
  marketplace: fileURLToPath(new URL("./fixture-plugin", import.meta.url)),
  source: "plugin",
  name: "fixture@fixture",
};

export interface Surroundings {
  readonly cwd: string;
  readonly names: readonly string[];
  readonly claudecode?: string;
  readonly project?: string;
  readonly session?: string;
  readonly entrypoint?: string;
  readonly pluginRoot?: string;
}

export interface Seen {
  readonly what: "SessionStart" | "SessionEnd" | "server" | "call" | "waiter armed";
  /** Of a call: the tool. */
  readonly name?: string;
  readonly input?: Readonly<Record<string, string>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly surroundings?: Surroundings;
}

/** Everything that the fixture saw in this HOME so far, in order. */
export async function readSeen(home: ClaudeHome): Promise<Seen[]> {
  return (await readWholeLines(join(home.path, "seen.jsonl"))) as Seen[];
}

/** The inputs of all hook calls for one event. */
export async function hookCalls(home: ClaudeHome, event: string): Promise<Readonly<Record<string, string>>[]> {
  const calls = (await readSeen(home)).filter(({ what, name }) => what === "call" && name === "hook");
  return calls.map(({ input = {} }) => input).filter((input) => input["event"] === event);
}
