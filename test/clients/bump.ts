// `node test/clients/bump.ts codex 0.172.0`: pins a newer version of a client in place of the newest one, installs it and runs
// that client's tests alone. The older versions stay as they are.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestedClient } from "../../packages/install/src/tested-clients.ts";

const tablePath = fileURLToPath(new URL("../../packages/install/src/tested-clients.json", import.meta.url));
const folder = fileURLToPath(new URL(".", import.meta.url));
const [name = "", version = ""] = process.argv.slice(2);

const table = JSON.parse(readFileSync(tablePath, "utf8")) as Record<string, TestedClient>;
const client = Object.hasOwn(table, name) ? table[name] : undefined;
if (client === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error(`Usage: node test/clients/bump.ts ${Object.keys(table).join("|")} VERSION`);
  process.exit(2);
}

if (version !== client.newest) {
  table[name] = { ...client, newest: version, older: client.older.filter((one) => one !== version) };
  writeFileSync(tablePath, `${JSON.stringify(table, null, 2)}\n`);
  run("oxfmt", tablePath);
}
run(process.execPath, `${folder}install.ts`);

// A client's tests bear its name; those without one are Claude Code's.
const isCodex = (file: string): boolean => file.startsWith("codex");
const isOfNeither = (file: string): boolean => /^(inspector|json-clients)\./.test(file);
const tests = readdirSync(folder).filter(
  (file) => file.endsWith(".test.ts") && !isOfNeither(file) && isCodex(file) === (name === "codex"),
);
run("vitest", "run", "--no-file-parallelism", ...tests.map((file) => `test/clients/${file}`));

/** Runs a command to its end; ends this script when it fails. */
function run(command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, AGORA_REAL: "1" } });
  if (status === 0) return;
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  process.exit(status ?? 1);
}
