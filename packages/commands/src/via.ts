// Whose terminal it is: a person's, or an agent's shell.
import { agentAbove, agentShell, type Env } from "@agora/user-config";

/**
 * `shell` when an agent runs us: its shell's environment shows it, or one of our parent processes is an agent. Otherwise
 * `cli`, with or without a terminal: cron and CI have none. For a command that only `looks`, the environment is enough.
 */
export function viaOfShell(env: Env, looks = false): "cli" | "shell" {
  if (agentShell(env)) return "shell";
  if (looks) return "cli";
  return agentAbove() === undefined ? "cli" : "shell";
}
