// What only the person may do. The daemon refuses it as well; here the message comes without asking it.
import { roleOf, type Via } from "@agora/ipc";
import { personOnly } from "@agora/ipc/person-only";
import type { Failure } from "@agora/protocol";
import type { AnyCommand } from "./define-command.ts";

/** An agent may not loosen its own brake: the act named in its refusal. */
export const MODE_AUTO = "mode auto";

/** Why a command may not be given with this via; undefined when it may. */
export function commandRefused(
  { who = "anyone", act }: AnyCommand,
  command: { readonly name: string },
  via: Via,
): Failure<"not-allowed"> | undefined {
  const needed = typeof who === "function" ? who(command as never) : who;
  return needed === "anyone" || roleOf(via) === "user" ? undefined : personOnly(act ?? command.name);
}
