// Handlers that return something of the right shape, for tests of the transport itself.
import { ok } from "@agora/user-config";
import { REQUESTS } from "../src/requests/index.ts";
import type { Handlers } from "../src/carry-out.ts";

const nobody = { name: "alice", key: "k", room: "main", relay: "ws://127.0.0.1:1", mode: "manual" } as const;

/** `whoami` answers; everything else throws unless replaced. */
export function plainHandlers(change: Partial<Handlers> = {}): Handlers {
  const untested = (): never => {
    throw new Error("not in this test");
  };
  const all = Object.fromEntries(Object.keys(REQUESTS).map((name) => [name, untested]));
  return { ...all, whoami: async () => ok(nobody), ...change } as Handlers;
}
