// `agora daemon PROJECT`: launched by `start`; nobody types it.
import { runDaemon } from "@agora/daemon";
import { findHome } from "@agora/user-config";
import { isConsoleExpected } from "@agora/hub";
import { leaveRefusal, openHub } from "@agora/ipc";
import { renewKept } from "../renew-kept.ts";
import { reportBug } from "../report-bug.ts";
import type { ExitCode, Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Runs one project's daemon until it is told to leave. */
export async function daemon(start: Start, words: readonly string[]): Promise<ExitCode> {
  const [project] = words;
  if (project === undefined || project.startsWith("-")) {
    process.stderr.write("daemon needs PROJECT: it is started by agora start.\n");
    return 2;
  }
  const home = findHome(start.env);
  renewKept(home, start.entry, VERSION);
  try {
    const started = (): void => {
      serveConsoleAgain(start).catch((error: unknown) => void reportBug(error, start));
    };
    const code = await runDaemon({ project, home, version: VERSION, again: words.includes("--again"), started });
    return code === 0 ? 0 : 1;
  } catch (error) {
    // It may already hold the project's socket: a daemon that can't work must not stay and look like one that can.
    leaveRefusal(
      home,
      project,
      "The daemon could not start because of a mistake in agora: cli.log in its home says more.",
    );
    return process.exit(reportBug(error, start));
  }
}

/** Where a browser may come back, the console is served again: the machine was started anew, or a newer version came. */
async function serveConsoleAgain({ env, entry: bundle }: Start): Promise<void> {
  const home = findHome(env);
  if (!isConsoleExpected(home)) return;
  const hub = await openHub({ home, version: VERSION, bundle, env });
  if (hub.ok) hub.value.close();
}
