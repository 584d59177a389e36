// What a person sees of a bug: one sentence, and where to find the rest. Never a stack trace.
import { join } from "node:path";
import { findHome } from "@agora/user-config";
import { fileLog } from "@agora/ports";
import { harmlessLine } from "@agora/protocol";
import type { ExitCode, Start } from "./terminal.ts";

/** Writes the stack to the log in the user's home and the sentence to stderr. */
export function reportBug(error: unknown, start: Start): ExitCode {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  let where = "";
  try {
    const path = join(findHome(start.env).path, "cli.log");
    fileLog(path).warn("bug", { what, stack: error instanceof Error ? error.stack : undefined });
    where = ` The details are in ${path}.`;
  } catch {
    // No home, no log: the sentence alone must do.
  }
  process.stderr.write(`Something in agora went wrong that should not: ${harmlessLine(what)}.${where}\n`);
  return 1;
}
