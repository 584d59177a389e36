// What belongs to the person alone. The daemon refuses the same again; here the sentence comes without asking it.
import { roleOf, type Via } from "@agora/ipc";
import { personOnly } from "@agora/ipc/person-only";
import type { Failure } from "@agora/protocol";
import type { Command } from "./command.ts";

/** Why this way in may not give this command; undefined when it may. */
export function refusal(command: Command, via: Via): Failure<"not-allowed"> | undefined {
  if (roleOf(via) === "user") return undefined;
  switch (command.name) {
    case "accept":
    case "append":
    case "trust":
    case "pause":
    case "resume":
    case "stop-all":
    case "reset":
    case "kick":
    case "ban":
    case "unban":
    case "interrupt":
    case "inject":
    case "rates":
    case "grant":
    case "remove":
    case "admit":
    case "more":
    case "answer":
    case "decide":
      return personOnly(command.name);
    case "mode":
      return command.mode === "auto" ? autoRefused() : undefined;
    default:
      return undefined;
  }
}

/** An agent does not loosen its own brake. */
export function autoRefused(): Failure<"not-allowed"> {
  return personOnly("mode auto");
}
