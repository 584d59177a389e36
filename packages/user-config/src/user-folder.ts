// The user's own folder on this machine (`~`). Not Node's `homedir`: that believes an empty or relative HOME, so a project
// could be taken for the home, and it throws for a user unknown to the system, as in many containers.
import { userInfo } from "node:os";
import { isAbsolute } from "node:path";
import type { Env } from "./env.ts";

/** Stands for a folder that doesn't exist: nothing can be in it, and nothing can be created in it. */
const NOWHERE = "/dev/null";

/** HOME (USERPROFILE) if it is an absolute path, else the user's folder as the system knows it, else nowhere. */
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
