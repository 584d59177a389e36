// `agora mode auto` at a real terminal: the person is asked whether to allow the room's tools in their own Claude settings.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { hasTerminal, typeAtTerminal } from "./at-terminal.ts";
import { Town } from "./test-users.ts";

test.runIf(hasTerminal)("mode auto asks, writes the rule at a yes, and asks no more", async () => {
  await using town = new Town();
  const ann = town.person("ann", await town.relay());
  await ann.start();
  const user = join(town.folder, "user");
  const settings = join(user, ".claude", "settings.json");
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(settings, '{\n  "enabledPlugins": { "agora@agora": true }\n}\n');
  const typed = (answer: string): Promise<string> =>
    typeAtTerminal(ann, user, ["mode", "auto"], { question: "Allow the room's tools", answer });
  expect(await typed("n")).toContain('put "mcp__plugin_agora_room" into permissions.allow');
  expect(readFileSync(settings, "utf8")).not.toContain("mcp__");
  expect(await typed("y")).toContain(`mcp__plugin_agora_room stands in ${settings} now`);
  expect(JSON.parse(readFileSync(settings, "utf8"))).toMatchObject({
    permissions: { allow: ["mcp__plugin_agora_room"] },
  });
  expect(await typed("")).not.toContain("Allow the room's tools");
});
