// What a feature remembers of the room: keys of the member's state, their values at first, and how each kind of record changes
// them. The kernel folds the slices of all features beside its own part (state.ts) and keeps them in one checkpoint.
import type { Head } from "@agora/protocol";
import type { Author } from "./authors.ts";
import type { OutboxRecord } from "./delivery.ts";
import type { HistoryRecord } from "./record.ts";
import type { InRecord, MemberState } from "./state.ts";

/** An event of anybody that is in the history and was not withheld. */
export interface Told {
  readonly head: Head;
  readonly body: string;
  readonly line: HistoryRecord;
  readonly isMine: boolean;
  /** It was said after this member came to the room, or to its channel. */
  readonly isNews: boolean;
  /** What is known of an author. */
  readonly who: (key: string) => Author | undefined;
}

/** An event that a relay gave another place; of the author with this key, where it is known. */
export interface Moved {
  readonly id: string;
  readonly stamp: string;
  readonly key: string | undefined;
}

/** How a record of inbox.jsonl changes the state, by its `op`. */
export type InFolds = {
  readonly [Op in InRecord["op"]]?: (state: MemberState, record: Extract<InRecord, { readonly op: Op }>) => void;
};

/**
 * One feature's part of the state. All folds work in place, on its own keys; of the records of one journal they are called in
 * the order of writing, at a start as when something happens. What a key holds is plain JSON and bounded.
 */
export interface Slice {
  /** Its keys, with nothing known yet. */
  empty(): Partial<MemberState>;
  /** Brings what an earlier version kept of it up to date; after a checkpoint was read. */
  adopt?(state: MemberState): void;
  told?(state: MemberState, event: Told): void;
  moved?(state: MemberState, event: Moved): void;
  /** A record of the outbox; of a queued event also its head. */
  out?(state: MemberState, record: OutboxRecord, head: Head | undefined): void;
  readonly in?: InFolds;
  /** The position of the line of the history that a record rests on, if it rests on one: without the line it means nothing. */
  restsOn?(record: OutboxRecord | InRecord): number | undefined;
  /** Positions of the history that it still needs: nothing from there on is dropped. */
  needs?(state: MemberState): readonly number[];
  /** Since which stamp this member hears what is said in a channel; undefined: it is not this slice's, or it never did. */
  hearsSince?(state: MemberState, channel: string): string | undefined;
}

/** The same fold for several kinds of records. */
export function folds<Op extends InRecord["op"]>(
  ops: readonly Op[],
  fold: (state: MemberState, record: Extract<InRecord, { readonly op: Op }>) => void,
): Pick<InFolds, Op> {
  return Object.fromEntries(ops.map((op) => [op, fold])) as unknown as Pick<InFolds, Op>;
}
