// One event as people and models see it, and how far its delivery is.
import type { Address, ControlAct, DeliveryState, Rate, Role } from "@agora/protocol";
import type { FileState } from "./file-state.ts";

/** How far one event has come towards one recipient. */
export interface Delivery {
  readonly member: string;
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly seat?: string;
  readonly at?: number;
}

/** One event as people and models see it. The text is the author's, unchanged: make it harmless before showing it. */
export interface Line {
  readonly id: string;
  readonly thread: string;
  readonly author: string;
  readonly seat?: string;
  readonly role: Role;
  readonly kind: string;
  readonly to: readonly Address[];
  /** The channel it was said in. */
  readonly channel?: string;
  readonly text: string;
  /** The author's clock, unix milliseconds. */
  readonly time: number;
  /** When this daemon recorded it, unix milliseconds. */
  readonly at: number;
  readonly stamp?: string;
  readonly hop: number;
  readonly about?: { readonly how: string; readonly id: string };
  readonly file?: FileState;
  readonly mine: boolean;
  /** What people and agents reacted with, the most frequent first. */
  readonly reactions?: readonly LineReaction[];
  /** A question to this member's person. */
  readonly question?: { readonly urgent?: true };
  /** An operator's decision: a control whose grant is valid. */
  readonly control?: LineControl;
  /** Why it was recorded but is handed to nobody: a stop was in force, the control has no grant, …. */
  readonly withheld?: string;
}

/** A text that somebody reacted with, an emoji or a word, and everybody who did. */
export interface LineReaction {
  readonly text: string;
  readonly by: readonly { readonly member: string; readonly role: Role }[];
}

/** All reactions to the line `id`, as they are now. */
export interface LineReactions {
  readonly id: string;
  readonly reactions: readonly LineReaction[];
}

/** What a control decides, for surfaces that show more than its text. */
export interface LineControl {
  readonly act: ControlAct;
  readonly member?: string;
  readonly seat?: string;
  readonly reason?: string;
  readonly rate?: Rate;
}
