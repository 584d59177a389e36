// What marks a call as a model's, in its `_meta`. We don't list what hooks may send, because clients add fields: in 0.171.0
// Codex began to describe its sandbox there, and such a list shut out all its hooks.
import type { CallMeta } from "./hook-call.ts";

/** Every mark seen on a model's call and never on a hook's, with the client and the first version it was seen in. */
export const MODEL_MARKS: Readonly<Record<string, string>> = {
  "claudecode/toolUseId": "Claude Code 2.1.197",
  callId: "Codex 0.169.0",
  sessionId: "Codex 0.169.0",
  "x-codex-turn-metadata": "Codex 0.169.0",
  itemId: "Codex 0.171.0",
  windowId: "Codex 0.171.0",
};

/** Whether a call with this `_meta` may be a model's: one mark is enough. */
export function isModelCall(meta: CallMeta): boolean {
  return meta !== undefined && Object.keys(meta).some((key) => Object.hasOwn(MODEL_MARKS, key));
}
