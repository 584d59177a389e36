// One incoming file: chunks are taken in order, hashed, and collected in a blob. It doesn't survive a reload of the page:
// its author is then asked from the beginning.
import type { Fetch, ReceivedFiles } from "@agora/member";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** After this many bytes, chunks are moved into a blob, which a browser need not keep in memory. */
const GATHER_BYTES = 4 * 1024 * 1024;

export interface Incoming extends Fetch {
  readonly blob: () => Blob;
}

/** Starts one. */
export function createIncoming({
  size,
  sha256: wanted,
  events,
}: Pick<Parameters<ReceivedFiles["fetch"]>[0], "size" | "sha256" | "events">): Incoming {
  const hash = sha256.create();
  let blobs: Blob[] = [];
  let loose: Uint8Array<ArrayBuffer>[] = [];
  let looseBytes = 0;
  let received = 0;
  let closed = false;
  const gather = (): void => {
    blobs.push(new Blob(loose));
    loose = [];
    looseBytes = 0;
  };
  const tell = (): void => {
    if (closed) return;
    if (received < size) return events.written(received);
    closed = true;
    events.whole(bytesToHex(hash.digest()) === wanted);
  };
  if (size === 0) queueMicrotask(tell);
  return {
    began: 0,
    isIdle: true,
    get received() {
      return received;
    },
    take(offset, bytes) {
      if (offset + bytes.length > size) return "beyond";
      if (offset > received) return "gap";
      const news = bytes.slice(received - offset);
      if (closed || news.length === 0) return "known";
      hash.update(news);
      loose.push(news);
      looseBytes += news.length;
      received += news.length;
      if (looseBytes >= GATHER_BYTES) gather();
      queueMicrotask(tell);
      return "taken";
    },
    blob() {
      gather();
      return new Blob(blobs);
    },
    close() {
      closed = true;
      blobs = [];
      loose = [];
      return Promise.resolve();
    },
  };
}
