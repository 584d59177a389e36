// SessionStart: a short primer on the room for the model, and what came in while no session was open. Starts a missing
// daemon.
import { renderPrimer } from "@agora/commands";
import { claudeSessionStart } from "./claude-hooks.ts";
import { contextOf } from "./context.ts";
import { type HookInput, type HookWorld, readInput } from "./hook-context.ts";
import { MAX_CONTEXT_BYTES, SESSION_START_DEADLINE_MS } from "./limits.ts";
import { shellHint } from "./shell-hint.ts";
import { LATE, within } from "./within.ts";

/** Prints the session's first context; always returns 0, since a session must start whatever the room does. */
export async function sessionStart(world: HookWorld): Promise<number> {
  const input = await readInput(world);
  if (input === undefined) return 0;
  const context = await within(contextFor(input, world), SESSION_START_DEADLINE_MS, world.clock);
  if (context !== LATE && context !== "") world.out(claudeSessionStart(context));
  return 0;
}

async function contextFor(input: HookInput, world: HookWorld): Promise<string> {
  const opened = await world.open({ launch: true, onPush: () => undefined });
  if (!opened.ok) return "";
  const line = opened.value;
  try {
    const { session, source } = input;
    const begun = await line.request("sessionStart", { client: "claude", session, source });
    if (!begun.ok) return "";
    // A resumed session's model still has its primer.
    const primer = source === "resume" ? "" : renderPrimer(begun.value, shellHint(world.env));
    const unseen = contextOf(begun.value, world.clock.now(), MAX_CONTEXT_BYTES - Buffer.byteLength(primer));
    return [primer, unseen].filter((part) => part !== "").join("\n");
  } finally {
    line.close();
  }
}
