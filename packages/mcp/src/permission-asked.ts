// PermissionRequest: the client asks its person whether a tool may run. The room sees that the session waits for a person;
// the dialog is left to that person, so nothing is answered here.
import { type HookInput, type HookWorld, readInput } from "./hook-context.ts";
import { PERMISSION_DEADLINE_MS } from "./limits.ts";
import { within } from "./within.ts";

/** Of the name of a tool, characters. */
const MAX_TOOL = 200;

/** Tells the daemon, if it is running: that, and which tool, never what the tool is to do. */
export async function permissionAsked(world: HookWorld): Promise<number> {
  const input = await readInput(world);
  if (input !== undefined) await within(tell(input, world), PERMISSION_DEADLINE_MS, world.clock);
  return 0;
}

async function tell({ session, tool }: HookInput, world: HookWorld): Promise<void> {
  const opened = await world.open({ launch: false, onPush: () => undefined });
  if (!opened.ok) return;
  await opened.value.request("waiting", { session, ...(tool === "" ? {} : { tool: tool.slice(0, MAX_TOOL) }) });
  opened.value.close();
}
