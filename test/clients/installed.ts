// Where the pinned real clients live on this computer, and how they get there.
// They are tools of the tests and never dependencies of the product, so they stay in a cache folder outside the repository.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { TESTED_CLIENTS } from "../../packages/install/src/tested-clients.ts";

const { newest, older } = TESTED_CLIENTS.claude;

export type ClaudeVersion = string;

/** The version of Claude Code that every real-client test runs with. */
export const NEWEST: ClaudeVersion = newest;

/** With the older ones, for the tests of what people do each day. */
export const VERSIONS: readonly ClaudeVersion[] = [...older, newest];

const installTimeoutMs = 300_000;

/** The folder that holds every pinned client. */
export function clientsFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "agora-clients");
}

/** The folder that holds one pinned version. */
export function clientFolder(version: ClaudeVersion): string {
  return join(clientsFolder(), `claude-code-${version}`);
}

function binaryIn(folder: string): string {
  return join(folder, "node_modules", "@anthropic-ai", `claude-code-${process.platform}-${process.arch}`, "claude");
}

/** The native binary of one pinned version; `installClient` puts it there. */
export function clientBinary(version: ClaudeVersion): string {
  return binaryIn(clientFolder(version));
}

/** Whether the pinned version can be started. */
export async function isInstalled(version: ClaudeVersion): Promise<boolean> {
  return access(clientBinary(version), constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Installs one pinned version unless it is there already. Says whether something had to be done. */
export async function installClient(version: ClaudeVersion): Promise<"installed" | "present"> {
  if (await isInstalled(version)) return "present";
  const folder = clientFolder(version);
  // Installed aside and renamed, so that an interrupted or a simultaneous run never leaves half a client behind.
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    const wanted = `${TESTED_CLIENTS.claude.npm}@${version}`;
    const args = ["install", "--prefix", aside, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", wanted];
    await promisify(execFile)("npm", args, { timeout: installTimeoutMs, cwd: aside });
    await access(binaryIn(aside), constants.X_OK);
    if (await isInstalled(version)) return "present";
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(aside, folder);
    return "installed";
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
