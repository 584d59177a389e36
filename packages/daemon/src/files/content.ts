// Whether a file is what was received under its hash: it lies where others can write, so it is checked before it counts.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

const BLOCK_BYTES = 256 * 1024;
// Not through a link, and without blocking on a pipe.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Whether the plain file at `path` has this size and SHA-256 (hex); rejects when it can't be read. */
export async function holdsContent(
  path: string,
  { size, sha256 }: { readonly size: number; readonly sha256: string },
): Promise<boolean> {
  const file = await open(path, READ);
  try {
    const about = await file.stat();
    return about.isFile() && about.size === size && (await hashOf(file)) === sha256;
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
