// One incoming file: bytes are taken in order, hashed, and written to a part file behind the caller's back. An interrupted
// transfer continues from the part; whether the whole is what was signed is reported at the end.
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Fetch, FetchEvents } from "@agora/member";
import { SYNC_EVERY_BYTES } from "@agora/member";

const BLOCK_BYTES = 256 * 1024;
/** How many blocks one transfer keeps for reuse. */
const MAX_SPARE = 4;

/** Opens the part and reads what it already contains. A file that is already complete reports so through `whole`. */
export async function openFetch(options: {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly maxPendingBytes: number;
  readonly events: FetchEvents;
}): Promise<Fetch> {
  const { size, events } = options;
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const fd = await open(options.path, flags, 0o600);
  const hash = createHash("sha256");
  let began: number;
  try {
    began = await readBack(fd, size, hash);
  } catch (error) {
    await fd.close();
    throw error;
  }
  let received = began;
  let written = began;
  let synced = began;
  let queue: { readonly bytes: Buffer; filled: number }[] = [];
  const spare: Buffer[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  /** Copies into reused blocks, so that the frames can be freed at once. */
  const store = (news: Uint8Array): void => {
    for (let at = 0; at < news.length;) {
      let block = queue.at(-1);
      if (block === undefined || block.filled === BLOCK_BYTES)
        queue.push((block = { bytes: spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES), filled: 0 }));
      const part = news.subarray(at, at + BLOCK_BYTES - block.filled);
      block.bytes.set(part, block.filled);
      block.filled += part.length;
      at += part.length;
    }
  };
  const drain = async (): Promise<void> => {
    let syncing: Promise<void> | undefined;
    let syncError: unknown;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      const length = batch.reduce((sum, block) => sum + block.filled, 0);
      await writeAll(
        fd,
        batch.map(({ bytes, filled }) => bytes.subarray(0, filled)),
        length,
        written,
      );
      written += length;
      for (const { bytes } of batch) if (spare.length < MAX_SPARE) spare.push(bytes);
      if (closed) break;
      if (written < size) events.written(written);
      if (written - synced >= SYNC_EVERY_BYTES && syncing === undefined) {
        synced = written;
        syncing = fd
          .datasync()
          .catch((error: unknown) => {
            syncError = error;
          })
          .finally(() => {
            syncing = undefined;
          });
      }
    }
    await syncing;
    if (syncError !== undefined) throw syncError;
    if (written === size && !closed) await fd.datasync();
  };
  const flow = (): void => {
    if (running !== undefined || closed) return;
    running = drain().then(
      () => ended(undefined),
      (error: unknown) => ended(error instanceof Error ? error : new Error(String(error))),
    );
  };
  const ended = async (error: Error | undefined): Promise<void> => {
    running = undefined;
    if (closed) return;
    if (error === undefined && written < size) return queue.length > 0 ? flow() : undefined;
    closed = true;
    queue = [];
    try {
      await fd.close();
    } catch {
      // What was written was synced, or the failure is reported anyway.
    }
    if (error === undefined) events.whole(hash.digest("hex") === options.sha256);
    else events.trouble(error);
  };

  if (received === size) flow();
  return {
    began,
    get received() {
      return received;
    },
    get isIdle() {
      return queue.length === 0;
    },
    take(offset, bytes) {
      if (offset + bytes.length > size) return "beyond";
      if (offset > received) return "gap";
      const news = bytes.subarray(received - offset);
      if (closed || news.length === 0) return "known";
      if (received - written + news.length > options.maxPendingBytes) return "full";
      hash.update(news);
      store(news);
      received += news.length;
      flow();
      return "taken";
    },
    async close() {
      if (closed) return;
      closed = true;
      queue = [];
      await running;
      await fd.close();
    },
  };
}

/** Hashes what the part contains, cuts off any excess, and returns its length. */
async function readBack(fd: FileHandle, size: number, hash: Hash): Promise<number> {
  const there = (await fd.stat()).size;
  if (there > size) await fd.truncate(size);
  const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, Math.max(1, there)));
  let at = 0;
  for (const end = Math.min(there, size); at < end;) {
    const { bytesRead } = await fd.read(block, 0, Math.min(block.length, end - at), at);
    if (bytesRead === 0) break;
    hash.update(block.subarray(0, bytesRead));
    at += bytesRead;
  }
  return at;
}

async function writeAll(fd: FileHandle, batch: readonly Uint8Array[], length: number, position: number): Promise<void> {
  const { bytesWritten } = await fd.writev([...batch], position);
  if (bytesWritten === length) return;
  const rest = Buffer.concat(batch).subarray(bytesWritten);
  for (let done = 0; done < rest.length;)
    done += (await fd.write(rest, done, rest.length - done, position + bytesWritten + done)).bytesWritten;
}
