// Which way in the terminal is: a person's, or the shell of an agent.
import { agentAbove, agentShell, type Env } from "@agora/home";

/**
 * `shell` when an agent runs us: its shell's environment shows it, or one of our parent processes is an agent. `cli` otherwise,
 * with a terminal or without: cron and CI have none. For a command that only `looks` the environment is enough.
 */
export function viaOfShell(env: Env, looks = false): "cli" | "shell" {
  if (agentShell(env)) return "shell";
  if (looks) return "cli";
  return agentAbove() === undefined ? "cli" : "shell";
}
