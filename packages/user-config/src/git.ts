// Asks git about a project. A cloned project's `.git/config` and attributes can name programs (a file system monitor, hooks,
// filters, helpers): all are disabled here. Everything that runs git goes through this file.
import type { Env } from "./env.ts";

/** How a call ended: git's exit code, or git isn't installed, or it didn't answer in time. */
export type GitAnswer = { readonly code: number; readonly out: string } | "no-git" | "no-answer";

const TIMEOUT_MS = 5_000;
const MAX_OUT_BYTES = 1024 * 1024;

/** Set for this call alone, above every configuration file. */
const NOTHING_RUNS = [
  "--no-optional-locks",
  "--no-pager",
  ...[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=",
    "core.askPass=",
    "core.editor=true",
    "core.pager=cat",
    "core.alternateRefsCommand=",
    "core.untrackedCache=false",
    "credential.helper=",
    "diff.external=",
    "gpg.program=",
    "protocol.allow=never",
    "submodule.recurse=false",
    "uploadpack.packObjectsHook=",
  ].flatMap((setting) => ["-c", setting]),
];

/** What git needs from an environment; other people's GIT_ variables are not passed on. */
function gitEnv(env: Env): Record<string, string> {
  const kept = ["PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP"];
  const own = Object.entries(env).filter(([name, value]) => value !== undefined && kept.includes(name.toUpperCase()));
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_PAGER: "cat",
    GIT_NO_LAZY_FETCH: "1",
    // Trace files can be requested only in the user's configuration, found through HOME.
    GIT_TRACE2: "0",
    GIT_TRACE2_EVENT: "0",
    GIT_TRACE2_PERF: "0",
  };
}

/** Runs `git words…` in `cwd`. */
export async function askGit(cwd: string, words: readonly string[], env: Env): Promise<GitAnswer> {
  const { execFile } = await import("node:child_process");
  const options = { cwd, env: gitEnv(env), timeout: TIMEOUT_MS, maxBuffer: MAX_OUT_BYTES, windowsHide: true } as const;
  return new Promise((resolve) => {
    execFile("git", [...NOTHING_RUNS, ...words], { ...options, killSignal: "SIGKILL" }, (error, out) => {
      if (error === null) return resolve({ code: 0, out });
      if (error.code === "ENOENT") return resolve("no-git");
      resolve(typeof error.code === "number" ? { code: error.code, out } : "no-answer");
    });
  });
}
