// A file of an event, and how far it is.
import type { FileCode } from "@agora/protocol";

/** A file of an event: what was offered and how far it is here. */
export interface FileState {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: "offered" | "receiving" | "stored" | "sent" | "failed";
  readonly received?: number;
  /** Where it lies, from the project's root. */
  readonly path?: string;
  /** Why it waits or failed: one sentence, and as a word. */
  readonly reason?: string;
  readonly code?: FileCode | "away" | "turn";
  /** Of one's own file: how far each of those who may have it is. */
  readonly recipients?: readonly FileRecipient[];
}

/** How far one's own file is at one recipient. */
export interface FileRecipient {
  readonly member: string;
  readonly state: "waiting" | "sending" | "done" | "refused";
  /** Bytes it has confirmed; while it is being sent. */
  readonly sent?: number;
  readonly reason?: string;
}

/** One step of a file's way, for whoever watches: the own file being copied and sent to a member, another's coming in. */
export interface FileProgress {
  /** The offer's event. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly step: "copying" | "sending" | "receiving" | "waiting" | "done" | "failed";
  readonly bytes: number;
  /** To whom it goes; not there for files that come in. */
  readonly member?: string;
  readonly reason?: string;
}
