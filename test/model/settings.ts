// What a member of the model has set.
import type { Settings } from "@agora/user-config";
import { ROOM } from "./relay.ts";

export const ORIGIN = "ws://127.0.0.1:9";

/** A member's settings; nothing of its machine is shared. */
export function modelSettings(
  own: Pick<Settings, "name" | "mode"> & { readonly token: string; readonly root: string },
): Settings {
  return {
    relay: { url: `${ORIGIN}/ws`, origin: ORIGIN, loopback: true },
    room: ROOM,
    tokenFrom: "stored",
    hopLimit: 3,
    mentionMaxAgeMs: 300_000,
    chainBudget: 12,
    share: { host: false, dir: false, branch: false, client: false, tool: false },
    notes: [],
    ...own,
  };
}
