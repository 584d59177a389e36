// The room's text as a model is given it by a hook: fenced and bounded by @agora/commands. Nothing here tells the model
// what to do.
import { newFenceTag, renderForModel } from "@agora/commands";
import type { Handed } from "@agora/ipc";
import { MAX_CONTEXT_BYTES } from "./limits.ts";

/** What was handed, as context; "" when there is nothing. */
export function contextOf(handed: Handed, now: number, maxBytes = MAX_CONTEXT_BYTES): string {
  const { items, skipped, inbox } = handed;
  return items.length === 0 ? "" : renderForModel(items, { tag: newFenceTag(), maxBytes, now, skipped, inbox });
}
