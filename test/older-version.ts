// A version of before as it was committed, bundles and all: it runs as it is, nothing is built.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "./workspace-files.ts";

/** The last one whose relays have no key of their own, and whose clients send their token as it is. */
export const BEFORE_RELAY_KEYS = "09795f6";

/** Whether this clone holds that commit: a shallow one does not. */
export function isInHistory(commit: string): boolean {
  return spawnSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: ROOT }).status === 0;
}

/** Writes the bundles of a commit into `folder`; the path of the executable. */
export function olderVersion(folder: string, commit: string): string {
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync("git", ["archive", commit, "packages/claude-code/dist"], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  return join(folder, "packages/claude-code/dist/agora.mjs");
}

/** A relay of that version; dispose it. */
export interface OlderRelay extends AsyncDisposable {
  readonly url: string;
}

/** Starts the relay that an executable brings, on a free port. */
export async function startOlderRelay(entry: string, folder: string, token: string): Promise<OlderRelay> {
  const env = { PATH: process.env["PATH"] ?? "", AGORA_HOME: join(folder, "relay.home"), AGORA_TOKEN: token };
  const words = [entry, "relay", "--json", "--log-level", "silent", "--port", "0"];
  const child: ChildProcess = spawn(process.execPath, words, { cwd: folder, env, stdio: ["ignore", "pipe", "ignore"] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!)
      .once("line", resolve)
      .once("close", () => reject(new Error("the older relay did not start")));
  });
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      await gone;
    },
  };
}
