// Where the pinned real Codex lives on this computer, and how it gets there: outside the repository, as Claude Code does.
import { execFile } from "node:child_process";
import { constants, existsSync, readdirSync } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { clientsFolder } from "./installed.ts";

/** The version of Codex that every real-client test runs with. */
export const CODEX_VERSION = "0.169.0";

const installTimeoutMs = 600_000;

function codexFolder(): string {
  return join(clientsFolder(), `codex-${CODEX_VERSION}`);
}

/** The native binary in a folder; each platform's package names its own target. */
function binaryIn(folder: string): string {
  const vendor = join(folder, "node_modules", "@openai", `codex-${process.platform}-${process.arch}`, "vendor");
  const target = existsSync(vendor) ? readdirSync(vendor)[0] : undefined;
  return join(vendor, target ?? "none", "bin", "codex");
}

/** The native binary; `installCodex` puts it there. */
export function codexBinary(): string {
  return binaryIn(codexFolder());
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Installs the pinned version unless it is there already. Says whether something had to be done. */
export async function installCodex(): Promise<"installed" | "present"> {
  if (await isExecutable(codexBinary())) return "present";
  const folder = codexFolder();
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    const wanted = `@openai/codex@${CODEX_VERSION}`;
    const args = ["install", "--prefix", aside, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", wanted];
    await promisify(execFile)("npm", args, { timeout: installTimeoutMs, cwd: aside });
    await access(binaryIn(aside), constants.X_OK);
    if (await isExecutable(codexBinary())) return "present";
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(aside, folder);
    return "installed";
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
