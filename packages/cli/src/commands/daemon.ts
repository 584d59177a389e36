// `agora daemon PROJECT`: what `start` launches; nobody types it.
import { runDaemon } from "@agora/daemon";
import { findHome } from "@agora/home";
import type { ExitCode, Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Runs the daemon of one project until it is told to leave. */
export async function daemon(start: Start, words: readonly string[]): Promise<ExitCode> {
  const [project] = words;
  if (project === undefined || project.startsWith("-")) {
    process.stderr.write("daemon needs PROJECT: it is started by agora start.\n");
    return 2;
  }
  const code = await runDaemon({ project, home: findHome(start.env), version: VERSION });
  return code === 0 ? 0 : 1;
}
