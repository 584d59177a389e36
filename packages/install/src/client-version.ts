// Which version of a client the person has, according to the client itself.
import { execFile } from "node:child_process";

/** `codex-cli 0.171.0`, `2.1.332 (Claude Code)`. */
const VERSION = /\b\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/;
const ANSWER_TIMEOUT_MS = 10_000;

/** The version printed by `FILE --version`; undefined when it isn't on the PATH or prints none. */
export function clientVersion(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env: { ...env }, timeout: ANSWER_TIMEOUT_MS, killSignal: "SIGKILL" as const };
    const child = execFile(file, ["--version"], options, (error, out) =>
      resolve(error === null ? VERSION.exec(out)?.[0] : undefined),
    );
    child.stdin?.end();
  });
}
