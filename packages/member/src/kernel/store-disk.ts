// What the store needs of a disk: three journals, a checkpoint, and the note of which room they are of. A project's daemon has
// a folder; the model of the whole system has one in memory that loses what was not synced.
import type { Journal } from "@agora/ports";

/** Why own seqs began anew: the journals of before are gone, or the folder is a copy of another that went on. */
export type SeqBaseWhy = "journals-lost" | "folder-copied";

/** Which room the journals in a folder are of. */
export interface RoomMark {
  /** The version of the journals and the checkpoint. */
  readonly v?: number;
  readonly origin: string;
  readonly room: string;
  readonly name: string;
  /** The room's stamp when this member first joined: what is older is history to it. */
  readonly begin?: string;
  /** Own seqs begin above this: not 0 when the key was used before and the journal of that time is gone. */
  readonly seqBase?: number;
  readonly seqBaseWhy?: SeqBaseWhy;
  /** Which folder it is, as the system tells it: a copy is another one, a folder that was moved the same. */
  readonly folder?: number;
}

/** The journals a store has. */
export type JournalName = "history" | "outbox" | "inbox";

export interface StoreDisk {
  /** Opens a journal, its torn end set aside; throws when it can't. */
  open<T>(name: JournalName): Journal<T>;
  /** The last checkpoint; undefined when there is none. Throws when it can't be read. */
  readCheckpoint(): string | undefined;
  /** Replaces the checkpoint, synced, whole or not at all; throws when the disk does not take it. */
  writeCheckpoint(text: string): void;
  /** Takes a checkpoint that does not fit the journals out of the way; the last such one is kept beside. */
  setCheckpointAside(): void;
  noteRoom(mark: RoomMark): void;
}
