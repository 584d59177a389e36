// Writes the vectors in this folder: `node generate.ts`. The output is deterministic; a test regenerates and compares it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  alice, aliceLaptop, aliceNewRoot, alicePhone, aliceRecovery, aliceRoot, bob, carol, relay, root,
} from "./source/actors.ts";
import { eventVectors } from "./source/events.ts";
import { frameVectors } from "./source/frames.ts";
import { keyVectors } from "./source/keys.ts";
import { tableVectors } from "./source/tables.ts";

/** Every vector: its path below this folder, and its text. */
export async function vectorFiles(): Promise<ReadonlyMap<string, string>> {
  const keys = [alice, bob, carol, root, relay, aliceRoot, aliceLaptop, alicePhone, aliceRecovery, aliceNewRoot].map(({ name, key, seed }) => ({ name, key, seed }));
  const vectors = { ...frameVectors(), ...eventVectors(), ...(await keyVectors()), ...tableVectors() };
  const files = new Map<string, string>([["keys.json", textOf(keys)]]);
  for (const [path, vector] of Object.entries(vectors)) files.set(`${path}.json`, textOf(vector));
  return files;
}

// ASCII only, so that no editor or diff can hide or change anything.
function textOf(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return `${json.replaceAll(/[^\n\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}

if (import.meta.filename === process.argv[1]) {
  for (const [path, text] of await vectorFiles()) {
    const file = join(import.meta.dirname, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
