// The relay as it is shipped: one file, run where there is nothing else; and the recipes that run it.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ownPort } from "../../test/own-port.ts";
import { RELAY_ENTRY } from "../../test/program.ts";
import { RELAY_OPTIONS } from "../src/options.ts";
import { openRelay, RawMember } from "./raw-member.ts";

const here = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const recipe = (name: string): string => readFileSync(here(name), "utf8");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "agora-bundle-"));
  copyFileSync(RELAY_ENTRY, join(folder, "relay.mjs"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The node of the test, and the one of the system, which may be older: the bundle must run on both.
const nodes = new Set([
  process.execPath,
  ...["/usr/bin/node", "/usr/local/bin/node"].filter((path) => spawnSync(path, ["-v"]).status === 0),
]);

test.each([...nodes])(
  "with %s the one file starts by `npm start` alone, reads .env, serves and ends on SIGTERM",
  async (node) => {
    const clean = mkdtempSync(join(folder, "clean-"));
    copyFileSync(join(folder, "relay.mjs"), join(clean, "relay.mjs"));
    copyFileSync(here("package.json"), join(clean, "package.json"));
    writeFileSync(join(clean, ".env"), "PORT=0\nAGORA_TOKEN=from-the-env-file\nAGORA_MAX_MEMBERS=3\n");
    const { scripts } = JSON.parse(recipe("package.json")) as { scripts: { start: string } };
    expect(scripts.start).toBe("node relay.mjs");
    const child = spawn(node, ["relay.mjs", "--json"], { cwd: clean, env: { PATH: process.env["PATH"] ?? "" } });
    onTestFinished(() => void child.kill("SIGKILL"));
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
    const line = await new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve));
    const { url, token: shown, pid } = JSON.parse(line) as { url: string; token: unknown; pid: number };
    expect([shown, pid]).toEqual([null, child.pid]);
    using alice = await RawMember.join({ url }, { name: "alice" }, { token: "from-the-env-file" });
    expect(await alice.say("hello")).toMatchObject({ type: "stamped" });
    expect(await (await fetch(`${url.replace("ws", "http")}/metrics`)).text()).toContain("agora_members 1");
    child.kill("SIGTERM");
    expect((await alice.closed).code).toBe(1001);
    expect([await exit, errors]).toEqual([0, ""]);
  },
);

test("wrong usage is one line and code 2, help and version are told", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, "relay.mjs"), ...args], { encoding: "utf8" });
  const wrong = run("--colour");
  expect([wrong.status, wrong.stderr.trim().split("\n").length]).toEqual([2, 1]);
  const help = run("--help").stdout;
  for (const option of RELAY_OPTIONS) expect(help).toContain(`--${option.flag}`);
  expect(run("--version").stdout).toBe("0.1.0\n");
  expect(run("--host", "0.0.0.0").status).toBe(1);
});

test("the recipes name only settings that the relay knows", () => {
  // A secret that no flag names, where others could read it.
  const known = new Set<string>(["AGORA_RELAY_KEY", ...RELAY_OPTIONS.flatMap((o) => ("env" in o ? [o.env] : []))]);
  for (const name of [
    "Dockerfile",
    "docker-compose.yml",
    "fly.toml",
    "render.yaml",
    "agora-relay.service",
    "README.md",
  ]) {
    for (const [word] of recipe(name).matchAll(/\bAGORA_[A-Z_]+\b/g))
      expect([name, word, known.has(word)]).toEqual([name, word, true]);
  }
  for (const name of ["Dockerfile", "fly.toml", "render.yaml"]) expect(recipe(name)).toContain("/healthz");
});

test("the Dockerfile copies the one file and its health check tells a live relay from none", async () => {
  const dockerfile = recipe("Dockerfile");
  expect(dockerfile.match(/^COPY .*$/gm)).toEqual(["COPY relay.mjs ./"]);
  expect(dockerfile).toMatch(/^USER node$/m);
  const script = /node -e "(.*)"$/m.exec(dockerfile)![1]!;
  const check = async (port: number): Promise<number | null> =>
    new Promise((resolve) =>
      spawn(process.execPath, ["-e", script], { env: { PORT: String(port) } }).on("exit", resolve),
    );
  const relay = await openRelay({ port: await ownPort() }); // nobody else answers there afterwards
  expect(await check(relay.port)).toBe(0);
  await relay.close();
  expect(await check(relay.port)).toBe(1);
});

const has = (tool: string, ...args: string[]): boolean => spawnSync(tool, args).status === 0;

test.skipIf(!has("systemd-analyze", "--version"))("systemd finds nothing wrong with the unit", () => {
  // The unit names paths of a server: here they are replaced by ones that exist.
  const unit = recipe("agora-relay.service").replace("/usr/bin/node", process.execPath);
  mkdirSync(join(folder, "units"), { recursive: true });
  const path = join(folder, "units", "agora-relay.service");
  writeFileSync(path, unit);
  const check = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
  expect([check.status, check.stderr.split("\n").filter((line) => line.includes("agora-relay"))]).toEqual([0, []]);
});

test.skipIf(!has("caddy", "version"))("caddy finds nothing wrong with the Caddyfile", () => {
  execFileSync("caddy", ["validate", "--adapter", "caddyfile", "--config", here("Caddyfile")], { stdio: "pipe" });
});
