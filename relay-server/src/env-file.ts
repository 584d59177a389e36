// The `.env` beside the relay. Not Node's own `loadEnvFile`, which takes a byte order mark for a part of the first name: the
// line would be left out without a word.
import { parseEnv } from "node:util";
import { readText } from "@agora/ports/read-text";

/** Sets what the file names and the environment does not. Throws when the file can't be read. */
export function loadEnvFile(path: string, env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(parseEnv(readText(path)))) env[name] ??= value;
}
