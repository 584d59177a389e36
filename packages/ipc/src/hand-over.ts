// A newer daemon takes over from an older one: it asks, the older one finishes and exits by itself; nobody gets killed. Two
// marker files keep everybody else calm meanwhile: "one just left, the next is on its way" and "none could take over".
import { rmSync, statSync, writeFileSync } from "node:fs";
import type { SocketPath } from "@agora/user-config";
import type { Client } from "./client.ts";
import { findDaemon, type FindOptions } from "./find.ts";
import { GAP_MS, HAND_OVER_TIMEOUT_MS, IPC_VERSION, STAYED_MS } from "./limits.ts";

export interface SuccessionOptions extends Omit<FindOptions, "timeoutMs" | "speak"> {
  /** A daemon of the same version leaves too: a person asked for a restart. */
  readonly again: boolean;
}

/**
 * Asks the running daemon to leave for a successor of this version, and waits until it has. False: it stays, because it
 * isn't older or doesn't know how to hand over.
 */
export async function askToHandOver({ again, ...find }: SuccessionOptions): Promise<boolean> {
  const client = await findOlder(find);
  if (client === undefined) return false;
  try {
    const answer = await client.request("handOver", { version: find.version, again });
    // `moved`: it is already leaving; somebody else asked.
    const leaves = answer.ok ? answer.value.leaving : answer.code === "moved";
    return leaves && (await left(client));
  } finally {
    client.close();
  }
}

/** Connects to the running daemon in the newest version of the language it understands. */
async function findOlder(find: FindOptions): Promise<Client | undefined> {
  for (let speak = IPC_VERSION; speak > 0; speak -= 1) {
    const found = await findDaemon({ ...find, speak });
    if (found.ok) return found.value;
    if (found.code !== "older-version") return undefined;
  }
  return undefined;
}

async function left(client: Client): Promise<boolean> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    deadline = setTimeout(() => resolve(false), HAND_OVER_TIMEOUT_MS);
  });
  try {
    return await Promise.race([client.closed.then(() => true), late]);
  } finally {
    clearTimeout(deadline);
  }
}

/** Written by the leaving daemon: its successor is on its way, so nobody needs to launch another. */
export function noteMoved(place: SocketPath): void {
  note(place.movedFile);
}

/** Removes that note: the successor is here. */
export function forgetMoved(place: SocketPath): void {
  rmSync(place.movedFile, { force: true });
  rmSync(place.stayedFile, { force: true });
}

/** Whether a successor should be on its way now. */
export function isMoving(place: SocketPath): boolean {
  return isFresh(place.movedFile, GAP_MS);
}

/** No successor could take over: the older daemon stays, and isn't asked again for a while. */
export function noteStayed(place: SocketPath): void {
  note(place.stayedFile);
}

/** Whether a successor failed just now. */
export function hasStayed(place: SocketPath): boolean {
  return isFresh(place.stayedFile, STAYED_MS);
}

function note(path: string): void {
  try {
    writeFileSync(path, "", { mode: 0o600 });
  } catch {
    // At worst somebody launches one more daemon for nothing.
  }
}

function isFresh(path: string, ms: number): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < ms;
}
