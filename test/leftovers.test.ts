// What tests start and leave ends with their file, and with the run, also when it is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { endAllIn, livingIn } from "./leftovers.ts";
import { until } from "./wait-until.ts";

/** A detached process that ends by itself only after the longest test, and ignores polite signals, as a stuck daemon does. */
const STUCK = `for (const s of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(s, () => {}); setTimeout(() => {}, 600_000);`;

async function isGone(child: ChildProcess): Promise<void> {
  await until("the process is gone", () => child.exitCode !== null || child.signalCode !== null);
}

test("whatever lives in a folder ends with it, by its words or by where it works", async () => {
  const folder = mkdtempSync(join(tmpdir(), "left-"));
  const place = join(folder, "project");
  mkdirSync(place);
  const options = { stdio: "ignore", detached: true } as const;
  const works = spawn(process.execPath, ["-e", STUCK], { ...options, cwd: place });
  const named = spawn(process.execPath, ["-e", STUCK, place], options);
  const other = spawn(process.execPath, ["-e", STUCK], options);
  try {
    await until("both are seen", () => livingIn(folder).length === 2);
    endAllIn(folder);
    await Promise.all([isGone(works), isGone(named)]);
    expect([existsSync(folder), other.exitCode, other.signalCode]).toEqual([false, null, null]);
  } finally {
    other.kill("SIGKILL");
  }
});

test("a run that is killed leaves nothing, running or lying", async () => {
  // A run of tests as far as this goes: what is done before the first test, a daemon left behind, and no more time for anything.
  const script = `
    const { setup } = await import(${JSON.stringify(join(import.meta.dirname, "build-before.ts"))});
    const { spawn } = await import("node:child_process");
    await setup();
    const folder = process.env.AGORA_RUN_FOLDER;
    const options = { cwd: folder, stdio: "ignore", detached: true };
    const daemon = spawn(process.execPath, ["-e", ${JSON.stringify(STUCK)}], options);
    console.log(JSON.stringify({ folder, pid: daemon.pid }));
  `;
  const run = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(run.stdout)
      .once("line", resolve)
      .once("close", () => reject(new Error("it ended without a word")));
  });
  const { folder, pid } = JSON.parse(line) as { folder: string; pid: number };
  expect([existsSync(folder), livingIn(folder)]).toEqual([true, [pid]]);
  run.kill("SIGKILL");
  await until(
    "the folder is gone, and all that lived there",
    () => !existsSync(folder) && livingIn(folder).length === 0,
  );
});
