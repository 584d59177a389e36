// The hooks of Codex: what its placeholders send and which answers it accepts, measured with 0.169.0 and 0.171.0. A single
// unknown field invalidates the whole answer, and a placeholder without a value makes the hook fail, so both are exact.
import type { CallMeta, HookDialect } from "./hook-call.ts";
import { isModelCall } from "./model-marks.ts";
import { isWakeSentence } from "./wake-sentence.ts";

const EVENTS = {
  start: "SessionStart",
  prompt: "UserPromptSubmit",
  tool: "PostToolUse",
  permission: "PermissionRequest",
  break: "Interrupt", // also after a refusal, which ends the turn
  stop: "Stop",
} as const;

export const codexHooks: HookDialect = {
  prefix: "agora:",

  // Without its thread, a subagent's hook couldn't be told from its parent's.
  isHook: (meta) => meta !== undefined && "threadId" in meta && !isModelCall(meta),

  read(input, meta) {
    const session = text(input["session"]);
    // A subagent's hooks name its parent's session, and its task arrives as a prompt. A model wrote that, so it is nobody's
    // command, and what is meant for the session must not go there.
    if (isSubagent(session, meta)) return undefined;
    const common = { session, ...(input["cwd"] === undefined ? {} : { dir: text(input["cwd"]) }) };
    switch (input["event"]) {
      case EVENTS.start:
        return { moment: "start", source: text(input["source"]), ...common };
      case EVENTS.prompt: {
        // A command chosen from the list of skills follows a dollar sign.
        const prompt = text(input["prompt"]).replace(/^\s*\$?(?=agora:)/, "");
        return { moment: "prompt", prompt, wake: isWakeSentence(prompt), ...common };
      }
      case EVENTS.tool:
        return { moment: "tool", ...common };
      case EVENTS.permission:
        return { moment: "permission", ...common };
      case EVENTS.break:
        return { moment: "break", ...common };
      case EVENTS.stop:
        return { moment: "stop", ...common };
      default:
        return undefined;
    }
  },

  write(call, answer) {
    if (answer.answer === "nothing" || call.moment === "command") return {}; // a command isn't a separate moment here
    if (answer.answer === "block") return { decision: "block", reason: answer.text };
    // Context at the end of a turn is "invalid" here; a block keeps the turn going.
    const forPerson = answer.shown === undefined ? {} : { systemMessage: answer.shown };
    if (call.moment === "stop") return { ...forPerson, decision: "block", reason: answer.text };
    return { ...forPerson, hookSpecificOutput: { hookEventName: EVENTS[call.moment], additionalContext: answer.text } };
  },
};

function isSubagent(session: string, meta: CallMeta): boolean {
  const thread = meta?.["threadId"];
  return thread !== session || session === "";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
