// Whether an agent is among this process's ancestors. Its shell can be started with a clean environment, but its parents
// can't be changed. The search goes beyond the session leader, because agents give their shells terminals of their own. A
// process that detaches twice has no such parent; docs/security.md says so.
import { readFileSync, readlinkSync } from "node:fs";
import { agentOfProcess, type ShownProcess } from "./agent-clients.ts";

/** More generations than any session has. */
const MAX_GENERATIONS = 64;
const PS_TIMEOUT_MS = 1_500;
const MAX_ARGS_BYTES = 64 * 1024;

interface Generation extends ShownProcess {
  readonly parent: number;
}

/** Looks up a process; undefined when it is gone or hidden. */
type Look = (pid: number) => Generation | undefined;

/** The name of the nearest agent above; undefined when there is none, or where the system doesn't tell (Windows). */
export function agentAbove(pid = process.ppid, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === "win32") return undefined;
  const look = platform === "linux" ? lookInProc : psTable();
  let at = pid;
  for (let n = 0; at > 0 && n < MAX_GENERATIONS; n += 1) {
    const found = look(at);
    if (found === undefined) return undefined;
    const agent = agentOfProcess(found);
    if (agent !== undefined) return agent;
    at = found.parent;
  }
  return undefined;
}

function lookInProc(pid: number): Generation | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in parentheses and may contain some itself.
    const end = stat.lastIndexOf(")");
    const name = stat.slice(stat.indexOf("(") + 1, end);
    const parent = Number(stat.slice(end + 2).split(" ")[1]);
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").slice(0, MAX_ARGS_BYTES).split("\0");
    return { name, argv, file: exeOf(pid), parent };
  } catch {
    return undefined;
  }
}

function exeOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return "";
  }
}

/** All processes at once: one `ps` instead of one per generation. */
function psTable(): Look {
  const { execFileSync } = process.getBuiltinModule("node:child_process");
  const table = new Map<number, Generation>();
  try {
    const out = execFileSync("/bin/ps", ["-axo", "pid=,ppid=,args="], {
      encoding: "utf8",
      timeout: PS_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
      env: { LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    for (const line of out.split("\n")) {
      const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      if (pid === undefined) continue;
      const argv = args.slice(0, MAX_ARGS_BYTES).split(" ");
      table.set(Number(pid), { name: "", argv, file: "", parent: Number(parent) });
    }
  } catch {
    // No ps: the environment alone decides.
  }
  return (pid) => table.get(pid);
}
