// disk-reader, disk-author: what a message of 100 bytes leaves on the disk of who reads it and of who said it, as bytes kept for each
// byte of its text.
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openPair, type Side } from "./pair.ts";
import type { Row } from "./row.ts";

const MESSAGES = 2_000;
const TEXT_BYTES = 100;

/** Measures the disk that messages take. */
export async function diskPerMessage(): Promise<Row[]> {
  await using pair = await openPair();
  const text = "x".repeat(TEXT_BYTES);
  await pair.say(1, text); // what is written once for a peer belongs to no message
  const [reader, author] = [keptBytes(pair.alice), keptBytes(pair.bob)];
  await pair.say(MESSAGES, text);
  const row = (name: string, goal: number, side: Side, before: number): Row => {
    const each = (keptBytes(side) - before) / MESSAGES;
    const why = `${each.toFixed(0)} bytes kept for a message of ${TEXT_BYTES}`;
    return { name, ratio: each / TEXT_BYTES, goal, better: "lower", why };
  };
  return [row("disk-reader", 8, pair.alice, reader), row("disk-author", 16, pair.bob, author)];
}

/** The bytes of a person's files: the project's and the home's. */
function keptBytes({ project, env }: Side): number {
  return bytesIn(project) + bytesIn(env["AGORA_HOME"]!);
}

function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesIn(path);
    else if (entry.isFile()) bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
