// Which way in the terminal is: a person's, or the shell of an agent.
import { agentShell, type Env } from "@agora/home";

/** `shell` inside an agent's shell, `cli` otherwise. */
export function viaOfShell(env: Env): "cli" | "shell" {
  return agentShell(env) ? "shell" : "cli";
}
