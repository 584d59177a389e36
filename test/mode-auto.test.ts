// `agora mode auto` at a real terminal: the person is asked whether to allow the room's tools in their own Claude settings.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";

const hasTerminal = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

test.runIf(hasTerminal)("mode auto asks, writes the rule at a yes, and asks no more", async () => {
  await using town = new Town();
  const ann = town.person("ann", await town.relay());
  await ann.start();
  const user = join(town.folder, "user");
  const settings = join(user, ".claude", "settings.json");
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(settings, '{\n  "enabledPlugins": { "agora@agora": true }\n}\n');
  const command = [process.execPath, join(dirname(ENTRY), "quick.cjs"), "mode", "auto"].map((w) => `'${w}'`).join(" ");
  const typed = async (answer: string): Promise<string> => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: user, AGORA_HOME: ann.home, TERM: "xterm" };
    const terminal = spawn("script", ["-qefc", `stty cols 300; ${command}`, "/dev/null"], { cwd: ann.project, env });
    let shown = "";
    let ended = false;
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
    terminal.once("close", () => (ended = true));
    await until("the question", () => ended || shown.includes("Allow the room's tools"));
    terminal.stdin.write(answer);
    await until("the end", () => ended);
    return shown;
  };
  expect(await typed("n")).toContain('put "mcp__plugin_agora_room" into permissions.allow');
  expect(readFileSync(settings, "utf8")).not.toContain("mcp__");
  expect(await typed("y")).toContain(`mcp__plugin_agora_room stands in ${settings} now`);
  expect(JSON.parse(readFileSync(settings, "utf8"))).toMatchObject({
    permissions: { allow: ["mcp__plugin_agora_room"] },
  });
  expect(await typed("")).not.toContain("Allow the room's tools");
});
