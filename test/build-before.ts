// Before the first process test: builds what the tests run, unless it is there, and makes the folder of the run, in which every
// test file has its own. When the run is over, or was killed, a sweeper ends and removes what is left of it.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtOnce } from "../scripts/built-once.ts";

/** Gives what ends the sweeper, which ends all else. */
export async function setup(): Promise<() => Promise<void>> {
  const built = await builtOnce();
  process.env["AGORA_BUILT"] = built;
  compile(built);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ag-")));
  chmodSync(folder, 0o755);
  process.env["AGORA_RUN_FOLDER"] = folder;
  // Detached: a signal to the group of the run isn't meant for what cleans up behind it.
  const sweeper = spawn(process.execPath, [join(import.meta.dirname, "leftovers.ts")], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true,
  });
  const swept = new Promise<void>((resolve) => sweeper.once("close", () => resolve()));
  return async () => {
    sweeper.stdin.end();
    await swept;
  };
}

/** What Node keeps compiled beside the bundles is there before anybody copies these, and is not written under their hands. */
function compile(built: string): void {
  const env = { PATH: process.env["PATH"] ?? "" };
  for (const plugin of ["claude-code", "codex"])
    spawnSync(process.execPath, [join(built, "packages", plugin, "bin/agora"), "--help"], { env, stdio: "ignore" });
}
