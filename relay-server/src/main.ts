// The standalone relay: `npm start` in relay-server, from one bundled file. Reads the `.env` beside it, its arguments and
// the environment, and runs.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadEnvFile } from "./env-file.ts";
import { RELAY_OPTIONS } from "./options.ts";
import { processIo, runRelay } from "./run.ts";
import { RELAY_VERSION } from "./version.ts";

const USAGE = 2;

function usage(): string {
  const lines = RELAY_OPTIONS.map((option) => {
    const flag = `--${option.flag}${"value" in option ? ` ${option.value}` : ""}`;
    return `  ${flag.padEnd(30)} ${option.text}${"env" in option ? ` [${option.env}]` : ""}`;
  });
  return ["Usage: node relay.mjs [options], or the same settings in the environment or in .env", "", ...lines].join(
    "\n",
  );
}

async function main(): Promise<number> {
  const io = processIo();
  const options = Object.fromEntries(
    RELAY_OPTIONS.map((o) => [o.flag, { type: "value" in o ? ("string" as const) : ("boolean" as const) }]),
  );
  let values: Record<string, string | boolean | undefined>;
  try {
    const more = { help: { type: "boolean" as const, short: "h" }, version: { type: "boolean" as const } };
    ({ values } = parseArgs({ options: { ...options, ...more }, strict: true }));
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    return USAGE;
  }
  if (values["help"] === true) {
    io.out(usage());
    return 0;
  }
  if (values["version"] === true) {
    io.out(RELAY_VERSION);
    return 0;
  }
  const settings = fileURLToPath(new URL(".env", import.meta.url));
  try {
    if (existsSync(settings)) loadEnvFile(settings, process.env);
  } catch (error) {
    io.err(`${settings} can't be read: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
  return runRelay(values, process.env, io);
}

process.exitCode = await main();
