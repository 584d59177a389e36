// The command hooks of Claude Code (`agora hook session-start
// wait
// permission
// session-end`): short processes beside a session. In a project that never joined they exit at once without a trace; on any
// trouble they exit silently with 0.
import type { HookWorld } from "./hook-context.ts";

/** Runs one hook; returns the process's exit code. */
export async function answerCommandHook(event: string, world: HookWorld): Promise<number> {
  try {
    if (!world.membership.joined()) return 0;
    switch (event) {
      case "session-start": {
        const { sessionStart } = await import("./session-start.ts");
        return await sessionStart(world);
      }
      case "wait": {
        const { waitForWake } = await import("./waiter.ts");
        return await waitForWake(world);
      }
      case "session-end": {
        const { sessionEnd } = await import("./session-end.ts");
        return await sessionEnd(world);
      }
      case "permission": {
        const { permissionAsked } = await import("./permission-asked.ts");
        return await permissionAsked(world);
      }
      default:
        return 0; // a hook of another version's plugin
    }
  } catch {
    return 0;
  }
}
