// The committed bundles: what the sources give, the same each time, and runnable from a copy of the plugin's folder alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BUNDLES } from "../scripts/build.ts";
import { ROOT } from "./workspace-files.ts";

// The node of the tests, and the one of the system, which may be older: users have either.
const NODES = [
  ...new Set([
    process.execPath,
    ...["/usr/bin/node", "/usr/local/bin/node"].filter((path) => spawnSync(path, ["-v"]).status === 0),
  ]),
];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "agora-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds into a folder of its own; the sum of each bundle. */
function built(): Readonly<Record<string, string>> {
  const folder = temporaryFolder();
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.ts", "--out", folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  return sums(folder);
}

function sums(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    BUNDLES.map(({ out }) => [out, createHash("sha256").update(readFileSync(join(folder, out))).digest("hex")]),
  );
}

test("two builds give the same bytes, and they are the committed ones", () => {
  const first = built();
  expect(built()).toEqual(first);
  expect(sums(ROOT), 'the bundles are older than the sources: run "pnpm build"').toEqual(first);
}, 60_000);

test("build --check finds a bundle that is not what the sources give", () => {
  const folder = temporaryFolder();
  const check = (): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, ["scripts/build.ts", "--check", "--out", folder], { cwd: ROOT, encoding: "utf8" });
  spawnSync(process.execPath, ["scripts/build.ts", "--out", folder], { cwd: ROOT });
  expect(check().status).toBe(0);
  const { out } = BUNDLES[0]!;
  rmSync(join(folder, out));
  cpSync(join(ROOT, "LICENSE"), join(folder, out));
  const found = check();
  expect(found.status).toBe(1);
  expect(found.stderr).toContain(out);
}, 60_000);

for (const plugin of ["packages/claude-code", "packages/codex"]) {
  test.each(NODES)(`${plugin} runs from a copy of its folder alone with %s`, (node) => {
    const folder = temporaryFolder();
    cpSync(join(ROOT, plugin), folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
    const home = temporaryFolder();
    const env = { PATH: process.env["PATH"] ?? "", HOME: home, AGORA_HOME: home };
    const run = (...words: string[]): ReturnType<typeof spawnSync> =>
      spawnSync(node, [join(folder, "bin/agora"), ...words], { cwd: home, env, encoding: "utf8" });
    expect(run("--version")).toMatchObject({ status: 0, stderr: "", stdout: "0.1.0\n" });
    // The parts that are loaded late are in it too: commander's help, the doctor's checks, the relay.
    expect(run("--help").stdout).toContain("Usage: agora");
    expect(run("doctor").stdout).toContain("ok   home");
    expect(run("relay", "--port", "99999")).toMatchObject({ status: 2 });
  });
}
