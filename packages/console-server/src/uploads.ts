// Files uploaded by a page, streamed to a private folder; the message that uses one names it by its id. Uploads that no
// message used are removed.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import { MAX_UPLOADS, UPLOAD_KEPT_MS } from "./limits.ts";

export interface Uploads {
  /** Stores the body of a request, at most `most` bytes, as a file with that name; returns its id. */
  take(request: IncomingMessage, name: string, most: number): Promise<Result<string, "too-long" | "disk" | "refused">>;
  pathOf(id: string): string | undefined;
  /** The message is written, and its file copied. */
  drop(id: string): void;
  close(): Promise<void>;
}

/** Stores uploads, in a folder that is made for the first. */
export function createUploads(clock: Clock): Uploads {
  const paths = new Map<string, string>();
  let folder: Promise<string> | undefined;
  const drop = (id: string): void => {
    const path = paths.get(id);
    paths.delete(id);
    if (path !== undefined) void rm(join(path, ".."), { recursive: true, force: true });
  };
  return {
    async take(request, name, most) {
      if (paths.size >= MAX_UPLOADS) return fail("refused", "Too many files wait for their message: send those first.");
      const tooLong = fail("too-long" as const, `The file is too large: ${most} bytes are allowed.`);
      if (Number(request.headers["content-length"] ?? 0) > most) return tooLong;
      const id = randomBytes(12).toString("base64url");
      paths.set(id, ""); // counts from now on
      let bytes = 0;
      const bounded = new Transform({
        transform(piece: Buffer, _, done) {
          bytes += piece.length;
          done(bytes > most ? new Error("too long") : null, piece);
        },
      });
      try {
        const own = join(await (folder ??= mkdtemp(join(tmpdir(), "agora-upload-"))), id);
        await mkdir(own, { mode: 0o700 });
        const path = join(own, fileName(name));
        await pipeline(request, bounded, createWriteStream(path, { mode: 0o600, flags: "wx" }));
        paths.set(id, path);
        clock.after(UPLOAD_KEPT_MS, () => drop(id));
        return ok(id);
      } catch {
        paths.delete(id);
        return bytes > most ? tooLong : fail("disk", "The file did not come whole: try again.");
      }
    },
    pathOf: (id) => paths.get(id) || undefined,
    drop,
    async close() {
      paths.clear();
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** The file's own name, without anything a path or file system would interpret. */
function fileName(name: string): string {
  const base = (name.split(/[/\\]/).at(-1) ?? "").replaceAll(/\p{Cc}/gu, "_");
  let short = base;
  while (Buffer.byteLength(short) > 200) short = short.slice(1);
  return short === "" || short === "." || short === ".." ? "file" : short;
}
