// What a key said about questions before its person revoked it, and counts no more.
import type { Questions } from "./fold.ts";

type Entries = Record<string, { readonly key: string }>;

/** Whether an event of this key is among what was asked, answered or decided. */
export function isHeld(questions: Questions, id: string, key: string): boolean {
  return (Object.values(questions) as readonly Entries[]).some(
    (entries) => Object.hasOwn(entries, id) && entries[id]!.key === key,
  );
}

/** An event of this key counts no more: what it decided is open again. In place. [KEYCHAIN-4] */
export function foldDisowned(questions: Questions, id: string, key: string): void {
  for (const entries of Object.values(questions) as readonly Entries[])
    if (Object.hasOwn(entries, id) && entries[id]!.key === key) delete entries[id];
}
