// Processes running from the home's copies of the program, whoever started them: daemons and residents, including those no
// list names any more.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import type { Home } from "@agora/user-config";

export interface OwnProcess {
  readonly pid: number;
  /** Its command line. */
  readonly words: readonly string[];
}

/** Processes of a program in `<home>/versions` or `<home>/bin`, except this one and its ancestors. */
export function ownProcesses(home: Home): readonly OwnProcess[] {
  const roots = ["versions", "bin"].map((name) => join(home.path, name) + sep);
  const above = new Set([process.pid, process.ppid]);
  return allProcesses().filter(
    ({ pid, words }) =>
      !above.has(pid) && words.slice(0, MAX_BEFORE).some((word) => roots.some((r) => word.startsWith(r))),
  );
}

/** The program's path is among the first words: node, its flags, the path. */
const MAX_BEFORE = 6;

function allProcesses(): OwnProcess[] {
  if (existsSync("/proc/self/cmdline"))
    return readdirSync("/proc").flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        return [{ pid: Number(name), words: readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0") }];
      } catch {
        return []; // it ended, or is another user's
      }
    });
  if (process.platform === "win32") return [];
  try {
    const lines = execFileSync("ps", ["-axo", "pid=,args="], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }).split(
      "\n",
    );
    return lines.flatMap((line) => {
      const [pid = "", ...words] = line.trim().split(/\s+/);
      return /^\d+$/.test(pid) ? [{ pid: Number(pid), words }] : [];
    });
  } catch {
    return [];
  }
}
