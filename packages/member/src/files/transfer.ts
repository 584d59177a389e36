// One file on its way to one member: chunks are read from the copy and sent within a window, behind whatever else the
// connection has to send.
import type { Link } from "@agora/link";
import type { Clock } from "@agora/ports";
import { chunkFrame } from "@agora/protocol";
import type { Copy } from "../kernel/files-disk.ts";
import { READ_CHUNKS, UNSENT_BYTES } from "./limits.ts";
import { createWindow } from "./window.ts";

const UNSENT_RETRY_MS = 5;

export interface Transfer {
  readonly to: string;
  /** The device of it that reads. */
  readonly key: string;
  readonly id: string;
  /** All below has been confirmed. */
  readonly acked: number;
  /** When the receiver was last heard of, on the steady clock. */
  readonly heardAt: number;
  ack(offset: number): void;
  /** The receiver wants it from `offset` on. */
  rewind(offset: number): void;
  /** The relay had no room: what is under way may be lost. */
  slowDown(ms: number): void;
  close(): void;
}

/** Begins to send; takes over the handle and closes it in the end. `broken`: the copy can't be read. */
export function openTransfer(options: {
  readonly fd: Copy;
  readonly header: { readonly room: string; readonly to: string; readonly key: string; readonly id: string };
  readonly size: number;
  readonly offset: number;
  readonly chunkBytes: number;
  readonly link: () => Link;
  readonly clock: Clock;
  readonly broken: (reason: string) => void;
}): Transfer {
  const { fd, header, size, clock, link } = options;
  const window = createWindow(options.chunkBytes);
  let sent = options.offset;
  let acked = options.offset;
  let heardAt = clock.steady();
  let holdUntil = 0;
  let closed = false;
  let flowing = false;
  let again = false;
  let cancelLater: () => void = () => undefined;

  const later = (ms: number): void => {
    cancelLater();
    cancelLater = clock.after(ms, flow);
  };
  /** The next chunks that fit into the window; empty when nothing may be sent now. */
  const nextLengths = (): number[] => {
    const lengths: number[] = [];
    for (let at = sent; at < size && lengths.length < READ_CHUNKS;) {
      const length = Math.min(window.chunkBytes, size - at);
      if (at > acked && at + length - acked > window.bytes) break;
      lengths.push(length);
      at += length;
    }
    return lengths;
  };

  const run = async (): Promise<void> => {
    for (;;) {
      const now = clock.steady();
      if (closed) return;
      if (now < holdUntil) return later(holdUntil - now);
      if (link().unsent > UNSENT_BYTES) return later(UNSENT_RETRY_MS);
      const begin = sent;
      const lengths = nextLengths();
      if (lengths.length === 0) return;
      let at = begin;
      const frames = lengths.map((length) => {
        const made = chunkFrame({ ...header, offset: at }, length);
        at += length;
        return { ...made, end: at };
      });
      const { bytesRead } = await fd.readv(
        frames.map(({ body }) => body),
        begin,
      );
      if (closed) return;
      if (bytesRead !== at - begin) return options.broken("it is shorter than it was");
      if (sent !== begin) continue; // rewound meanwhile
      for (const { frame, end } of frames) {
        if (!link().sendChunk(frame)) return;
        window.sent(end, clock.steady());
        sent = end;
      }
    }
  };
  const flow = (): void => {
    again = true;
    if (flowing || closed) return;
    flowing = true;
    again = false;
    run()
      .catch((error: unknown) => {
        if (!closed) options.broken(String(error));
      })
      .finally(() => {
        flowing = false;
        if (closed) void fd.close();
        else if (again) flow();
      });
  };
  const back = (offset: number): void => {
    sent = offset;
    acked = offset;
    window.cut();
    flow();
  };

  flow();
  return {
    to: header.to,
    key: header.key,
    id: header.id,
    get acked() {
      return acked;
    },
    get heardAt() {
      return heardAt;
    },
    ack(offset) {
      if (offset > sent || offset < acked) return; // of chunks that were sent before a rewind, or invented
      heardAt = clock.steady();
      acked = offset;
      window.acked(offset, heardAt);
      flow();
    },
    rewind(offset) {
      heardAt = clock.steady();
      back(offset);
    },
    slowDown(ms) {
      if (holdUntil > clock.steady()) return; // all that was under way is refused one by one
      holdUntil = clock.steady() + ms;
      back(acked);
    },
    close() {
      if (closed) return;
      closed = true;
      cancelLater();
      if (!flowing) void fd.close();
    },
  };
}
