// The committed bundles: what the sources give, the same each time, and runnable from a copy of the plugin's folder alone.
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildConsole } from "../scripts/build-console.ts";
import { bundle, BUNDLES } from "../scripts/build.ts";
import { BUILT, copyBundles } from "./program.ts";
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

function sumOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The sums of the bundles that lie in a folder. */
function sumsIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(BUNDLES.map(({ out }) => [out, sumOf(readFileSync(join(folder, out)))]));
}

/** Builds all bundles into a folder of their own; the sum of each. */
async function built(folder: string): Promise<Readonly<Record<string, string>>> {
  const sums: Record<string, string> = {};
  for (const one of BUNDLES) {
    const bytes = await bundle(one);
    mkdirSync(dirname(join(folder, one.out)), { recursive: true });
    writeFileSync(join(folder, one.out), bytes);
    sums[one.out] = sumOf(bytes);
  }
  return sums;
}

test("two builds give the same bytes, and they are the committed ones", async () => {
  const first = await built(temporaryFolder());
  expect(sumsIn(BUILT)).toEqual(first);
  expect(sumsIn(ROOT), 'the bundles are older than the sources: run "pnpm build"').toEqual(first);
});

test("two builds of the console's page give the same files", async () => {
  expect(await buildConsole()).toEqual(await buildConsole());
});

test("build --check names the bundle that is not what the sources give, and no other", async () => {
  const folder = temporaryFolder();
  for (const { out } of BUNDLES) cpSync(join(BUILT, out), join(folder, out));
  const { out } = BUNDLES[0]!;
  writeFileSync(join(folder, out), "// another\n");
  const words = ["scripts/build.ts", "--check", "--out", folder];
  const found = spawnSync(process.execPath, words, { cwd: ROOT, encoding: "utf8" });
  expect(found.status).toBe(1);
  expect(found.stderr).toContain(`${out} is not what the sources give`);
  for (const other of BUNDLES.slice(1)) expect(found.stderr).not.toContain(other.out);
});

test("the hook's bundle stays small: Node reads it at every session and turn of every project", () => {
  const hook = readFileSync(join(BUILT, "packages/claude-code/dist/hook.cjs"));
  expect(hook.length).toBeLessThanOrEqual(50_000);
  for (const library of ["graceful-fs", "ELOCKED", "JSON-RPC", "zod"]) expect(hook.includes(library)).toBe(false);
});

test.each([
  ["daemon.cjs", ["JSON-RPC", "Usage: ", "prom-client"]],
  ["mcp.cjs", ["permessage-deflate", "prom-client", "proxy-from-env"]],
  ["quick.cjs", ["JSON-RPC", "permessage-deflate", "prom-client"]],
])("%s brings no library that only the others need", (name, libraries) => {
  const part = readFileSync(join(BUILT, "packages/claude-code/dist", name));
  expect(libraries.filter((library) => part.includes(library))).toEqual([]);
});

/** Node 22.8 and newer do. */
function keepsCompiled(node: string): boolean {
  const asked = spawnSync(node, ["-p", "typeof require('node:module').enableCompileCache"], { encoding: "utf8" });
  return asked.stdout === "function\n";
}

for (const plugin of ["packages/claude-code", "packages/codex"]) {
  test.each(NODES)(`${plugin} runs from a copy of its folder alone with %s`, (node) => {
    const folder = temporaryFolder();
    copyBundles(join(BUILT, plugin), folder);
    const home = temporaryFolder();
    const env = { PATH: process.env["PATH"] ?? "", HOME: home, AGORA_HOME: home };
    const run = (...words: string[]): SpawnSyncReturns<string> =>
      spawnSync(node, [join(folder, "bin/agora"), ...words], { cwd: home, env, encoding: "utf8" });
    expect(run("--version")).toMatchObject({ status: 0, stderr: "", stdout: "0.1.0\n" });
    // What is loaded late is in it too: the help, the doctor's checks, the relay.
    expect(run("--help").stdout).toContain("Usage: agora");
    expect(run("doctor").stdout).toContain("ok   home");
    expect(run("relay", "--port", "99999")).toMatchObject({ status: 2 });
    // What Node compiled lies beside the bundles, if it can keep it; damaged, it is made anew.
    const compiled = join(folder, "dist/compiled");
    expect(existsSync(compiled)).toBe(keepsCompiled(node));
    for (const name of keepsCompiled(node) ? readdirSync(compiled, { recursive: true, encoding: "utf8" }) : [])
      if (statSync(join(compiled, name)).isFile()) writeFileSync(join(compiled, name), "damaged");
    expect(run("--version")).toMatchObject({ status: 0, stderr: "", stdout: "0.1.0\n" });
  });
}
