// The hooks of Claude Code: what its placeholders send and which answers it takes, measured with 2.1.197, 2.1.329
// and 2.1.332.
import type { HookDialect } from "./hook-call.ts";
import { isModelCall } from "./model-marks.ts";

const EVENTS = {
  start: "SessionStart", // a command hook answers it: here a hook of this kind fails before the server is up
  prompt: "UserPromptSubmit",
  command: "UserPromptExpansion", // of our own commands alone, by hooks.json's matcher
  tool: "PostToolUse",
  stop: "Stop",
} as const;

// Any background event of the client begins a turn this way, ours (a waiter's exit, a channel's note) among them.
const NOTIFICATION = /^\s*<(?:task-notification>|channel[\s>])/;

export const claudeHooks: HookDialect = {
  prefix: "/agora:",

  isHook: (meta) => !isModelCall(meta),

  read(input) {
    // A placeholder without a value arrives as "". Subagents share the session id: what they do confirms nothing, and
    // what is meant for the session must not go to them.
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
      // The client heads this with "operation blocked by hook". Its milder form, `continue: false`, keeps the prompt on the screen and
      // in the conversation: the model reads it with the next request (2.1.197 and 2.1.332). A systemMessage beside it is not shown.
      // Only inside hookSpecificOutput is suppressOriginalPrompt heeded.
      const hookSpecificOutput = { hookEventName, suppressOriginalPrompt: answer.repeat !== true };
      return { decision: "block", reason: answer.text, hookSpecificOutput };
    }
    // At Stop, context alone keeps the turn going and is shown as no error; a block would be both ways worse.
    const forPerson = answer.shown === undefined ? {} : { systemMessage: answer.shown };
    return { ...forPerson, hookSpecificOutput: { hookEventName, additionalContext: answer.text } };
  },
};

/** The context a SessionStart command hook prints. */
export function claudeSessionStart(context: string): string {
  return JSON.stringify({ hookSpecificOutput: { hookEventName: "SessionStart", additionalContext: context } });
}

/** The answer of a command hook to a prompt that the model is not to get; what was typed stays on the screen. */
export function claudeMistyped(sentence: string): string {
  const hookSpecificOutput = { hookEventName: EVENTS.prompt, suppressOriginalPrompt: false };
  return JSON.stringify({ decision: "block", reason: sentence, hookSpecificOutput });
}

/** A sentence for the person alone, printed by a command hook. */
export function claudeNotice(sentence: string): string {
  return JSON.stringify({ systemMessage: sentence });
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
