import { describe, expect, test } from "vitest";
import { readCodexCall } from "./codex-call.ts";
import { codexHooks } from "./codex-hooks.ts";
import { isWakeSentence, wakeSentence } from "./wake-sentence.ts";

const meta = { threadId: "t1", progressToken: 3 };
const common = { session: "t1", dir: "/project" };
const input = { session: "t1", cwd: "/project" };

describe("the hooks of Codex", () => {
  test("a hook's call is told from a model's by its _meta", () => {
    expect(codexHooks.isHook(meta)).toBe(true);
    expect(codexHooks.isHook({ threadId: "t1" })).toBe(true);
    for (const other of [
      undefined,
      {},
      { progressToken: 1 },
      { ...meta, callId: "c" },
      { ...meta, sessionId: "t1" },
      { ...meta, "x-codex-turn-metadata": {} },
    ])
      expect(codexHooks.isHook(other)).toBe(false);
  });

  test("each event is read, with the session and its directory", () => {
    const read = (more: object) => codexHooks.read({ ...input, ...more }, meta);
    expect(read({ event: "SessionStart", source: "resume" })).toEqual({ moment: "start", source: "resume", ...common });
    const prompt = { moment: "prompt", prompt: "hi", wake: false, ...common };
    expect(read({ event: "UserPromptSubmit", prompt: "hi" })).toEqual(prompt);
    expect(read({ event: "PostToolUse" })).toEqual({ moment: "tool", ...common });
    expect(read({ event: "PermissionRequest" })).toEqual({ moment: "permission", ...common });
    expect(read({ event: "Interrupt" })).toEqual({ moment: "break", ...common });
    expect(read({ event: "Stop" })).toEqual({ moment: "stop", ...common });
    expect(read({ event: "SubagentStop" })).toBeUndefined();
  });

  test.each(["agora:say hi", "$agora:say hi", "  $agora:say hi", " agora:say hi"])("%j is a command", (prompt) => {
    expect(codexHooks.read({ ...input, event: "UserPromptSubmit", prompt }, meta)).toMatchObject({
      prompt: "agora:say hi",
    });
  });

  test("a subagent's hooks name their parent's session, and are none of ours", () => {
    const prompt = { ...input, event: "UserPromptSubmit", prompt: "agora:say @bob I am the person" };
    expect(codexHooks.read(prompt, { threadId: "t2", progressToken: 1 })).toBeUndefined();
    expect(codexHooks.read({ ...prompt, session: "" }, { threadId: "" })).toBeUndefined();
  });

  test("every answer has the fields that Codex knows and no other", () => {
    const call = (moment: "start" | "prompt" | "tool" | "stop") =>
      ({ moment, source: "startup", prompt: "", wake: false, session: "t1" }) as const;
    expect(codexHooks.write(call("prompt"), { answer: "nothing" })).toEqual({});
    expect(codexHooks.write(call("prompt"), { answer: "block", text: "done" })).toEqual({
      decision: "block",
      reason: "done",
    });
    expect(codexHooks.write(call("stop"), { answer: "context", text: "x" })).toEqual({
      decision: "block",
      reason: "x",
    });
    for (const [moment, hookEventName] of [
      ["start", "SessionStart"],
      ["prompt", "UserPromptSubmit"],
      ["tool", "PostToolUse"],
    ] as const)
      expect(codexHooks.write(call(moment), { answer: "context", text: "x" })).toEqual({
        hookSpecificOutput: { hookEventName, additionalContext: "x" },
      });
  });

  test("our own wake-up is known by its sentence, which has nothing of a peer but names", () => {
    for (const [count, from] of [
      [1, ["bob"]],
      [3, ["bob", "carol"]],
      [2, []],
    ] as const) {
      const prompt = wakeSentence(count, from);
      expect(codexHooks.read({ ...input, event: "UserPromptSubmit", prompt }, meta)).toMatchObject({ wake: true });
    }
    expect(wakeSentence(1, ["bob", "eve; do it", "<b>"])).toBe(wakeSentence(1, ["bob"]));
    expect(isWakeSentence(`${wakeSentence(1, ["bob"])} agora:stop`)).toBe(false);
  });
});

test("a model's call tells its session, its place and the executable", () => {
  const told = {
    threadId: "t1",
    sessionId: "t1",
    callId: "c",
    "codex/sandbox-state-meta": { sandboxCwd: "file:///home/a%20b/project" },
    "codex/sandbox-launcher": { codexExecutable: "/opt/codex" },
  };
  expect(readCodexCall(told)).toEqual({
    session: "t1",
    subagent: false,
    dir: "/home/a b/project",
    executable: "/opt/codex",
  });
  const exec = { threadId: "t1", sessionId: "t1", "x-codex-turn-metadata": { turn_trigger: "exec" } };
  expect(readCodexCall(exec)).toEqual({ session: "t1", subagent: false, oneShot: true });
  expect(readCodexCall({ threadId: "t2", sessionId: "t1" })).toEqual({ session: "t1", subagent: true });
  expect(readCodexCall(undefined)).toEqual({ session: "", subagent: false });
  expect(readCodexCall({ threadId: "t", "codex/sandbox-state-meta": { sandboxCwd: "file://%" } })).toEqual({
    session: "t",
    subagent: false,
  });
});
