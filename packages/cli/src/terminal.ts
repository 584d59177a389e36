// The terminal as commands use it: lines out, one sentence for a failure, an exit code. When nobody reads the output any
// more (a closed pipe), the process ends quietly.
import { safeJson } from "@agora/commands";
import type { Failure } from "@agora/protocol";
import type { ExitCode } from "./exit-codes.ts";

export type { ExitCode } from "./exit-codes.ts";

/** What the executable was started with. */
export interface Start {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** This executable's own file: daemons are launched with it. */
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

/** Says why something was not done; with `json`, on stdout for a program too. */
export function printFailure(failure: Failure, json: boolean): ExitCode {
  if (json) printJson({ error: { code: failure.code, message: failure.message } });
  process.stderr.write(`${failure.message}\n`);
  return failure.code === "usage" ? 2 : 1;
}

/** Ends the process quietly when the reader closes its output. */
export function leaveWithClosedPipe(): void {
  const onError = (error: NodeJS.ErrnoException): void => {
    process.exit(error.code === "EPIPE" ? 0 : 1);
  };
  process.stdout.on("error", onError);
  process.stderr.on("error", onError);
}
