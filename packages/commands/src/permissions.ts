// What belongs to the person alone. The daemon refuses the same again; here the sentence comes without asking it.
import { roleOf, type Via } from "@agora/ipc";
import { personOnly } from "@agora/ipc/person-only";
import type { Failure } from "@agora/protocol";
import type { AnyCommand } from "./define-command.ts";

/** An agent does not loosen its own brake: what it is told that it may not do. */
export const MODE_AUTO = "mode auto";

/** Why this way in may not give a command; undefined when it may. */
export function commandRefused(
  { who = "anyone", act }: AnyCommand,
  command: { readonly name: string },
  via: Via,
): Failure<"not-allowed"> | undefined {
  const needed = typeof who === "function" ? who(command as never) : who;
  return needed === "anyone" || roleOf(via) === "user" ? undefined : personOnly(act ?? command.name);
}
