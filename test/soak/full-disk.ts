// A disk that is full for a while: a small one of the member's own where mounting is allowed, else a bound on the size of its
// files.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SoakMember } from "./soak-member.ts";

/** Makes the disk of one member full, and gives it room again. */
export interface Disk {
  readonly how: string;
  fill(member: SoakMember): void;
  free(member: SoakMember): void;
}

export const DISK_MIB = 2_048;

/** A small disk of its own where mounting is allowed, else a bound on the size of the daemon's files. */
export function findDisk(): Disk | undefined {
  const resize = (member: SoakMember, bytes: number): void =>
    void spawnSync("mount", ["-o", `remount,size=${bytes}`, member.memories]);
  const probe = mkdtempSync(join(tmpdir(), "agora-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", probe]).status === 0;
  if (mounted) spawnSync("umount", ["-l", probe]);
  rmSync(probe, { recursive: true, force: true });
  if (mounted)
    return {
      how: "tmpfs",
      fill(member) {
        const { blocks, bfree, bsize } = statfsSync(member.memories);
        resize(member, (blocks - bfree) * bsize);
      },
      free: (member) => resize(member, DISK_MIB * 1024 * 1024),
    };
  if (spawnSync("prlimit", ["--version"]).status !== 0) return undefined;
  const limit = (member: SoakMember, bytes: string): void => {
    if (member.daemonPid !== undefined) spawnSync("prlimit", ["--pid", String(member.daemonPid), `--fsize=${bytes}:`]);
  };
  return {
    how: "prlimit",
    fill: (member) => limit(member, "1"),
    free: (member) => limit(member, "unlimited"),
  };
}
