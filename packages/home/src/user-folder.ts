// The user's own folder on this machine (`~`). Not Node's `homedir`, which believes an empty or relative HOME, by which a project
// could be taken for the home, and throws for a user whom the system doesn't know, as in many containers.
import { userInfo } from "node:os";
import { isAbsolute } from "node:path";
import type { Env } from "./env.ts";

/** Stands for a folder that there is not: nothing can be in it, nothing can be made in it. */
const NOWHERE = "/dev/null";

/** HOME (USERPROFILE) when it is an absolute path, else what the system knows of the user, else nowhere. */
export function userFolder(env: Env): string {
  const named = [env["HOME"], env["USERPROFILE"]].find((path) => path !== undefined && isAbsolute(path));
  if (named !== undefined) return named;
  try {
    const { homedir } = userInfo();
    return isAbsolute(homedir) ? homedir : NOWHERE;
  } catch {
    return NOWHERE;
  }
}

/** Whether `path` lies in the folder of a user who has none. */
export function isNowhere(path: string): boolean {
  return path.startsWith(`${NOWHERE}/`);
}
