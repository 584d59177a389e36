// Whether this session's project has joined a room. Every hook asks, so it checks the registry file's metadata and reads the
// file only when that changed: a `start` anywhere takes effect at the next hook, and a project that never joined costs one
// stat.
import { statSync } from "node:fs";
import { findProject, type Home, joinedProject, registryPath } from "@agora/user-config";
import type { Membership } from "./daemon-line.ts";

/** Tracks the project around `dir()`, which some clients tell only later. Writes nothing. */
export function createMembership(home: Home, dir: () => string): Membership {
  const registry = registryPath(home);
  let seen = { state: "", dir: "" };
  let path: string | undefined;
  const look = (): string | undefined => {
    const now = { state: fileState(registry), dir: dir() };
    if (now.state !== seen.state || now.dir !== seen.dir) {
      seen = now;
      path = now.state === ABSENT ? undefined : joinedProject(home, now.dir)?.path;
    }
    return path;
  };
  return {
    joined: () => look() !== undefined,
    get project() {
      const joined = look();
      if (joined !== undefined) return joined;
      const place = findProject(home, dir());
      return place.ok ? place.value.path : dir();
    },
  };
}

const ABSENT = "absent";

function fileState(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return ABSENT;
  }
}
