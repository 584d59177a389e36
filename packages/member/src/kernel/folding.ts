// Folds the journals: the kernel's part of the state, then the slices of all features, in their order.
import { compareStamps, type Head } from "@agora/protocol";
import { isUndelivered, NOWHERE, type OutboxRecord } from "./delivery.ts";
import { type HistoryLine, isRestamp } from "./record.ts";
import type { Slice } from "./slice.ts";
import {
  emptyKernelState,
  foldEvent,
  foldIn,
  foldOut,
  foldStamp,
  headOf,
  type Hasher,
  type InRecord,
  isTalk,
  type MemberState,
  whoIs,
} from "./state.ts";

export interface Folding {
  /** The state of a room nothing is known of. */
  empty(): MemberState;
  /** The state as a checkpoint has it, perhaps one of an earlier version. */
  read(saved: Partial<MemberState>): MemberState;
  /** Folds a line of the history; `me` is one's own name. */
  history(state: MemberState, line: HistoryLine, me: string, hasher: Hasher, head?: Head): void;
  out(state: MemberState, record: OutboxRecord, hasher: Hasher): void;
  in(state: MemberState, record: InRecord): void;
  /** The position of the line of the history that a record rests on; undefined when it rests on none. */
  restsOn(record: OutboxRecord | InRecord): number | undefined;
  /** Whether something was said after this member first came to the room, or to the channel. */
  isNew(state: MemberState, stamp: string, channel?: string): boolean;
  /** The first position that something open still refers to; infinite if there is none. */
  oldestNeeded(state: MemberState): number;
}

type InFold = (state: MemberState, record: InRecord) => void;

/** Creates the folds; throws if two slices have the same key, which is a mistake in the program. */
export function createFolding(slices: readonly Slice[]): Folding {
  const empty = (): MemberState => {
    const parts = [emptyKernelState(), ...slices.map((slice) => slice.empty())];
    const keys = parts.flatMap((part) => Object.keys(part));
    const twice = keys.find((key, at) => keys.indexOf(key) !== at);
    if (twice !== undefined) throw new Error(`two slices keep "${twice}"`);
    return Object.assign({}, ...parts) as MemberState;
  };
  const inFolds = new Map<string, InFold[]>();
  for (const { in: own = {} } of slices)
    for (const [op, fold] of Object.entries(own)) inFolds.set(op, [...(inFolds.get(op) ?? []), fold as InFold]);

  const isNew: Folding["isNew"] = (state, stamp, channel) => {
    const since = channel === undefined ? state.begin : hearsSince(state, channel);
    return since !== undefined && compareStamps(stamp, since) > 0;
  };
  const hearsSince = (state: MemberState, channel: string): string | undefined => {
    for (const slice of slices) {
      const since = slice.hearsSince?.(state, channel);
      if (since !== undefined) return since;
    }
    return undefined;
  };

  return {
    empty,
    read(saved) {
      const state = { ...empty(), ...saved };
      for (const slice of slices) slice.adopt?.(state);
      return state;
    },
    history(state, line, me, hasher, head = isRestamp(line) ? undefined : headOf(line.head)) {
      foldStamp(state, line);
      if (isRestamp(line)) {
        // What was decided is not decided otherwise because its author says that it was said sooner, or later. [STAMP-4]
        if (line.authors === true) return;
        const { restamp: id, stamp, key } = line;
        for (const slice of slices) slice.moved?.(state, { id, stamp, key });
        return;
      }
      if (head === undefined) return;
      foldEvent(state, line, head, me, hasher);
      const isNews = isNew(state, line.stamp, head.channel);
      if (isTalk(head, me, line) && isNews) state.ordinal += 1;
      if (line.withheld !== undefined) return;
      const body = line.body ?? line.text;
      const event = { head, body, line, isMine: head.author === me, isNews, who: whoIs(state) };
      for (const slice of slices) slice.told?.(state, event);
    },
    out(state, record, hasher) {
      const head = record.op === "queue" ? headOf(record.sealed.head) : undefined;
      foldOut(state, record, head, hasher);
      for (const slice of slices) slice.out?.(state, record, head);
    },
    in(state, record) {
      foldIn(state, record);
      for (const fold of inFolds.get(record.op) ?? []) fold(state, record);
    },
    restsOn(record) {
      if (record.op === "stamp") return record.position;
      for (const slice of slices) {
        const position = slice.restsOn?.(record);
        if (position !== undefined) return position;
      }
      return undefined;
    },
    isNew,
    oldestNeeded(state) {
      const own = Object.values(state.outbox).filter((e) => Object.values(e.recipients).some(isUndelivered));
      const positions = [
        ...own.map(({ position = NOWHERE }) => position),
        ...slices.flatMap((s) => s.needs?.(state) ?? []),
      ];
      return positions.reduce((a, b) => (b === NOWHERE ? a : Math.min(a, b)), Infinity);
    },
  };
}
