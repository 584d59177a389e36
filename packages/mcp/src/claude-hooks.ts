// The hooks of Claude Code: what its placeholders send and which answers it accepts, measured with 2.1.197, 2.1.329 and
// 2.1.332.
import type { HookDialect } from "./hook-call.ts";
import { isModelCall } from "./model-marks.ts";

const EVENTS = {
  start: "SessionStart", // answered by a command hook: this kind of hook fails before the server is up
  prompt: "UserPromptSubmit",
  command: "UserPromptExpansion", // only our own commands, by the matcher in hooks.json
  tool: "PostToolUse",
  stop: "Stop",
} as const;

// Any background event of the client starts a turn this way, including ours (a waiter's exit, a channel's note).
const NOTIFICATION = /^\s*<(?:task-notification>|channel[\s>])/;

export const claudeHooks: HookDialect = {
  prefix: "/agora:",

  isHook: (meta) => !isModelCall(meta),

  read(input) {
    // A placeholder without a value arrives as "". Subagents share the session id: what they do confirms nothing, and they
    // must not get what is meant for the session.
    if (text(input["agentId"]) !== "") return undefined;
    const session = text(input["session"]);
    switch (input["event"]) {
      case EVENTS.prompt: {
        const prompt = text(input["prompt"]);
        return { moment: "prompt", session, prompt, id: text(input["promptId"]), wake: NOTIFICATION.test(prompt) };
      }
      case EVENTS.command:
        return { moment: "command", session, prompt: text(input["prompt"]), id: text(input["promptId"]) };
      case EVENTS.tool:
        return { moment: "tool", session };
      case EVENTS.stop:
        return { moment: "stop", session };
      default:
        return undefined;
    }
  },

  write(call, answer) {
    const hookEventName = EVENTS[call.moment];
    if (answer.answer === "nothing") return {};
    if (answer.answer === "block") {
      // The client puts "operation blocked by hook" above this. Its milder form, `continue: false`, keeps the prompt on the
      // screen and in the conversation, where the model reads it with the next request (2.1.197 and 2.1.332), and a
      // systemMessage with it isn't shown. suppressOriginalPrompt works only inside hookSpecificOutput.
      const hookSpecificOutput = { hookEventName, suppressOriginalPrompt: answer.repeat !== true };
      return { decision: "block", reason: answer.text, hookSpecificOutput };
    }
    // At Stop, context alone keeps the turn going and isn't shown as an error; a block would be worse in both ways.
    const forPerson = answer.shown === undefined ? {} : { systemMessage: answer.shown };
    return { ...forPerson, hookSpecificOutput: { hookEventName, additionalContext: answer.text } };
  },
};

/** The context printed by a SessionStart command hook. */
export function claudeSessionStart(context: string): string {
  return JSON.stringify({ hookSpecificOutput: { hookEventName: "SessionStart", additionalContext: context } });
}

/** A command hook's answer to a prompt that the model must not get; what was typed stays on the screen. */
export function claudeMistyped(sentence: string): string {
  const hookSpecificOutput = { hookEventName: EVENTS.prompt, suppressOriginalPrompt: false };
  return JSON.stringify({ decision: "block", reason: sentence, hookSpecificOutput });
}

/** A sentence only for the person, printed by a command hook. */
export function claudeNotice(sentence: string): string {
  return JSON.stringify({ systemMessage: sentence });
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
