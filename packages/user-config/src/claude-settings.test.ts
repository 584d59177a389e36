import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { allowsRoom, claudeSwitches, readClaudeLayers } from "./claude-settings.ts";

const NAMES = {
  managed: "managed/managed-settings.json",
  local: "project/.claude/settings.local.json",
  project: "project/.claude/settings.json",
  user: "home/.claude/settings.json",
} as const;

function layers(files: Partial<Record<keyof typeof NAMES, object | string>>) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agora-claude-")));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, NAMES[name as keyof typeof NAMES]);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
  const read = readClaudeLayers({ HOME: join(folder, "home") }, join(folder, "project"), join(folder, NAMES.managed));
  const at = (name: keyof typeof NAMES): string => join(folder, NAMES[name]);
  return { read, switches: claudeSwitches(read), at };
}

describe("the switches that are against us", () => {
  it("are named with their file", () => {
    const { switches, at } = layers({
      managed: { allowManagedHooksOnly: true },
      local: { enabledPlugins: { "agora@agora": false, "other@x": false } },
      user: { disableAllHooks: true, enabledPlugins: { "agora@agora": true } },
    });
    expect(switches).toEqual([
      { key: "disableAllHooks", path: at("user") },
      { key: "allowManagedHooksOnly", path: at("managed") },
      { key: 'enabledPlugins["agora@agora"]', path: at("local") },
    ]);
  });

  it("count only where no stronger layer says otherwise", () => {
    const { switches } = layers({
      local: { disableAllHooks: false, enabledPlugins: { "agora@agora": true } },
      project: { allowManagedHooksOnly: true },
      user: { disableAllHooks: true, enabledPlugins: { "agora@agora": false } },
    });
    expect(switches).toEqual([]);
  });

  it("are none in files of odd shapes", () => {
    for (const odd of [
      "",
      "{",
      "null",
      "[]",
      '"x"',
      '{"enabledPlugins":7,"disableAllHooks":"yes","permissions":[1]}',
    ]) {
      const { read, switches } = layers({ managed: odd, user: odd, project: `\uFEFF${odd}` });
      expect(switches).toEqual([]);
      expect(allowsRoom(read)).toBe(false);
    }
  });
});

it("the rule that allows the room's tools is found in any layer", () => {
  expect(allowsRoom(layers({ user: { permissions: { allow: ["mcp__plugin_agora_room"] } } }).read)).toBe(true);
  expect(allowsRoom(layers({ local: { permissions: { allow: ["Bash", "mcp__plugin_agora_room__*"] } } }).read)).toBe(
    true,
  );
  expect(allowsRoom(layers({ user: { permissions: { deny: ["mcp__plugin_agora_room"] } } }).read)).toBe(false);
});
