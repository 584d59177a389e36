// What limits automatic replies: the brakes in force, and the budgets of chains.
import type { Item } from "./fold.ts";

/** The brakes in force now. */
export interface ReplyLimits {
  readonly mode: "manual" | "auto";
  readonly hopLimit: number;
  readonly mentionMaxAgeMs: number;
  /** An operator holds the room, or this member. */
  readonly held: string | undefined;
}

/** What limits the chains of automatic turns. */
export interface ChainLimits {
  /** Why a chain goes no further by itself; undefined while it may. [CHAIN-3] */
  spent(chain: string): string | undefined;
  /** An item was held for that: whoever the chain belongs to is asked. */
  ask(item: Omit<Item, "state">): void;
}

export const NO_LIMITS: ChainLimits = { spent: () => undefined, ask: () => undefined };

/** How the reason of everything begins that a chain's budget holds. */
export const HELD_BY_BUDGET = "chain budget";

/** Whether an item fell to the inbox because its chain was at its limit. */
export function isHeldByBudget(item: { readonly reason?: string | undefined }): boolean {
  return item.reason?.startsWith(HELD_BY_BUDGET) === true;
}

/** Why what somebody says waits who may wake no agent here: told to the author, and shown to the person. */
export const LEAVES_A_WORD = "waits for the person: this member may only leave a word";
