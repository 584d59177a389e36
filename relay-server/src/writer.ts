// The one writer of a connection: everything sent to a member goes through it. Frames collect during a turn of the event
// loop and leave in one write; chunks of files wait in their own queue until the socket has little left to send.
import type { Duplex } from "node:stream";
import { FrameList } from "./frame-list.ts";

/** Chunks are given to a socket only while it has fewer than this unsent. */
const CHUNKS_BELOW_UNSENT_BYTES = 256 * 1024;
/** Chunks that may wait for one reader: eight transfers with a full window each. */
const MAX_WAITING_CHUNK_BYTES = 8 * 1024 * 1024;

/** The writes of one turn of the event loop: each writer that was given frames is flushed once, at the turn's end. */
export class WriteTurn {
  #list = FrameList.empty();
  #writers: Writer[] = [];

  /** Registers a writer with something to send, and returns the list to add its frames to. */
  enter(writer: Writer): FrameList {
    if (this.#writers.length === 0) setImmediate(() => this.#end());
    this.#writers.push(writer);
    return this.#list;
  }

  #end(): void {
    const writers = this.#writers;
    this.#writers = [];
    this.#list = FrameList.empty();
    for (const writer of writers) writer.flush();
  }
}

/** Told once that its reader left more unread than allowed. */
export interface Overflowing {
  overflow(): void;
}

/** Sends to one socket, in order, with a limit on what is unsent. */
export class Writer {
  readonly #socket: Duplex;
  readonly #turn: WriteTurn;
  readonly #maxUnsentBytes: number;
  readonly #owner: Overflowing;
  #list: FrameList | undefined;
  #chunks: Buffer[] | undefined;
  #chunkBytes = 0;
  #ended = false;

  constructor(socket: Duplex, turn: WriteTurn, maxUnsentBytes: number, owner: Overflowing) {
    this.#socket = socket;
    this.#turn = turn;
    this.#maxUnsentBytes = maxUnsentBytes;
    this.#owner = owner;
  }

  /** Bytes given to this writer and not yet to the system. */
  get unsentBytes(): number {
    return this.#socket.writableLength + (this.#list?.bytes ?? 0) + this.#chunkBytes;
  }

  /** Adds a frame to those leaving at the end of this turn. The buffer is shared: nobody may write into it. */
  send(frame: Buffer): void {
    if (this.#ended) return;
    const list = (this.#list ?? this.#turn.enter(this)).plus(frame);
    this.#list = list;
    if (list.bytes > this.#maxUnsentBytes) this.#drop();
  }

  /** Adds a chunk at low priority; false when too many are already waiting. [FILE-5] */
  sendChunk(frame: Buffer): boolean {
    if (this.#ended) return true; // its reader is gone, and the sender will hear of that
    if (this.#chunkBytes + frame.length > MAX_WAITING_CHUNK_BYTES) return false;
    this.#chunks ??= [];
    this.#chunks.push(frame);
    this.#chunkBytes += frame.length;
    if (this.#chunks.length === 1) this.#pumpChunks();
    return true;
  }

  /** Writes what has collected, now. */
  flush(): void {
    const list = this.#list;
    this.#list = undefined;
    if (list === undefined || this.#ended || list.bytes === 0) return;
    if (this.#socket.writableLength + list.bytes > this.#maxUnsentBytes) return this.#drop();
    if (this.#socket.writable) this.#socket.write(list.joined());
  }

  /** Writes what has collected, then accepts nothing more; waiting chunks are dropped. */
  end(): void {
    this.flush();
    this.abandon();
  }

  /** Accepts nothing more and drops what has collected. */
  abandon(): void {
    this.#ended = true;
    this.#list = undefined;
    this.#chunks = undefined;
    this.#chunkBytes = 0;
  }

  #drop(): void {
    this.abandon();
    this.#owner.overflow();
  }

  #pumpChunks(): void {
    while (this.#chunks !== undefined && this.#chunks.length > 0) {
      if (this.#ended || !this.#socket.writable) return;
      if (this.#socket.writableLength >= CHUNKS_BELOW_UNSENT_BYTES) {
        this.#socket.once("drain", () => this.#pumpChunks());
        return;
      }
      // Frames sent before this chunk leave before it.
      this.flush();
      const chunk = this.#chunks.shift()!;
      this.#chunkBytes -= chunk.length;
      this.#socket.write(chunk);
    }
  }
}
