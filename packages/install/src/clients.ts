// Every client we can be installed into.
import type { Client } from "./client.ts";
import { codex } from "./codex.ts";
import { JSON_CLIENTS } from "./json-clients.ts";
import { pastMark } from "./past-mark.ts";

export const CLIENTS: readonly Client[] = [codex, ...JSON_CLIENTS].map(pastMark);

export function findClient(name: string): Client | undefined {
  return CLIENTS.find((client) => client.name === name);
}
