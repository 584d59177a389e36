// The room's text as a hook gives it to a model: fenced and bounded by @agora/commands. Nothing here tells the model what to
// do.
import { newFenceTag, renderForModel } from "@agora/commands";
import type { Handed } from "@agora/ipc";
import { MAX_CONTEXT_BYTES } from "./limits.ts";

/** What was handed over, as context; "" when there is nothing. */
export function contextOf(handed: Handed, now: number, maxBytes = MAX_CONTEXT_BYTES): string {
  const { items, skipped, inbox, word, notices = [] } = handed;
  // The daemon's own words: who decided and why is in the room's text, inside the fence.
  const facts = notices.map((notice) => `Agora: ${notice}.`);
  const test = [...facts, ...(word === undefined ? [] : [testOf(word)])].join("\n");
  if (items.length === 0) return test;
  const room = renderForModel(items, { tag: newFenceTag(), maxBytes: maxBytes - test.length, now, skipped, inbox });
  return test === "" ? room : `${test}\n${room}`;
}

/** The person's own test of whether this session can be woken. */
function testOf(word: string): string {
  return `The user runs "agora doctor --wake" in a terminal to learn whether this session can be woken. It counts as woken when the room tool is called with action=bring-word and text=${word}; nothing else is asked.`;
}
