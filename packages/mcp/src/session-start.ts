// SessionStart: a short primer on the room for the model, and what came while no session was open. Starts the daemon when
// it is away.
import { renderPrimer } from "@agora/commands";
import type { Handed, SeatState } from "@agora/ipc";
import { ok, type Result } from "@agora/protocol";
import { claudeSessionStart } from "./claude-hooks.ts";
import { contextOf } from "./context.ts";
import type { DaemonLine } from "./daemon-line.ts";
import { type HookInput, type HookWorld, readInput } from "./hook-world.ts";
import { MAX_CONTEXT_BYTES, SESSION_START_DEADLINE_MS } from "./limits.ts";
import { LATE, within } from "./within.ts";

/** Prints the session's first context; always 0, a session must start whatever the room does. */
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
    const begun = await begin(line, input);
    if (!begun.ok) return "";
    // A resumed session's model still has its primer.
    const primer = input.source === "resume" ? "" : renderPrimer(begun.value);
    const unseen = contextOf(begun.value, world.clock.now(), MAX_CONTEXT_BYTES - Buffer.byteLength(primer));
    return [primer, unseen].filter((part) => part !== "").join("\n");
  } finally {
    line.close();
  }
}

/**
 * After `/clear` the seat goes on: its server moves it to the new id with the next prompt. Naming the new id here would
 * make a second seat, so only facts are asked for.
 */
async function begin(line: DaemonLine, input: HookInput): Promise<Result<SeatState & Handed>> {
  if (input.source !== "clear") {
    return await line.request("sessionStart", { client: "claude", session: input.session, source: input.source });
  }
  const [me, status] = await Promise.all([line.request("whoami", {}), line.request("status", {})]);
  if (!me.ok) return me;
  if (!status.ok) return status;
  const { name, room, mode, seat = "claude" } = me.value;
  const { connection, inbox } = status.value;
  return ok({ name, seat, room, mode, connection, inbox, items: [], skipped: 0 });
}
