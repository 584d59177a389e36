// A child of the demo: this executable run as one person, with a project and a home of their own. It reports only what the
// command printed as JSON.
import { spawn } from "node:child_process";
import { fail, ok, type Result } from "@agora/protocol";

const COMMAND_TIMEOUT_MS = 60_000;

/** A person who types commands. */
export interface Actor {
  readonly name: string;
  readonly project: string;
  /** Runs `agora <words> --json`; returns the JSON it printed, or its error message. */
  run(words: readonly string[], until?: AbortSignal): Promise<Result<unknown>>;
}

/** Creates a person with a project and a home; `env` is the entire environment. */
export function createActor(
  name: string,
  project: string,
  entry: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Actor {
  return {
    name,
    project,
    run: ([command = "", ...words], until = signal) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [entry, command, "--json", ...words], {
          cwd: project,
          env,
          stdio: ["ignore", "pipe", "pipe"],
          timeout: COMMAND_TIMEOUT_MS,
          signal: until,
        });
        let out = "";
        let err = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
        child.once("error", (error) => resolve(fail("failed", `${name}: agora ${command}: ${error.message}`)));
        child.once("close", (code) => {
          if (code !== 0) return resolve(fail("failed", `${name}: agora ${command}: ${err.trim() || `exit ${code}`}`));
          try {
            resolve(ok(JSON.parse(out)));
          } catch {
            resolve(fail("failed", `${name}: agora ${command} printed no JSON.`));
          }
        });
      }),
  };
}
