// The tarball of `pnpm run pack-cli`, on a machine without this repository: an empty prefix, an empty home, an empty npm cache
// and no network. What npm runs is what a person gets. (npx takes an absolute path without `file:` for a program to run.)
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../packages/cli/src/version.ts";
import { ROOT } from "./workspace-files.ts";

const hasNpm = spawnSync("npm", ["--version"]).status === 0;

describe.runIf(hasNpm)("the packed executable", () => {
  let place: string;
  let tarball: string;
  let said: string;

  beforeAll(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), "agora-packed-")));
    for (const name of ["out", "home", "work"]) mkdirSync(join(place, name));
    const packed = spawnSync(process.execPath, ["scripts/pack-cli.ts", "--out", join(place, "out")], {
      cwd: ROOT,
      encoding: "utf8",
    });
    said = packed.stdout;
    tarball = join(place, "out", readdirSync(join(place, "out"))[0] ?? packed.stderr);
  });
  afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));

  /** Nothing of this machine but Node and npm; whatever is not in the tarball can't be fetched. */
  function environment(cache: string): Record<string, string> {
    return {
      PATH: [join(place, "prefix", "bin"), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
      HOME: join(place, "home"),
      npm_config_cache: join(place, cache),
      npm_config_prefix: join(place, "prefix"),
      npm_config_offline: "true",
      npm_config_update_notifier: "false",
    };
  }

  function run(words: readonly string[], cache = "cache"): SpawnSyncReturns<string> {
    const [file = "", ...rest] = words;
    return spawnSync(file, rest, { cwd: join(place, "work"), env: environment(cache), encoding: "utf8" });
  }

  test("one tarball is left, and its path is told", () => {
    expect(readdirSync(join(place, "out"))).toEqual([`agora-cli-${VERSION}.tgz`]);
    expect(said).toBe(`${tarball}\n`);
  });

  test("npm install -g: the program is on the PATH, plays the demo, and leaves again", () => {
    expect(run(["npm", "install", "-g", tarball])).toMatchObject({ status: 0 });
    const agora = join(place, "prefix", "bin", "agora");
    expect(run([agora, "--version"])).toMatchObject({ status: 0, stdout: `${VERSION}\n`, stderr: "" });
    const demo = run([agora, "demo"]);
    expect(demo).toMatchObject({ status: 0, stderr: "" });
    expect(demo.stdout).toMatch(/bob +stored /);
    const folder = join(place, "prefix", "lib", "node_modules", "@agora", "cli");
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    expect(manifest).toMatchObject({ version: VERSION, bin: { agora: "bin/agora" }, engines: { node: ">=20.19" } });
    expect(manifest["dependencies"]).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(["LICENSE", "README.md", "bin", "dist", "package.json"]);
    expect(run(["npm", "uninstall", "-g", "@agora/cli"])).toMatchObject({ status: 0 });
    expect(readdirSync(join(place, "prefix", "bin"))).toEqual([]);
  });

  test("npx runs a relay from it, with an empty cache", async () => {
    const child = spawn("npx", ["-y", `file:${tarball}`, "relay", "--port", "0", "--json"], {
      cwd: join(place, "work"),
      env: environment("cache-of-relay"),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    try {
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      const line = await new Promise<string>((resolve) => {
        createInterface(child.stdout)
          .once("line", resolve)
          .once("close", () => resolve(said));
      });
      expect(JSON.parse(line)).toMatchObject({ url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:/) as string });
    } finally {
      const gone = new Promise((resolve) => child.once("close", resolve));
      process.kill(-child.pid!, "SIGTERM");
      await gone;
    }
  });

  test("npx serves an MCP client from it, with an empty cache", () => {
    const hello = {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "0" } },
    };
    const served = spawnSync("npx", ["-y", `file:${tarball}`, "mcp"], {
      cwd: join(place, "work"),
      env: environment("cache-of-mcp"),
      encoding: "utf8",
      input: `${JSON.stringify(hello)}\n`,
    });
    expect(served.status).toBe(0);
    expect(JSON.parse(served.stdout.split("\n")[0]!)).toMatchObject({
      id: 1,
      result: { serverInfo: { name: "agora" } },
    });
  });
});
