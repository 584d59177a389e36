// `doctor`, typed in a session: what isn't well, in a few lines. The checks run in a process of their own, because they
// change the network settings of their process, and with the environment that every child of ours gets.
import { execFile } from "node:child_process";
import type { Answer, CommandContext } from "@agora/commands";
import { listProjects, scrubbedEnv } from "@agora/user-config";
import { fail, harmlessLine } from "@agora/protocol";
import { checkNetwork } from "./doctor-local.ts";
import { type Check, type Report, reportOf } from "./doctor-report.ts";

/** Below the deadline of a typed command. */
const TIMEOUT_MS = 45_000;
/** Variables that tell a client where its own folders are; those are only read. */
const CLIENT_FOLDERS = ["CLAUDE_CONFIG_DIR", "CODEX_HOME"];

/** The checks that aren't well, each with its fix, and how many are. */
export async function doctorInSession(words: readonly string[], around: CommandContext): Promise<Answer> {
  if (words.length > 0)
    return fail(
      "usage",
      "doctor takes no more words here: agora doctor --wake and --trust-hooks are typed in a terminal.",
    );
  const { entry, home, project, env } = around;
  if (entry === undefined) return fail("no-program", "Type it in a terminal: agora doctor");
  const folders = CLIENT_FOLDERS.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]);
  const report = await runDoctor(entry, project, {
    ...scrubbedEnv(env),
    ...(Object.fromEntries(folders) as Record<string, string>),
    AGORA_HOME: home.path,
  });
  if (report === undefined)
    return fail("no-report", "the checks gave no report in time. Type it in a terminal: agora doctor");
  // The child doesn't get this session's network settings: those that are ignored are reported from here.
  const projects = listProjects(home);
  const origin = projects.ok ? projects.value.find(({ path }) => path === project)?.origin : undefined;
  const { checks } = reportOf(checkNetwork(home, origin, env));
  const all = { ...report, checks: [...report.checks, ...checks] };
  return { ok: true, data: all, lines: showReport(all.checks) };
}

function showReport(checks: readonly Check[]): string[] {
  const unwell = checks.filter(({ ok }) => !ok);
  const well = checks.length - unwell.length;
  return [
    ...unwell.map(
      ({ name, sentence, fix }) =>
        `${name}: ${harmlessLine(sentence, 300)}${fix === null ? "" : ` → ${harmlessLine(fix, 200)}`}`,
    ),
    unwell.length === 0
      ? `all ${well} checks are well`
      : `${well} other checks are well; agora doctor in a terminal shows all`,
  ];
}

function runDoctor(entry: string, project: string, env: Record<string, string>): Promise<Report | undefined> {
  return new Promise((resolve) => {
    const words = [entry, "--json", "--project", project, "doctor"];
    const options = { env, cwd: project, timeout: TIMEOUT_MS, maxBuffer: 1024 ** 2 };
    // It exits with 1 when something is broken, but has printed the same report.
    execFile(process.execPath, words, options, (_, stdout) => resolve(readReport(stdout)));
  });
}

function readReport(text: string): Report | undefined {
  try {
    const { checks } = JSON.parse(text) as Partial<Report>;
    return Array.isArray(checks) ? { checks } : undefined;
  } catch {
    return undefined;
  }
}
