// The terminal as the commands use it: lines out, one sentence of failure, an exit code. Output that nobody reads any more
// (a closed pipe) ends the process quietly.
import { safeJson } from "@agora/commands";
import type { Failure } from "@agora/protocol";
import type { ExitCode } from "./exit-codes.ts";

export type { ExitCode } from "./exit-codes.ts";

/** What the executable is started with. */
export interface Start {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** This executable's own file: what a daemon is launched with. */
  readonly entry: string;
}

/** Prints lines to the person or the next program. */
export function print(...lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
}

/** Prints one value as JSON. */
export function printJson(value: unknown): void {
  process.stdout.write(`${safeJson(value)}\n`);
}

/** Says why something was not done; with `json` the same stands on stdout for a program. */
export function printFailure(failure: Failure, json: boolean): ExitCode {
  if (json) printJson({ error: { code: failure.code, message: failure.message } });
  process.stderr.write(`${failure.message}\n`);
  return failure.code === "usage" ? 2 : 1;
}

/** Ends the process quietly when its output is closed by the other side. */
export function leaveWithClosedPipe(): void {
  const onError = (error: NodeJS.ErrnoException): void => {
    process.exit(error.code === "EPIPE" ? 0 : 1);
  };
  process.stdout.on("error", onError);
  process.stderr.on("error", onError);
}
