// The demo as a newcomer runs it: the shipped executable alone, in a home of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { buildVersion } from "./versions.ts";
import { until } from "./wait-until.ts";

interface Play {
  readonly child: ChildProcess;
  /** Everything the demo writes lies in here. */
  readonly folder: string;
  readonly lines: string[];
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
  readonly relay: Promise<number>;
}

async function play(): Promise<Play> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "agora-test-")));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const entry = await buildVersion(join(place, "plugin"), { version: "0.1.0" });
  const folder = join(place, "tmp");
  mkdirSync(folder);
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, TMPDIR: folder };
  const child = spawn(process.execPath, [entry, "demo"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const relay = new Promise<number>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      const pid = /^relay .*\(pid (\d+)\)$/.exec(line)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, folder, lines, errors: () => errors, ended, relay };
}

/** Processes whose words name the folder; on Linux only, elsewhere none are found. */
function processesOf(folder: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8")];
      } catch {
        return [];
      }
    })
    .filter((words) => words.includes(folder));
}

/** What it ended may take a moment to be gone. */
async function nothingRunsIn(folder: string): Promise<void> {
  await until("nothing of it runs", () => processesOf(folder).length === 0, { seen: () => processesOf(folder).join() });
}

test("shows the main job, and leaves no process and no folder", async () => {
  const demo = await play();
  expect([await demo.ended, demo.errors()]).toEqual([0, ""]);
  const told = demo.lines.join("\n");
  for (const words of [
    /^relay +listens on ws:\/\/127\.0\.0\.1:\d+/m,
    /^bob +joined lobby as bob \(mode=manual\), online: alice, bob$/m,
    /^bob +inbox: alice \(user\): /m,
    /^bob +accepted thread /m,
    /^alice +history: bob \(agent\): /m,
    /^alice +status: bob: answered$/m,
    /^bob +stored \.agora\/files\/[0-9a-f]{8}-/m,
    /^alice +left lobby$/m,
  ]) {
    expect(told).toMatch(words);
  }
  const [offered, stored] = [...told.matchAll(/sha256 ([0-9a-f]+)/g)].map(([, sum]) => sum);
  expect(stored).toBe(offered);
  expect(readdirSync(demo.folder)).toEqual([]);
  await nothingRunsIn(demo.folder);
});

test("with the relay killed in the middle it says so, exits 1, and leaves nothing either", async () => {
  const demo = await play();
  process.kill(await demo.relay, "SIGKILL");
  expect(await demo.ended).toBe(1);
  expect(demo.errors()).toBe("The relay ended in the middle of the demo.\n");
  expect(demo.lines.join("\n")).not.toMatch(/answered/);
  expect(readdirSync(demo.folder)).toEqual([]);
  await nothingRunsIn(demo.folder);
});
