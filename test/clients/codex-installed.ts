// Where the pinned real Codex lives on this computer, and how it gets there: outside the repository, as Claude Code does.
import { execFile } from "node:child_process";
import { constants, existsSync, readdirSync } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { TESTED_CLIENTS } from "../../packages/install/src/tested-clients.ts";
import { clientsFolder } from "./installed.ts";

const { newest, older } = TESTED_CLIENTS.codex;

/** The version of Codex that every real-client test runs with. */
export const CODEX_NEWEST = newest;

/** With the older ones, for the tests of what people do each day. */
export const CODEX_VERSIONS: readonly string[] = [...older, newest];

const installTimeoutMs = 600_000;

function codexFolder(version: string): string {
  return join(clientsFolder(), `codex-${version}`);
}

/** The native binary in a folder; each platform's package names its own target. */
function binaryIn(folder: string): string {
  const vendor = join(folder, "node_modules", "@openai", `codex-${process.platform}-${process.arch}`, "vendor");
  const target = existsSync(vendor) ? readdirSync(vendor)[0] : undefined;
  return join(vendor, target ?? "none", "bin", "codex");
}

/** The native binary of one pinned version; `installCodex` puts it there. */
export function codexBinary(version: string): string {
  return binaryIn(codexFolder(version));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Installs one pinned version unless it is there already. Says whether something had to be done. */
export async function installCodex(version: string): Promise<"installed" | "present"> {
  if (await isExecutable(codexBinary(version))) return "present";
  const folder = codexFolder(version);
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    const wanted = `${TESTED_CLIENTS.codex.npm}@${version}`;
    const args = ["install", "--prefix", aside, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", wanted];
    await promisify(execFile)("npm", args, { timeout: installTimeoutMs, cwd: aside });
    await access(binaryIn(aside), constants.X_OK);
    if (await isExecutable(codexBinary(version))) return "present";
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(aside, folder);
    return "installed";
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
