// `agora uninstall`: all of it is shown, all of it goes, nothing runs afterwards, and what others wrote is as it was.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AnswerData } from "@agora/commands";
import { type Person, type TestRelay, Town, until } from "./test-users.ts";

const MINE = '# mine\r\nmodel = "x"\r\n';
const SETTINGS = '\uFEFF{\n  // mine\n  "permissions": { "allow": ["Bash(ls:*)"] },\n}\n';
const WITH_RULES = SETTINGS.replace(
  '["Bash(ls:*)"]',
  '["mcp__plugin_agora_room", "mcp__plugin_agora_room__say", "Bash(ls:*)"]',
);

let town: Town;
let relay: TestRelay;
let ann: Person;
let user: string;
beforeEach(async () => {
  town = new Town();
  relay = await town.relay();
  ann = town.person("ann", relay);
  user = join(town.folder, "user");
  mkdirSync(join(user, ".codex"), { recursive: true });
  mkdirSync(join(user, ".claude"));
  writeFileSync(join(user, ".codex", "config.toml"), MINE);
  writeFileSync(join(user, ".claude", "settings.json"), WITH_RULES);
});
afterEach(() => town[Symbol.asyncDispose]());

const type = (words: readonly string[], env = {}) => ann.type(words, { HOME: user, ...env });

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("all is shown, then out; nothing runs, and the files of others are as they were", async () => {
  expect((await ann.start()).err).toBe("");
  const bob = town.person("bob", relay);
  await bob.start();
  await bob.type(["say", "@ann", "look at this"]);
  await until("it waits", async () => (await ann.ask<AnswerData["inbox"]>(["inbox"])).length === 1);
  const { daemon } = await ann.ask<AnswerData["status"]>(["status"]);
  for (const words of [
    ["install", "codex", "--yes", "--name", "team"],
    ["install", "shell"],
  ])
    expect(await type(words)).toMatchObject({ code: 0, err: "" });
  const before = readFileSync(join(user, ".codex", "config.toml"), "utf8");

  const dry = await type(["uninstall", "--dry-run"]);
  expect(dry).toMatchObject({ code: 0, err: "" });
  for (const part of [
    `process ${daemon.pid}`,
    "the entry team in ",
    "mcp__plugin_agora_room__say",
    join(user, ".local", "bin", "agora"),
    "1 waiting in the inbox",
    ann.home,
  ])
    expect(dry.out).toContain(part);
  // Without a yes, and for an agent, nothing happens.
  expect(await type(["uninstall"])).toMatchObject({ code: 2, err: expect.stringContaining("--yes") as string });
  expect(await type(["uninstall", "--yes"], { CLAUDECODE: "1" })).toMatchObject({ code: 1 });
  expect([isRunning(daemon.pid), readFileSync(join(user, ".codex", "config.toml"), "utf8")]).toEqual([true, before]);

  const out = await type(["uninstall", "--yes"]);
  expect(out).toMatchObject({ code: 0, err: "" });
  await until("its process is gone", () => !isRunning(daemon.pid));
  expect(readFileSync(join(user, ".codex", "config.toml"), "utf8")).toBe(MINE);
  expect(readFileSync(join(user, ".claude", "settings.json"), "utf8")).toBe(SETTINGS);
  for (const path of [join(ann.project, ".agora"), ann.home, join(user, ".local", "bin", "agora")])
    expect([path, existsSync(path)]).toEqual([path, false]);
  expect(await type(["uninstall"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Nothing of Agora/) as string,
  });
});

// No systemd runs in a container: what the program asks of it is recorded by one that does nothing else.
test.runIf(process.platform === "linux")(
  "the service of a resident is stopped and disabled before its unit goes, and the manager is told",
  async () => {
    const bin = join(town.folder, "fake-bin");
    const calls = join(town.folder, "systemctl.calls");
    const unit = join(user, ".config", "systemd", "user", "agora-resident.service");
    mkdirSync(bin);
    const shows = `there=$([ -e '${unit}' ] && echo there || echo gone)`;
    writeFileSync(join(bin, "systemctl"), `#!/bin/sh\n${shows}\necho "$there: $*" >> '${calls}'\n`, { mode: 0o755 });
    const env = { HOME: user, AGORA_TOKEN: relay.token, PATH: `${bin}:${process.env["PATH"]}` };
    const words = ["resident", "install", "--relay", relay.url, "--room", "lobby", "--name", "keeper"];
    expect(await ann.type(words, env)).toMatchObject({ code: 0, err: "" });
    expect(existsSync(unit)).toBe(true);
    expect((await ann.type(["uninstall", "--dry-run"], env)).out).toContain(`the service ${unit}`);
    expect([existsSync(unit), existsSync(calls)]).toEqual([true, false]);
    expect(await ann.type(["uninstall", "--yes"], env)).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(calls, "utf8").trimEnd().split("\n")).toEqual([
      "there: --user disable --now agora-resident",
      "gone: --user daemon-reload",
    ]);
    expect([existsSync(unit), existsSync(ann.home)]).toEqual([false, false]);
  },
);

test("a home that is somewhere else as well keeps what is not ours; a plugin that stays is told", async () => {
  await ann.start();
  writeFileSync(join(ann.home, "diary.txt"), "mine");
  mkdirSync(join(ann.home, ".claude", "plugins"), { recursive: true });
  writeFileSync(
    join(ann.home, ".claude", "plugins", "installed_plugins.json"),
    '{"version":2,"plugins":{"agora@agora":[{}],"other@x":[{}]}}',
  );
  const ran = await ann.type(["uninstall", "--yes"], { PATH: "/nowhere" });
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("type claude plugin uninstall agora@agora");
  expect(ran.out).toContain("has other things in it, which stay");
  expect(existsSync(join(ann.home, "diary.txt"))).toBe(true);
  expect(readdirSync(ann.home).sort()).toEqual([".claude", "diary.txt"]);
});
