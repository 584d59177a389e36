// The `.env` beside the relay. Not Node's own `loadEnvFile`, which takes a byte order mark for part of the first name and so
// silently loses that line.
import { parseEnv } from "node:util";
import { readText } from "@agora/ports/read-text";

/** Sets what the file defines and the environment doesn't. Throws when the file can't be read. */
export function loadEnvFile(path: string, env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(parseEnv(readText(path)))) env[name] ??= value;
}
