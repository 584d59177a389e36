// Both shapes of every client version that was seen: what its hooks' calls and its model's calls carry, recorded from the real
// clients.
import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { claudeHooks } from "./claude-hooks.ts";
import { codexHooks } from "./codex-hooks.ts";
import { MODEL_MARKS } from "./model-marks.ts";

const thread = "01a22b48-2de3-72b1-9d01-d7a0d707d770";
const sandbox = {
  permissionProfile: { type: "managed", network: "restricted" },
  sandboxCwd: "file:///home/alice/project",
};
const place = {
  "codex/sandbox-state-meta": sandbox,
  "codex/sandbox-launcher": { codexExecutable: "/opt/codex/bin/codex" },
};
const turn = { session_id: thread, thread_id: thread, turn_trigger: "exec" };

const SEEN = [
  {
    client: "Claude Code 2.1.197 to 2.1.332",
    dialect: claudeHooks,
    hook: undefined,
    model: { "claudecode/toolUseId": "toolu_9b3e6e6982874afab8dc82c8a48a34b6", progressToken: 3 },
  },
  {
    client: "Codex 0.169.0",
    dialect: codexHooks,
    hook: { threadId: thread, progressToken: 1 },
    model: {
      ...{ callId: "call_1", threadId: thread, sessionId: thread, progressToken: 2 },
      ...{ "x-codex-turn-metadata": turn, ...place },
    },
  },
  {
    client: "Codex 0.171.0",
    dialect: codexHooks,
    hook: { threadId: thread, "codex/sandbox-state": sandbox, ...place, progressToken: 1 },
    model: {
      ...{ callId: "call_1", itemId: "fc_1", threadId: thread, sessionId: thread, windowId: `${thread}:0` },
      ...{ "x-codex-turn-metadata": turn, "codex/sandbox-state": sandbox, ...place, progressToken: 3 },
    },
  },
] as const;

describe.each(SEEN)("$client", ({ dialect, hook, model }) => {
  const unknown = dictionary(
    string().filter((key) => !Object.hasOwn(MODEL_MARKS, key)),
    jsonValue(),
  );

  test("a hook's call is taken, a model's is refused", () => {
    expect(dialect.isHook(hook)).toBe(true);
    expect(dialect.isHook(model)).toBe(false);
  });

  test("what a later version adds changes neither", () => {
    assert(
      property(unknown, (added) => {
        expect(dialect.isHook({ ...added, ...hook })).toBe(true);
        expect(dialect.isHook({ ...added, ...model })).toBe(false);
      }),
    );
  });

  test.each(Object.keys(MODEL_MARKS))("%s alone marks a model's call, whatever its value", (mark) => {
    for (const value of [undefined, null, "", "x", {}]) {
      expect(dialect.isHook({ ...hook, [mark]: value })).toBe(false);
    }
  });
});
