// What this member tells the room about itself; each fact can be turned off in the settings.
import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Share } from "@agora/user-config";
import type { Facts, SeatFacts } from "@agora/protocol";

/** The present facts. */
export function collectFacts(options: {
  readonly project: string;
  readonly share: Share;
  readonly mode: "manual" | "auto";
  readonly seats: readonly SeatFacts[];
}): Facts {
  const { project, share } = options;
  const branch = share.branch ? gitBranch(project) : undefined;
  return {
    kind: "person",
    mode: options.mode,
    ...(share.host ? { host: hostname().slice(0, 200) } : {}),
    ...(share.dir ? { dir: basename(project).slice(0, 200) } : {}),
    ...(branch === undefined ? {} : { branch: branch.slice(0, 200) }),
    ...(share.client && options.seats.length > 0
      ? { client: [...new Set(options.seats.map((s) => s.client ?? s.seat))].join(", ").slice(0, 200) }
      : {}),
    seats: options.seats.map(({ client: _, ...seat }) =>
      share.client && _ !== undefined ? { client: _, ...seat } : seat,
    ),
  };
}

/** The checked-out branch, read from `.git/HEAD` without a process; undefined outside git. */
export function gitBranch(project: string): string | undefined {
  try {
    const dot = join(project, ".git");
    const dir = statSync(dot).isDirectory()
      ? dot
      : resolve(project, /^gitdir: (.+)$/m.exec(readFileSync(dot, "utf8"))![1]!);
    const head = readFileSync(join(dir, "HEAD"), "utf8").trim();
    return head.startsWith("ref: refs/heads/") ? head.slice("ref: refs/heads/".length) : head.slice(0, 8);
  } catch {
    return undefined;
  }
}
