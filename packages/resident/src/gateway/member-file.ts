// What the gateway stores about a member besides its journals: how far it has read, when it was last used, and how it enters
// the room. Written completely before the response that depends on it.
import { join } from "node:path";
import { readPrivate, replacePrivate } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import type { Generation } from "./cursor.ts";

export interface MemberFacts {
  /** Everything before this position of the member's history is acknowledged. */
  readonly cursor: number;
  /** Unix milliseconds. */
  readonly usedAt: number;
  /** Which history the cursor belongs to. */
  readonly generation?: Generation;
  readonly person: boolean;
  /** The grant it last entered with, so that its mail is kept across a restart. */
  readonly grant?: { readonly jwt: string; readonly iat: number; readonly exp?: number };
}

/** Reads a member's facts; undefined if there are none, or they are unreadable. */
export function readMemberFacts(folder: string): MemberFacts | undefined {
  const text = readPrivate(join(folder, "member.json"), true);
  if (!text.ok || text.value === undefined) return undefined;
  try {
    const facts = JSON.parse(text.value) as Partial<MemberFacts>;
    if (!Number.isSafeInteger(facts.cursor) || typeof facts.usedAt !== "number") return undefined;
    return { ...facts, cursor: facts.cursor!, usedAt: facts.usedAt, person: facts.person === true };
  } catch {
    return undefined;
  }
}

/** Writes them, synced. */
export function writeMemberFacts(folder: string, facts: MemberFacts): Promise<Result<void>> {
  return replacePrivate(join(folder, "member.json"), `${JSON.stringify(facts)}\n`);
}
