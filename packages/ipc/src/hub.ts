// Finds the user's hub, and starts it if needed. It is found and launched as a daemon is; instead of a project's path its
// place has a word that no path can be.
import { ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import type { Client } from "./client.ts";
import { findDaemon, type FindOptions, type OpenCode } from "./find.ts";
import type { HUB_REQUESTS } from "./hub-requests.ts";
import { openDaemon, type OpenOptions } from "./launch.ts";

/** Where a daemon has its project's path: the hub is over all of them. */
export const HUB = "hub";

export type HubClient = Client<typeof HUB_REQUESTS>;

/** Connects to the running hub; `gone` when there is none. */
export async function findHub(options: Omit<FindOptions, "project">): Promise<Result<HubClient, OpenCode>> {
  return asHub(await findDaemon({ ...options, project: HUB }));
}

/** Connects to the hub, or starts it; an older one is replaced first. */
export async function openHub(
  options: Omit<OpenOptions, "project" | "words" | "mayRun">,
): Promise<Result<HubClient, OpenCode>> {
  return asHub(await openDaemon({ ...options, project: HUB, words: [HUB], mayRun: () => ok(undefined) }));
}

/** What it answers is what its version's table says; the connection is the same for all tables. */
function asHub(found: Result<Client, OpenCode>): Result<HubClient, OpenCode> {
  return found as unknown as Result<HubClient, OpenCode>;
}
