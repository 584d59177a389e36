// The home of a command in a terminal. A person chooses it with the environment; an agent's shell may have got its
// environment from the project, and uses only a home that this user marked.
import { viaOfShell } from "@agora/commands";
import { acceptedHome, findHome, type Home, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import type { Start } from "./terminal.ts";

/** The home, or why an agent's shell may not use it. */
export function terminalHome(start: Start): Result<Home, "bad-home"> {
  const accepted = acceptedHome(start.env, [start.cwd]);
  if (accepted.ok || viaOfShell(start.env) === "shell") return accepted;
  return ok(findHome(start.env));
}
