import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratch } from "../test/scratch.ts";
import { allowRoomInClaude } from "./claude-allow-rule.ts";

const RULE = "mcp__plugin_agora_room";

function settings(text?: string): {
  readonly env: { readonly CLAUDE_CONFIG_DIR: string };
  readonly read: () => string;
} {
  const folder = join(scratch(), ".claude");
  const path = join(folder, "settings.json");
  mkdirSync(folder);
  if (text !== undefined) writeFileSync(path, text);
  return { env: { CLAUDE_CONFIG_DIR: folder }, read: () => readFileSync(path, "utf8") };
}

it.each([
  ["no file", undefined],
  ["an empty one", "\n"],
  ["no permissions", '{\n  "model": "x"\n}\n'],
  [
    "a list with comments and a mark",
    '\uFEFF{\r\n  // mine\r\n  "permissions": { "allow": ["Bash(ls:*)"], },\r\n}\r\n',
  ],
  ["an empty list", '{"permissions":{"deny":["Read"],"allow":[]}}'],
])("%s: the rule stands there afterwards, and all that was there", async (_, before) => {
  const { env, read } = settings(before);
  expect(await allowRoomInClaude(env)).toEqual({ ok: true, value: join(env.CLAUDE_CONFIG_DIR, "settings.json") });
  const after = read();
  expect(after.match(new RegExp(RULE, "g"))).toHaveLength(1);
  for (const part of ["// mine", '"Bash(ls:*)"', '"model": "x"', '"deny":["Read"]', "\uFEFF"])
    expect([part, after.includes(part)]).toEqual([part, before?.includes(part) === true]);
});

it.each(["[1]", "{", '{"permissions":7}', '{"permissions":{"allow":"all"}}'])(
  "%s is left as it is, and the person is told",
  async (before) => {
    const { env, read } = settings(before);
    expect(await allowRoomInClaude(env)).toMatchObject({ ok: false, code: "bad-file" });
    expect(read()).toBe(before);
  },
);
