// How a request reached the daemon, and therefore whose word it is.
import type { Role } from "@agora/protocol";

/**
 * How a request arrived. The daemon derives the role from it; nobody claims a role. `hook` and `console` carry what a person
 * typed; `dialog` what a model proposed and the person approved in the client's own dialog; `cli` is a person's terminal;
 * `shell` the CLI inside an agent's shell; `tool` a model's tool call.
 */
export const VIAS = ["hook", "console", "dialog", "cli", "shell", "tool"] as const;
export type Via = (typeof VIAS)[number];

/** The role that a via implies. */
export function roleOf(via: Via): Role {
  return via === "tool" || via === "shell" ? "agent" : "user";
}
