// The public MCP inspector's command line, pinned, in the same cache folder as the clients; and how a test calls it.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { clientsFolder } from "./installed.ts";

export const INSPECTOR_VERSION = "2.12.0";

const installTimeoutMs = 300_000;
const callTimeoutMs = 120_000;

function folder(): string {
  return join(clientsFolder(), `inspector-${INSPECTOR_VERSION}`);
}

function launcherIn(path: string): string {
  return join(path, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");
}

/** The script that Node runs; `installInspector` puts it there. */
export function inspectorScript(): string {
  return launcherIn(folder());
}

/** Installs it unless it is there already. Says whether something had to be done. */
export async function installInspector(): Promise<"installed" | "present"> {
  const isThere = (): Promise<boolean> =>
    access(inspectorScript(), constants.R_OK).then(
      () => true,
      () => false,
    );
  if (await isThere()) return "present";
  const aside = `${folder()}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    const wanted = `@modelcontextprotocol/inspector@${INSPECTOR_VERSION}`;
    const args = ["install", "--prefix", aside, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", wanted];
    await promisify(execFile)("npm", args, { timeout: installTimeoutMs, cwd: aside });
    await access(launcherIn(aside), constants.R_OK);
    if (await isThere()) return "present";
    await rm(folder(), { recursive: true, force: true });
    await mkdir(dirname(folder()), { recursive: true });
    await rename(aside, folder());
    return "installed";
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** What the inspector printed for one method, as JSON where it is JSON. */
export interface Inspected {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Asks a server over HTTP for one method. `home` keeps the inspector's own files. */
export async function inspect(
  url: string,
  token: string,
  home: string,
  ...args: readonly string[]
): Promise<Inspected> {
  const words = ["--cli", url, "--transport", "http", "--header", `Authorization: Bearer ${token}`, ...args];
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, MCP_CATALOG_PATH: join(home, "catalog.json") };
  try {
    const options = { env, timeout: callTimeoutMs, cwd: home };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [inspectorScript(), ...words], options);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { code: typeof code === "number" ? code : 1, stdout, stderr };
  }
}
