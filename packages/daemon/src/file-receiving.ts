// Files on their way in: offers are fetched from their author, chunk by chunk into a part file, checked against the hash
// that was signed, and renamed into place. Cut off, they go on where they stopped.
import { createHash, type Hash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join, relative } from "node:path";
import type { FileState } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { type Chunk, type FileOffer, harmlessLine } from "@agora/protocol";
import { mib } from "./file-sending.ts";
import { receivedName } from "./file-name.ts";
import type { Store } from "./store.ts";

/** Received files may take so much in one project, bytes: beyond, offers wait. */
const FILES_QUOTA_BYTES = 2 * 1024 ** 3;
/** Without a chunk for this long the author is asked again. */
const STALL_MS = 10_000;
const MAX_ASKED = 5;
const ACK_EVERY_CHUNKS = 4;
const MAX_AT_ONCE = 4;
/** Of one author: who never sends keeps nobody else waiting. */
const MAX_PER_AUTHOR = 2;

export interface FileReceiving {
  /** An offer came. */
  offer(id: string, author: string, offer: FileOffer): void;
  chunk(from: string, chunk: Chunk): void;
  refused(from: string, id: string, reason: string): void;
  /** The author is here (again): what is not whole yet is asked for. */
  resume(author: string): void;
  stateOf(id: string): FileState | undefined;
}

interface Fetch {
  readonly id: string;
  readonly author: string;
  readonly fd: number;
  readonly part: string;
  readonly hash: Hash;
  received: number;
  unacked: number;
  at: number;
  asked: number;
}

/** Makes the receiving side. `done` is called when a file lies in place or failed for good. */
export function createFileReceiving(options: {
  readonly store: Store;
  readonly project: string;
  readonly dir: string;
  readonly room: string;
  readonly maxBytes: () => number;
  readonly link: () => Link;
  readonly clock: Clock;
  readonly log: Log;
  readonly changed: () => void;
}): FileReceiving {
  const { store, dir, room, clock, log } = options;
  const files = store.state.files;
  const fetches = new Map<string, Fetch>();
  /** Offers whose author did not answer: begun again when the author is back. */
  const stalled = new Set<string>();

  const set = (id: string, change: Partial<FileState>): void => {
    const now = files[id];
    if (now === undefined) return;
    store.in({ op: "file", id, author: now.author, file: { ...now.file, ...change } });
    options.changed();
  };
  const stop = (fetch: Fetch): void => {
    closeSync(fetch.fd);
    fetches.delete(fetch.id);
  };
  const fail = (fetch: Fetch, reason: string): void => {
    stop(fetch);
    rmSync(fetch.part, { force: true });
    set(fetch.id, { state: "failed", reason });
    options.link().send({ type: "file", room, to: fetch.author, step: "refuse", id: fetch.id, reason });
    beginWaiting();
  };
  const ask = (fetch: Fetch): void => {
    fetch.at = clock.steady();
    fetch.asked += 1;
    options.link().send({ type: "file", room, to: fetch.author, step: "want", id: fetch.id, offset: fetch.received });
  };

  const begin = (id: string): void => {
    const known = files[id];
    if (
      known === undefined ||
      known.file.state === "stored" ||
      known.file.state === "failed" ||
      fetches.has(id) ||
      fetches.size >= MAX_AT_ONCE ||
      [...fetches.values()].filter((f) => f.author === known.author).length >= MAX_PER_AUTHOR
    )
      return;
    const part = join(dir, `.part-${id}`);
    try {
      const used = usedBytes(dir);
      if (used + known.file.size > FILES_QUOTA_BYTES)
        return set(id, { reason: `${mib(used)} of received files are here already: remove some of .agora/files` });
      const fd = openSync(part, "a+", 0o600);
      const hash = createHash("sha256");
      const received = Math.min(statSync(part).size, known.file.size);
      ftruncateSync(fd, received);
      const block = Buffer.alloc(1024 * 1024);
      for (let at = 0; at < received;) {
        const read = readSync(fd, block, 0, Math.min(block.length, received - at), at);
        hash.update(block.subarray(0, read));
        at += read;
      }
      const fetch: Fetch = { id, author: known.author, fd, part, hash, received, unacked: 0, at: 0, asked: 0 };
      fetches.set(id, fetch);
      set(id, { state: "receiving", received });
      if (received === known.file.size) finish(fetch);
      else ask(fetch);
    } catch (error) {
      log.warn("file", { id, message: String(error) });
      set(id, { reason: error instanceof Error ? error.message : String(error) });
    }
  };

  const finish = (fetch: Fetch): void => {
    const { file } = files[fetch.id]!;
    // [FILE-7]
    if (fetch.hash.digest("hex") !== file.sha256)
      return fail(fetch, "what arrived is not what was offered (the hash differs)");
    try {
      fsyncSync(fetch.fd);
      stop(fetch);
      const path = placeFor(dir, file);
      renameSync(fetch.part, path);
      set(fetch.id, { state: "stored", received: file.size, path: relative(options.project, path) });
      options.link().send({ type: "file", room, to: fetch.author, step: "done", id: fetch.id });
      log.info("file-stored", { id: fetch.id, bytes: file.size });
    } catch (error) {
      set(fetch.id, { state: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
    beginWaiting();
  };
  /** What waits for a place begins; what stalled waits for its author. */
  const beginWaiting = (): void => {
    for (const [id, { file }] of Object.entries(files)) if (file.state === "offered" && !stalled.has(id)) begin(id);
  };

  clock.every(STALL_MS / 2, () => {
    for (const fetch of fetches.values()) {
      if (clock.steady() - fetch.at < STALL_MS) continue;
      if (fetch.asked < MAX_ASKED) ask(fetch);
      else {
        stop(fetch);
        stalled.add(fetch.id);
        set(fetch.id, {
          state: "offered",
          reason: "the sender is away or does not answer: it goes on when they are back",
        });
        beginWaiting();
      }
    }
  });

  return {
    offer(id, author, offer) {
      const file: FileState = {
        name: harmlessLine(offer.name, 100),
        size: offer.size,
        sha256: offer.sha256,
        state: "offered",
      };
      if (offer.size > options.maxBytes()) {
        store.in({
          op: "file",
          id,
          author,
          file: {
            ...file,
            state: "failed",
            reason: `it has ${mib(offer.size)}, more than this project takes (${mib(options.maxBytes())})`,
          },
        });
        return;
      }
      store.in({ op: "file", id, author, file });
      begin(id);
    },
    chunk(from, chunk) {
      const fetch = fetches.get(chunk.header.id);
      const known = files[chunk.header.id];
      if (fetch === undefined || known === undefined || fetch.author !== from || chunk.bytes.length === 0) return;
      if (chunk.header.offset !== fetch.received) return;
      if (fetch.received + chunk.bytes.length > known.file.size)
        return fail(fetch, "more bytes came than were offered");
      try {
        writeSync(fetch.fd, chunk.bytes);
      } catch (error) {
        return fail(fetch, `the disk did not take it (${error instanceof Error ? error.message : String(error)})`);
      }
      fetch.hash.update(chunk.bytes);
      fetch.received += chunk.bytes.length;
      fetch.at = clock.steady();
      fetch.asked = 0;
      fetch.unacked += 1;
      if (fetch.received === known.file.size) return finish(fetch);
      if (fetch.unacked < ACK_EVERY_CHUNKS) return;
      fetch.unacked = 0;
      options.link().send({ type: "file", room, to: from, step: "ack", id: fetch.id, offset: fetch.received });
    },
    refused(from, id, reason) {
      const fetch = fetches.get(id);
      if (fetch === undefined || fetch.author !== from) return;
      if (reason.startsWith("busy")) return;
      stop(fetch);
      set(id, { state: "failed", reason: harmlessLine(reason, 150) });
      beginWaiting();
    },
    resume(author) {
      for (const id of stalled) if (files[id]?.author === author) stalled.delete(id);
      for (const fetch of [...fetches.values()]) if (fetch.author === author) ask(fetch);
      for (const [id, known] of Object.entries(files))
        if (known.author === author && known.file.state !== "stored") begin(id);
    },
    stateOf(id) {
      const known = files[id]?.file;
      const fetch = fetches.get(id);
      return known === undefined || fetch === undefined ? known : { ...known, received: fetch.received };
    },
  };
}

/** The file's place: another file that was given the same name already (the first digits can be made alike) stays. [FILE-8] */
function placeFor(dir: string, { name, sha256 }: Pick<FileState, "name" | "sha256">): string {
  const path = join(dir, receivedName(name, sha256));
  const isAnothers = existsSync(path) && createHash("sha256").update(readFileSync(path)).digest("hex") !== sha256;
  return isAnothers ? join(dir, sha256) : path;
}

function usedBytes(dir: string): number {
  if (!existsSync(dir)) return 0;
  let bytes = 0;
  for (const file of readdirSync(dir)) bytes += statSync(join(dir, file), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
