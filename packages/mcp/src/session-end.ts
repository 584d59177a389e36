// SessionEnd: releases the mentions the session was handling at once. `/clear` doesn't end a session: the seat continues
// under a new id.
import { type HookWorld, readInput } from "./hook-context.ts";
import { SESSION_END_DEADLINE_MS } from "./limits.ts";
import { within } from "./within.ts";

/** Tells the daemon, if it is running; it isn't started just for this. */
export async function sessionEnd(world: HookWorld): Promise<number> {
  const input = await readInput(world);
  if (input === undefined || input.reason === "clear") return 0;
  await within(detach(input.session, world), SESSION_END_DEADLINE_MS, world.clock);
  return 0;
}

async function detach(session: string, world: HookWorld): Promise<void> {
  const opened = await world.open({ launch: false, onPush: () => undefined });
  if (!opened.ok) return;
  await opened.value.request("detach", { session });
  opened.value.close();
}
