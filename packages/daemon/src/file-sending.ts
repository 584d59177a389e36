// Files on their way out: a copy is kept under its hash while recipients may still ask for it, and chunks are sent as the
// receiver acknowledges them.
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Transform } from "node:stream";
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { CHUNK_WINDOW, encodeChunk, fail, type FileOffer, ok, type Result } from "@agora/protocol";

/** The copies of sent files may take so much, bytes; the oldest go first. */
const SENT_QUOTA_BYTES = 1024 ** 3;
const MAX_TRANSFERS = 16;
/** To one recipient: who never acknowledges keeps nobody else waiting. */
const MAX_PER_RECIPIENT = 4;
const IDLE_MS = 60_000;
const BACKPRESSURE_BYTES = 1024 * 1024;

export interface FileSending {
  /** Copies and hashes the file: what is offered is what will be sent, whatever becomes of the original. */
  prepare(
    path: string,
    maxBytes: number,
  ): Promise<Result<{ readonly size: number; readonly sha256: string }, "bad-file" | "disk">>;
  /** A recipient asks for an offered file from `offset` on. */
  want(to: string, id: string, offer: FileOffer, offset: number): void;
  ack(from: string, id: string, offset: number): void;
  end(from: string, id: string): void;
}

interface Transfer {
  readonly to: string;
  readonly id: string;
  readonly fd: number;
  readonly size: number;
  sent: number;
  acked: number;
  at: number;
}

/** Makes the sending side. */
export function createFileSending(options: {
  readonly dir: string;
  readonly room: string;
  readonly link: () => Link;
  readonly chunkBytes: () => number;
  readonly clock: Clock;
  readonly log: Log;
}): FileSending {
  const { dir, room, clock, log } = options;
  const transfers = new Map<string, Transfer>();

  const stop = (key: string): void => {
    const transfer = transfers.get(key);
    if (transfer === undefined) return;
    closeSync(transfer.fd);
    transfers.delete(key);
  };
  const refuse = (to: string, id: string, reason: string): void =>
    void options.link().send({ type: "file", room, to, step: "refuse", id, reason });

  const flow = (key: string): void => {
    const transfer = transfers.get(key);
    if (transfer === undefined) return;
    const chunkBytes = options.chunkBytes();
    // [FILE-4]
    while (transfer.sent < transfer.size && transfer.sent - transfer.acked < CHUNK_WINDOW * chunkBytes) {
      if (options.link().unsent > BACKPRESSURE_BYTES) {
        clock.after(20, () => flow(key));
        return;
      }
      const bytes = Buffer.alloc(Math.min(chunkBytes, transfer.size - transfer.sent));
      const read = readSync(transfer.fd, bytes, 0, bytes.length, transfer.sent);
      if (read <= 0) return stop(key);
      if (
        !options
          .link()
          .sendChunk(
            encodeChunk({ room, to: transfer.to, id: transfer.id, offset: transfer.sent }, bytes.subarray(0, read)),
          )
      )
        return stop(key);
      transfer.sent += read;
    }
  };

  clock.every(IDLE_MS / 2, () => {
    for (const [key, transfer] of transfers) if (clock.steady() - transfer.at > IDLE_MS) stop(key);
  });

  return {
    async prepare(path, maxBytes) {
      const part = join(dir, `.part-${process.pid}-${Math.random().toString(36).slice(2)}`);
      try {
        const stat = statSync(path);
        if (!stat.isFile()) return fail("bad-file", `${path} is not a regular file.`);
        if (stat.size > maxBytes)
          return fail("bad-file", `The file has ${mib(stat.size)}; this room takes files up to ${mib(maxBytes)}.`);
        const hash = createHash("sha256");
        let size = 0;
        const measure = new Transform({
          transform(chunk: Buffer, _encoding, done) {
            size += chunk.length;
            hash.update(chunk);
            done(size > maxBytes ? new Error("the file grew over the limit") : null, chunk);
          },
        });
        await pipeline(createReadStream(path), measure, createWriteStream(part, { mode: 0o600 }));
        const sha256 = hash.digest("hex");
        renameSync(part, join(dir, sha256));
        prune(dir, sha256);
        return ok({ size, sha256 });
      } catch (error) {
        rmSync(part, { force: true });
        const code = (error as { code?: string }).code;
        const sentence = error instanceof Error ? error.message : String(error);
        return code === "ENOSPC"
          ? fail("disk", `There is no room on the disk for a copy of ${path}.`)
          : fail("bad-file", `The file ${path} can't be read (${sentence}).`);
      }
    },
    want(to, id, offer, offset) {
      const key = `${to}|${id}`;
      stop(key);
      const path = join(dir, offer.sha256);
      if (!existsSync(path)) return refuse(to, id, "the sender no longer has the file");
      const theirs = [...transfers.values()].filter((t) => t.to === to).length;
      if (transfers.size >= MAX_TRANSFERS || theirs >= MAX_PER_RECIPIENT)
        return refuse(to, id, "busy: the sender serves other files, ask again");
      const fd = openSync(path, "r");
      const { size } = fstatSync(fd);
      const start = Math.min(offset, size);
      transfers.set(key, { to, id, fd, size, sent: start, acked: start, at: clock.steady() });
      log.info("file-send", { to, id, offset: start });
      flow(key);
    },
    ack(from, id, offset) {
      const key = `${from}|${id}`;
      const transfer = transfers.get(key);
      if (transfer === undefined || offset > transfer.sent) return;
      transfer.acked = Math.max(transfer.acked, offset);
      transfer.at = clock.steady();
      flow(key);
    },
    end: (from, id) => stop(`${from}|${id}`),
  };
}

/** Bytes in words: `12.3 MiB`. */
export function mib(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function prune(dir: string, keep: string): void {
  const files = readdirSync(dir)
    .filter((f) => /^[0-9a-f]{64}$/.test(f))
    .map((f) => ({ f, stat: statSync(join(dir, f)) }))
    .sort((a, b) => a.stat.mtimeMs - b.stat.mtimeMs);
  let bytes = files.reduce((sum, { stat }) => sum + stat.size, 0);
  for (const { f, stat } of files) {
    if (bytes <= SENT_QUOTA_BYTES) return;
    if (f === keep) continue;
    unlinkSync(join(dir, f));
    bytes -= stat.size;
  }
}
