// A pinned client from the npm registry in the cache folder of the real clients: installed aside and renamed, so that an
// interrupted or a simultaneous run never leaves half a client behind.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { clientsFolder } from "./installed.ts";

/** What is installed, and the file in it that is run. */
export interface NpmClient {
  readonly title: string;
  readonly packageName: string;
  readonly version: string;
  /** From `node_modules`. */
  readonly file: string;
}

/** Its command lines read what our installer writes, without a network. */
export const GEMINI: NpmClient = {
  title: "Gemini CLI",
  packageName: "@google/gemini-cli",
  version: "0.61.0",
  file: "@google/gemini-cli/bundle/gemini.js",
};

export const OPENCODE: NpmClient = {
  title: "opencode",
  packageName: `opencode-${process.platform}-${process.arch}`,
  version: "1.18.33",
  file: `opencode-${process.platform}-${process.arch}/bin/opencode`,
};

const installTimeoutMs = 300_000;

const folderOf = ({ title, version }: NpmClient): string =>
  join(clientsFolder(), `${title.toLowerCase().replaceAll(" ", "-")}-${version}`);

/** What is run; `installNpmClient` puts it there. */
export function fileOf(client: NpmClient): string {
  return join(folderOf(client), "node_modules", client.file);
}

/** Installs it unless it is there already. Says whether something had to be done. */
export async function installNpmClient(client: NpmClient): Promise<"installed" | "present"> {
  const isThere = (): Promise<boolean> =>
    access(fileOf(client), constants.R_OK).then(
      () => true,
      () => false,
    );
  if (await isThere()) return "present";
  const folder = folderOf(client);
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  try {
    const wanted = `${client.packageName}@${client.version}`;
    const args = ["install", "--prefix", aside, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", wanted];
    await promisify(execFile)("npm", args, { timeout: installTimeoutMs, cwd: aside });
    await access(join(aside, "node_modules", client.file), constants.R_OK);
    if (await isThere()) return "present";
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(aside, folder);
    return "installed";
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
