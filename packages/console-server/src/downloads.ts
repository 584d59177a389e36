// The room's files for the page: pictures that every browser can safely draw are shown, everything else is saved, never run.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { ServerResponse } from "node:http";

/** Pictures, by their first bytes; not SVG, which can contain scripts. */
const PICTURES: readonly { readonly type: string; readonly is: (head: Buffer) => boolean }[] = [
  { type: "image/png", is: (head) => head.subarray(0, 8).toString("latin1") === "\x89PNG\r\n\x1a\n" },
  { type: "image/jpeg", is: (head) => head.subarray(0, 3).toString("latin1") === "\xff\xd8\xff" },
  { type: "image/gif", is: (head) => /^GIF8[79]a$/.test(head.subarray(0, 6).toString("latin1")) },
  { type: "image/webp", is: (head) => /^RIFF.{4}WEBP$/s.test(head.subarray(0, 12).toString("latin1")) },
];

/** A file from the room, and what it must contain: it lies in a project, where others can write. */
export interface Download {
  readonly path: string;
  /** The name to save it under. */
  readonly name: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

const BLOCK_BYTES = 256 * 1024;
// Not through a link, and without blocking on a pipe.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Streams a file; false, with nothing answered, when it is gone or isn't what the room gave. */
export async function sendFile(response: ServerResponse, { path, name, size, sha256 }: Download): Promise<boolean> {
  const file = await open(path, READ).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const about = await file.stat();
    if (!about.isFile() || about.size !== size || (await hashOf(file)) !== sha256) return false;
    const head = Buffer.alloc(16);
    await file.read(head, 0, 16, 0);
    const picture = PICTURES.find(({ is }) => is(head));
    response.writeHead(200, {
      "content-type": picture?.type ?? "application/octet-stream",
      "content-length": size,
      "content-disposition": `${picture === undefined ? "attachment" : "inline"}; filename*=UTF-8''${encodeRfc8187(name)}`,
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "private, no-cache",
    });
    const stream = file.createReadStream({ start: 0, end: size - 1 });
    if (size === 0) response.end();
    else
      await new Promise<void>((resolve) => {
        stream.once("error", () => response.destroy());
        response.once("close", resolve);
        stream.pipe(response);
      });
    return true;
  } finally {
    await file.close();
  }
}

async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(block, 0, block.length, at);
    if (bytesRead === 0) return hash.digest("hex");
    hash.update(block.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function encodeRfc8187(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}
