// `agora hub`: launched by `agora console` and by daemons whose person has the console open; nobody types it.
import { runHub } from "@agora/hub";
import { HUB, leaveRefusal } from "@agora/ipc";
import { findHome } from "@agora/user-config";
import { reportBug } from "../report-bug.ts";
import type { ExitCode, Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Runs the user's hub until it leaves. */
export async function hub(start: Start, words: readonly string[]): Promise<ExitCode> {
  const home = findHome(start.env);
  const { env, entry: bundle } = start;
  try {
    return await runHub({ home, version: VERSION, bundle, env, again: words.includes("--again") });
  } catch (error) {
    leaveRefusal(home, HUB, "The hub could not start because of a mistake in agora: cli.log in its home says more.");
    return process.exit(reportBug(error, start));
  }
}
