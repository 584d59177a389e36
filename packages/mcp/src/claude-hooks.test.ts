import { describe, expect, test } from "vitest";
import { claudeHooks } from "./claude-hooks.ts";

const BASE = { event: "UserPromptSubmit", prompt: "hello", session: "s1", promptId: "p1", agentId: "", tool: "" };

describe("what Claude Code tells", () => {
  test("a typed prompt", () => {
    expect(claudeHooks.read(BASE)).toEqual({
      moment: "prompt",
      session: "s1",
      prompt: "hello",
      id: "p1",
      wake: false,
    });
  });

  test("a command that is about to become a prompt", () => {
    expect(claudeHooks.read({ ...BASE, event: "UserPromptExpansion", prompt: "/agora:say hi" })).toEqual({
      moment: "command",
      session: "s1",
      prompt: "/agora:say hi",
      id: "p1",
    });
  });

  test("a wake-up, ours or a background agent's, is nobody's words", () => {
    const ours =
      '<task-notification>\n<summary>Stop hook feedback</summary>\n</task-notification>\n<system-reminder>\nStop hook blocking error from command "Stop": x\n</system-reminder>';
    const other = "<task-notification>\n<task-id>a1</task-id>";
    for (const prompt of [ours, other]) expect(claudeHooks.read({ ...BASE, prompt })).toMatchObject({ wake: true });
  });

  test("a subagent's doings and unknown events are none of ours", () => {
    expect(claudeHooks.read({ ...BASE, event: "PostToolUse", agentId: "a1" })).toBeUndefined();
    expect(claudeHooks.read({ ...BASE, event: "PreCompact" })).toBeUndefined();
    expect(claudeHooks.read({})).toBeUndefined();
  });

  test("placeholders that are no text do no harm", () => {
    expect(claudeHooks.read({ event: "Stop", session: 7, prompt: null })).toEqual({ moment: "stop", session: "" });
  });
});

describe("what Claude Code is told", () => {
  const prompt = { moment: "prompt", session: "s", prompt: "", wake: false } as const;

  test("nothing", () => {
    expect(claudeHooks.write(prompt, { answer: "nothing" })).toEqual({});
  });

  test("a block shows the reason and not the prompt", () => {
    expect(claudeHooks.write(prompt, { answer: "block", text: "sent" })).toEqual({
      decision: "block",
      reason: "sent",
      hookSpecificOutput: { hookEventName: "UserPromptSubmit", suppressOriginalPrompt: true },
    });
  });

  test("what somebody worded stays on the screen below what became of it", () => {
    expect(claudeHooks.write(prompt, { answer: "block", text: "sent", repeat: true })).toMatchObject({
      hookSpecificOutput: { suppressOriginalPrompt: false },
    });
  });

  test("a line for the person stands beside the context", () => {
    expect(claudeHooks.write(prompt, { answer: "context", text: "c", shown: "agora: 1 message" })).toEqual({
      systemMessage: "agora: 1 message",
      hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: "c" },
    });
  });

  test.each([
    [prompt, "UserPromptSubmit"],
    [{ moment: "tool", session: "s" } as const, "PostToolUse"],
    [{ moment: "stop", session: "s" } as const, "Stop"],
    [{ moment: "command", session: "s", prompt: "/agora:accept x" } as const, "UserPromptExpansion"],
  ])("context at %o carries no decision", (call, hookEventName) => {
    expect(claudeHooks.write(call, { answer: "context", text: "c" })).toEqual({
      hookSpecificOutput: { hookEventName, additionalContext: "c" },
    });
  });
});
