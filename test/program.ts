// The program under test: the bundles, as people run them, built once before the tests.
import { cpSync } from "node:fs";
import { basename, join } from "node:path";
import { builtOnce } from "../scripts/built-once.ts";

/** The folder with all that is shipped, laid out as the repository is. */
export const BUILT = process.env["AGORA_BUILT"] ?? (await builtOnce());

/** The executable: the bundle, or another one that AGORA_ENTRY names. */
export const ENTRY = process.env["AGORA_ENTRY"] ?? join(BUILT, "packages/claude-code/dist/agora.mjs");

/** What people type: the command of the plugin, which begins with the quick half of the executable, or what AGORA_ENTRY names. */
export const TYPED = process.env["AGORA_ENTRY"] ?? join(BUILT, "packages/claude-code/bin/agora");

/** Where Node keeps our bundles compiled, so that it does so once and not for each command. */
export const COMPILED = { NODE_COMPILE_CACHE: join(BUILT, "compiled") };

/** The relay's one file. */
export const RELAY_ENTRY = join(BUILT, "relay-server/relay.mjs");

/** What starts a relay: its one file, which loads in half the time of the whole executable, or what AGORA_ENTRY names. */
export const RELAY_WORDS = process.env["AGORA_ENTRY"] === undefined ? [RELAY_ENTRY] : [ENTRY, "relay"];

/**
 * Copies bundles, as a folder of them, without what Node keeps compiled beside them: it is not shipped, and other tests' commands
 * may be writing it at this moment.
 */
export function copyBundles(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== "compiled" });
}
