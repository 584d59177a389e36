// What a resident prints when it is running, and how a process that started it in the background tells this from an error.
import type { Resident } from "./resident.ts";

/** The lines: which rooms it keeps and where, and where its gateway listens; with `json` one line for programs. */
export function announcement(
  { rooms, gateway }: Pick<Resident, "rooms" | "gateway">,
  json: boolean,
): readonly string[] {
  const url = gateway?.url;
  if (json) {
    const names = rooms.map((r) => r.name);
    return [JSON.stringify({ pid: process.pid, rooms: names, ...(url === undefined ? {} : { url }) })];
  }
  const kept = rooms.map(
    ({ name, settings, path }) => `@${settings.name} keeps the room ${name} of ${settings.relay.origin} in ${path}.`,
  );
  const listens = `The gateway listens: ${url}/mcp and ${url}/v1. A member's token: agora resident token NAME`;
  return url === undefined ? kept : [...kept, listens];
}

/** Whether printed text announces a running resident; it may instead say why it couldn't start. */
export function isAnnounced(printed: string): boolean {
  return /^(?:@\S+ keeps the room |\{"pid":)/m.test(printed);
}
