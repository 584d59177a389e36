// The state of a file attached to an event.
import type { FileCode } from "@agora/protocol";

/** A file attached to an event: what was offered, and how far its transfer is. */
export interface FileState {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: "offered" | "receiving" | "stored" | "sent" | "failed";
  readonly received?: number;
  /** Its path, relative to the project's root. */
  readonly path?: string;
  /** Why it is waiting or failed: as a sentence, and as a code. */
  readonly reason?: string;
  readonly code?: FileCode | "away" | "turn";
  /** For our own file: its progress at each recipient. */
  readonly recipients?: readonly FileRecipient[];
}

/** Progress of our own file at one recipient. */
export interface FileRecipient {
  readonly member: string;
  readonly state: "waiting" | "sending" | "done" | "refused";
  /** Bytes the recipient has confirmed, while it is being sent. */
  readonly sent?: number;
  readonly reason?: string;
}

/** One step of a transfer, for watchers: our own file being copied and sent to a member, or another member's coming in. */
export interface FileProgress {
  /** The offer's event. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly step: "copying" | "sending" | "receiving" | "waiting" | "done" | "failed";
  readonly bytes: number;
  /** The recipient; absent for incoming files. */
  readonly member?: string;
  readonly reason?: string;
}
