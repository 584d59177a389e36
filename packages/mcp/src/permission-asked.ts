// PermissionRequest: the client asks its person whether a tool may run. The room sees that the session waits for a person;
// the dialog is left to that person, so nothing is answered here.
import { type HookWorld, readInput } from "./hook-context.ts";
import { PERMISSION_DEADLINE_MS } from "./limits.ts";
import { within } from "./within.ts";

/** Tells the daemon, if it is running. */
export async function permissionAsked(world: HookWorld): Promise<number> {
  const input = await readInput(world);
  if (input !== undefined) await within(tell(input.session, world), PERMISSION_DEADLINE_MS, world.clock);
  return 0;
}

async function tell(session: string, world: HookWorld): Promise<void> {
  const opened = await world.open({ launch: false, onPush: () => undefined });
  if (!opened.ok) return;
  await opened.value.request("waiting", { session });
  opened.value.close();
}
