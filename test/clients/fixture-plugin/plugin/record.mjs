// Writes down what a hook or the server saw, for the test to read: HOME/seen.jsonl.
// Only names of the client's variables are kept, and the few values that tests ask for: one of the others is a token.
import { appendFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Adds one line to what was seen. */
export function record(what, facts) {
  appendFileSync(join(homedir(), "seen.jsonl"), `${JSON.stringify({ what, ...facts })}\n`);
}

/** What the client tells a process of its plugin by environment and working directory. */
export function surroundings() {
  const env = process.env;
  return {
    cwd: process.cwd(),
    names: Object.keys(env).filter((name) => name.startsWith("CLAUDE")),
    claudecode: env.CLAUDECODE,
    project: env.CLAUDE_PROJECT_DIR,
    session: env.CLAUDE_CODE_SESSION_ID,
    entrypoint: env.CLAUDE_CODE_ENTRYPOINT,
    pluginRoot: env.CLAUDE_PLUGIN_ROOT,
  };
}
