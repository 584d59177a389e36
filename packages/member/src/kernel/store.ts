// A member's memory on a disk: three journals and a checkpoint of what they fold to. Starting reads the checkpoint and the
// tails behind it, however long the history is.
import type { Clock, Journal, Log } from "@agora/ports";
import { fail, type Head, ok, type Result, stampParts } from "@agora/protocol";
import { adoptMarks } from "./authors.ts";
import type { OutboxRecord } from "./delivery.ts";
import type { Folding } from "./folding.ts";
import { type LostRecord, recordsWithLines } from "./lost-lines.ts";
import { type HistoryLine, type HistoryRecord, isRestamp } from "./record.ts";
import { EARLIER_FORMATS, FORMAT } from "./format.ts";
import type { Hasher, InRecord, MemberState } from "./state.ts";
import type { Retention } from "./retention.ts";
import type { RoomMark, SeqBaseWhy, StoreDisk } from "./store-disk.ts";

/** Records between two checkpoints, where nothing else is said. */
const CHECKPOINT_EVERY = 2_000;
/** And bytes: what a start reads, and by how much a history outgrows what is to be kept of it. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
/** One that failed is tried again after a tenth of that: at each record it would cost more than all the rest. */
const TRY_AGAIN_AT = 0.9;
/** How soon what was appended is synced to the disk, milliseconds. */
const SYNC_WITHIN_MS = 50;

interface Checkpoint {
  readonly v: number;
  readonly name: string;
  readonly positions: { readonly history: number; readonly outbox: number; readonly inbox: number };
  readonly state: MemberState;
}

/** The journals and their folded state. Appending folds too, so both always agree. */
export interface Store {
  readonly state: MemberState;
  readonly history: Journal<HistoryLine>;
  /** Each gives the position, or a failure when the disk did not take it; then nothing was folded either. */
  keep(line: HistoryLine, head?: Head): Result<number, "disk">;
  out(record: OutboxRecord): Result<number, "disk">;
  in(record: InRecord): Result<number, "disk">;
  /** Whether something was said after this member first came to the room, or to the channel. */
  isNew(stamp: string, channel?: string): boolean;
  /** `fn` is called for each line that the history took. */
  onKept(fn: (line: HistoryLine, head: Head | undefined) => void): void;
  /** `fn` is called after each record that was written and folded. */
  onChange(fn: () => void): void;
  /** `fn` is called when the disk did not take what came or was decided; a saying that failed is told to who said it. */
  onTrouble(fn: () => void): void;
  /** The kept event at a position of the history. */
  at(position: number): HistoryRecord | undefined;
  /** Resolves when the outbox is on the disk: before `say` returns. */
  syncOutbox(): Promise<void>;
  /** Resolves when what others said, and what followed from it here, is on the disk: before a receipt says `stored`. */
  syncReceived(): Promise<void>;
  /** Own seqs go on above this. */
  readonly seqBase: number;
  /** Why they do, in one word; it is signed in the first event above it. [RECORD-2] */
  readonly seqBaseWhy: SeqBaseWhy;
  /** Notes the room's stamp when this member first joined; later calls change nothing. */
  begin(stamp: string): void;
  checkpoint(): void;
  close(): void;
}

export interface StoreOptions {
  readonly disk: StoreDisk;
  /** What people call the place that the disk is at. */
  readonly place: string;
  readonly mark: RoomMark;
  readonly folding: Folding;
  readonly clock: Clock;
  readonly log: Log;
  /** Hashes what the next own event names as the one before it. */
  readonly hasher: Hasher;
  readonly keep?: Retention;
  /** Records between two checkpoints. */
  readonly checkpointEvery?: number;
}

/** Opens the memory of the member that `mark` names; you must close it. Torn ends were set aside and logged. */
export function openStoreWith(options: StoreOptions): Result<Store, "disk"> {
  const { disk, place, log, folding, hasher, checkpointEvery = CHECKPOINT_EVERY } = options;
  const { name } = options.mark;
  let { mark } = options;
  let history: Journal<HistoryLine>;
  let outbox: Journal<OutboxRecord | LostRecord>;
  let inbox: Journal<InRecord | LostRecord>;
  try {
    [history, outbox, inbox] = [disk.open("history"), disk.open("outbox"), disk.open("inbox")];
  } catch (error) {
    return fail(
      "disk",
      `The journals in ${place} can't be opened (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  const trouble = (error: unknown): void =>
    log.warn("sync", { message: error instanceof Error ? error.message : String(error) });
  const saved = readCheckpoint(disk, log);
  const ends = { history: history.end, outbox: outbox.end, inbox: inbox.end };
  const usable =
    saved !== undefined &&
    saved.name === name &&
    saved.positions.history <= ends.history &&
    saved.positions.outbox <= ends.outbox &&
    saved.positions.inbox <= ends.inbox;
  const state = usable ? folding.read(saved.state) : folding.empty();
  adoptMarks(state.marks, state.authors, stampParts(state.stamp)[0]);
  const since = usable ? saved.positions : { history: 0, outbox: 0, inbox: 0 };
  if (mark.begin !== undefined) state.begin = mark.begin;
  for (const entry of history.from(since.history)) folding.history(state, entry.value, name, hasher);
  const lines = { restsOn: (record: OutboxRecord | InRecord) => folding.restsOn(record), trouble };
  const out = recordsWithLines<OutboxRecord>(outbox, since.outbox, history.end, lines);
  for (const record of out) folding.out(state, record, hasher);
  const received = recordsWithLines<InRecord>(inbox, since.inbox, history.end, lines);
  for (const record of received) folding.in(state, record);

  let sinceCheckpoint = 0;
  let bytesAtCheckpoint = 0;
  const bytes = (): number => history.end + outbox.end + inbox.end;
  let tellKept: (line: HistoryLine, head: Head | undefined) => void = () => undefined;
  let tellChange: () => void = () => undefined;
  let tellTrouble: () => void = () => undefined;
  let cancelSync: (() => void) | undefined;
  const syncSoon = (): void => {
    cancelSync ??= options.clock.after(SYNC_WITHIN_MS, () => {
      cancelSync = undefined;
      void Promise.all([history.sync(), outbox.sync(), inbox.sync()]).catch(trouble);
    });
  };
  /** By size and by age, whole segments; what the person does not bound is kept. */
  const oldestToKeep = (): number => {
    const { maxBytes, maxAgeMs } = options.keep ?? {};
    const bySize = maxBytes === undefined ? 0 : history.end - maxBytes;
    return Math.max(bySize, maxAgeMs === undefined ? 0 : history.writtenBefore(options.clock.now() - maxAgeMs));
  };
  const checkpoint = (): void => {
    const value: Checkpoint = {
      v: FORMAT,
      name,
      positions: { history: history.end, outbox: outbox.end, inbox: inbox.end },
      state,
    };
    try {
      // Synced, and the journals before it: a checkpoint that knew of lines which a power cut took would be of no use, and
      // what is dropped below is nowhere else.
      for (const journal of [history, outbox, inbox]) journal.syncNow();
      disk.writeCheckpoint(JSON.stringify(value));
      sinceCheckpoint = 0;
      bytesAtCheckpoint = bytes();
      outbox.dropBefore(value.positions.outbox);
      inbox.dropBefore(value.positions.inbox);
      history.dropBefore(Math.min(oldestToKeep(), folding.oldestNeeded(state)));
    } catch (error) {
      trouble(error); // the journals still hold everything
      sinceCheckpoint = checkpointEvery * TRY_AGAIN_AT;
      bytesAtCheckpoint = bytes() - CHECKPOINT_BYTES * TRY_AGAIN_AT;
    }
  };
  const append = <T>(journal: Journal<T>, record: T, fold: () => void, isSaying = false): Result<number, "disk"> => {
    const appended = journal.append(record);
    if (!appended.ok) {
      if (!isSaying) tellTrouble();
      log.warn("disk", { message: appended.reason });
      return fail("disk", `The disk did not take it (${appended.reason}): make room in ${place}.`);
    }
    fold();
    syncSoon();
    tellChange();
    sinceCheckpoint += 1;
    if (sinceCheckpoint >= checkpointEvery || bytes() - bytesAtCheckpoint >= CHECKPOINT_BYTES) checkpoint();
    return ok(appended.position);
  };

  bytesAtCheckpoint = since.history + since.outbox + since.inbox;
  // One that can't be used must not seem to fit later, when other lines stand where the lost ones stood.
  if (saved !== undefined && !usable)
    try {
      log.warn("checkpoint-unfit", { ...saved.positions });
      disk.setCheckpointAside();
    } catch (error) {
      trouble(error);
      checkpoint();
    }

  return ok({
    state,
    history,
    keep: (line, head) =>
      append(history, line, () => {
        folding.history(state, line, name, hasher, head);
        tellKept(line, head);
      }),
    out: (record) => append(outbox, record, () => folding.out(state, record, hasher), record.op === "queue"),
    in: (record) => append(inbox, record, () => folding.in(state, record)),
    at(position) {
      // Another position: the record was dropped, what comes next is not it.
      for (const entry of history.from(position))
        return entry.position !== position || isRestamp(entry.value) ? undefined : entry.value;
      return undefined;
    },
    isNew: (stamp, channel) => folding.isNew(state, stamp, channel),
    onKept(fn) {
      tellKept = fn;
    },
    onChange(fn) {
      tellChange = fn;
    },
    onTrouble(fn) {
      tellTrouble = fn;
    },
    syncOutbox: () => outbox.sync(),
    async syncReceived() {
      await Promise.all([history.sync(), inbox.sync()]);
    },
    seqBase: options.mark.seqBase ?? 0,
    seqBaseWhy: options.mark.seqBaseWhy ?? "journals-lost",
    begin(stamp) {
      if (mark.begin !== undefined) return;
      mark = { ...mark, begin: stamp };
      state.begin = stamp;
      try {
        disk.noteRoom(mark);
      } catch (error) {
        trouble(error);
      }
    },
    checkpoint,
    close() {
      cancelSync?.();
      checkpoint();
      history.close();
      outbox.close();
      inbox.close();
    },
  });
}

function readCheckpoint(disk: StoreDisk, log: Log): Checkpoint | undefined {
  try {
    const text = disk.readCheckpoint();
    const value = text === undefined ? undefined : (JSON.parse(text) as Checkpoint);
    // Of a later version it was refused with the whole folder.
    return value !== undefined && [...EARLIER_FORMATS, FORMAT].includes(value.v) ? value : undefined;
  } catch {
    log.warn("checkpoint-unreadable");
    return undefined;
  }
}
