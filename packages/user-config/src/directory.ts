// The user's own directory: where it is, and whether it can be trusted. A folder that somebody else could have filled is
// refused.
import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { Result } from "@agora/protocol";
import { diskFailure, errorWord, readOnlyAdvice } from "./disk-failure.ts";
import type { Env } from "./env.ts";
import { isEmptyHome, markHome } from "./home-mark.ts";
import { fail, ok } from "./result.ts";
import { isNowhere, userFolder } from "./user-folder.ts";

/** Why something in the home failed; each comes with one sentence. */
export type HomeCode = "bad-home" | "bad-file" | "disk";

/** The user's directory. */
export interface Home {
  readonly path: string;
}

const GROUP_OR_OTHERS_WRITE = 0o022;
const GROUP_OR_OTHERS = 0o077;

/** Where this environment puts the home (AGORA_HOME, XDG_CONFIG_HOME, ~/.config; %APPDATA%). Touches nothing. */
export function findHome(env: Env, platform: NodeJS.Platform = process.platform): Home {
  const own = env["AGORA_HOME"];
  if (own !== undefined && own !== "") return { path: resolve(own) };
  if (platform === "win32") {
    return { path: join(env["APPDATA"] || join(userFolder(env), "AppData", "Roaming"), "agora") };
  }
  const config = env["XDG_CONFIG_HOME"];
  // The XDG specification says to ignore a relative path here.
  if (config !== undefined && isAbsolute(config)) return { path: join(config, "agora") };
  return { path: join(userFolder(env), ".config", "agora") };
}

/** Whether the folder exists (true), is absent (false), or isn't ours to trust. */
export function checkFolder(path: string): Result<boolean, HomeCode> {
  if (isNowhere(path))
    return fail("bad-home", "This user has no home folder: set HOME, or AGORA_HOME, to the absolute path of one.");
  let stat;
  try {
    stat = lstatSync(path);
  } catch (error) {
    return errorWord(error) === "ENOENT" ? ok(false) : diskFailure(path, error);
  }
  if (stat.isSymbolicLink())
    return fail("bad-home", `${path} is a link: Agora keeps keys there and wants a real folder.`);
  if (!stat.isDirectory()) return fail("bad-home", `${path} is not a folder: move it away or set AGORA_HOME.`);
  const uid = process.getuid?.();
  if (uid === undefined) return ok(true); // Windows: access rules of the profile guard it
  if (stat.uid !== uid)
    return fail("bad-home", `${path} belongs to another user: set AGORA_HOME to a folder of your own.`);
  if ((stat.mode & GROUP_OR_OTHERS_WRITE) !== 0) {
    return fail("bad-home", `${path} can be written by others: run "chmod 700 ${path}" if you trust what is in it.`);
  }
  return ok(true);
}

/** Creates the folder (0700) if missing, closes it to other readers, refuses one that isn't ours. */
export function ensureFolder(path: string): Result<void, HomeCode> {
  const there = checkFolder(path);
  if (!there.ok) return there;
  try {
    if (!there.value) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      const made = checkFolder(path); // somebody may have been quicker
      if (!made.ok) return made;
    }
    if (process.getuid !== undefined && (lstatSync(path).mode & GROUP_OR_OTHERS) !== 0) chmodSync(path, 0o700);
    accessSync(path, constants.W_OK | constants.X_OK);
    return ok(undefined);
  } catch (error) {
    const word = errorWord(error);
    if (word !== "EACCES" && word !== "EPERM" && word !== "EROFS") return diskFailure(path, error);
    // Don't suggest another home: that would be another identity, in no room.
    return fail("bad-home", `${path} can't be written: ${readOnlyAdvice(word)}.`);
  }
}

/**
 * Creates the home if missing; refuses one that is a link, another user's, open to others, or not writable. A home that was
 * missing or empty is marked as this user's.
 */
export function ensureHome(home: Home): Result<Home, HomeCode> {
  const isNew = isEmptyHome(home);
  const made = ensureFolder(home.path);
  if (!made.ok) return made;
  const marked = isNew ? markHome(home) : made;
  return marked.ok ? ok(home) : marked;
}
