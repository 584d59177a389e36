// Copies of sent files: what was offered is what will be sent, whatever happens to the original. Stored by hash while
// somebody may still ask, within a quota.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import type { Copies, Needed, Prepared } from "@agora/member";
import { renameDurably } from "./durable.ts";
import { sizeWords } from "@agora/member";

const BLOCK_BYTES = 512 * 1024;

/** Creates the keeper of copies in `dir`. */
export function createCopies(options: {
  readonly dir: string;
  readonly quotaBytes: () => number;
  readonly needed: () => Needed;
  readonly log: Log;
}): Copies {
  const { dir, log } = options;
  const parts = new Set<string>();
  const making = new Map<string, number>(); // copies whose offers aren't recorded yet
  let count = 0;
  /** Removals in progress: none of them may remove a copy made meanwhile. */
  let removing: Promise<unknown> = Promise.resolve();
  const remove = async (path: string): Promise<void> => {
    const removed = rm(path, { force: true });
    removing = Promise.allSettled([removing, removed]);
    await removed;
  };

  /** Removes copies until `bytes` more fit; false when everything left is still owed to somebody. */
  const makeRoom = async (bytes: number): Promise<boolean> => {
    const { owed, open } = options.needed();
    const copies = await listCopies(dir);
    let used = copies.reduce((sum, copy) => sum + copy.size, 0);
    const removable = copies.filter(({ name }) => !owed.has(name) && !making.has(name)).sort((a, b) => a.at - b.at);
    for (const { name, size } of [
      ...removable.filter((copy) => !open.has(copy.name)),
      ...removable.filter((copy) => open.has(copy.name)),
    ]) {
      if (used + bytes <= options.quotaBytes()) return true;
      // It may have been offered, and so be needed again, while the ones before were removed.
      if (options.needed().owed.has(name) || making.has(name)) continue;
      await remove(join(dir, name));
      used -= size;
    }
    return used + bytes <= options.quotaBytes();
  };

  return {
    open: (sha256) => open(join(dir, sha256), "r"),
    offered(sha256) {
      const left = (making.get(sha256) ?? 1) - 1;
      if (left > 0) making.set(sha256, left);
      else making.delete(sha256);
    },
    async prepare(path, maxBytes, copied) {
      const part = join(dir, `.part-${process.pid}-${(count += 1)}`);
      parts.add(part);
      let from: FileHandle | undefined;
      let to: FileHandle | undefined;
      try {
        // Not through a link that was put there meanwhile, and without blocking on a pipe.
        from = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
        const about = await from.stat();
        if (!about.isFile()) return fail("bad-file", `${path} is not a regular file.`);
        if (about.size > maxBytes) return fail("bad-file", tooLarge(about.size, maxBytes));
        if (!(await makeRoom(about.size)))
          return fail(
            "quota",
            `Files that their recipients have not fetched yet fill the quota of ${sizeWords(options.quotaBytes())}: wait for them, or raise "fileQuotaBytes" in the settings.`,
          );
        to = await open(part, "wx", 0o600);
        const made = await copy(from, to, maxBytes, (bytes) => copied(bytes, about.size));
        if (made === undefined) return fail("bad-file", tooLarge(maxBytes + 1, maxBytes));
        await to.datasync();
        making.set(made.sha256, (making.get(made.sha256) ?? 0) + 1);
        await removing;
        await renameDurably(part, join(dir, made.sha256));
        return ok(made);
      } catch (error) {
        return failure(path, error);
      } finally {
        await from?.close();
        await to?.close();
        await rm(part, { force: true });
        parts.delete(part);
      }
    },
    async sweep() {
      try {
        for (const name of await readdir(dir)) {
          if (!/^(?:\.part-.*|[0-9a-f]{64})$/.test(name)) continue;
          const path = join(dir, name);
          // Checked for each one: it may be offered while the ones before are removed.
          const { owed, open: asked } = options.needed();
          const kept = owed.has(name) || asked.has(name) || making.has(name) || parts.has(path);
          if (!kept) await remove(path);
        }
      } catch (error) {
        log.warn("sent-files", { message: String(error) });
      }
    },
  };
}

/** Copies and hashes in one pass; undefined when the file grew beyond the limit meanwhile. */
async function copy(
  from: FileHandle,
  to: FileHandle,
  maxBytes: number,
  copied: (bytes: number) => void,
): Promise<Prepared | undefined> {
  const hash = createHash("sha256");
  const blocks = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)];
  let writing: Promise<unknown> = Promise.resolve();
  for (let size = 0, turn = 0; ; turn += 1) {
    const block = blocks[turn % 2]!; // the other one is being written
    const { bytesRead } = await from.read(block, 0, block.length, size);
    const bytes = block.subarray(0, bytesRead);
    hash.update(bytes);
    await writing;
    if (bytesRead === 0) return { size, sha256: hash.digest("hex") };
    writing = writeWhole(to, bytes, size);
    writing.catch(() => undefined); // reported at the next await
    size += bytesRead;
    copied(size);
    if (size > maxBytes) return void (await writing);
  }
}

async function writeWhole(to: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await to.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

async function listCopies(
  dir: string,
): Promise<{ readonly name: string; readonly size: number; readonly at: number }[]> {
  const names = (await readdir(dir)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const copies = await Promise.all(
    names.map(async (name) => {
      const about = await stat(join(dir, name)).catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined; // swept meanwhile
        throw error;
      });
      return about === undefined ? [] : [{ name, size: about.size, at: about.mtimeMs }];
    }),
  );
  return copies.flat();
}

function tooLarge(bytes: number, maxBytes: number): string {
  return `The file has ${sizeWords(bytes)}; files up to ${sizeWords(maxBytes)} may be sent (AGORA_MAX_FILE here, --max-file at the relay).`;
}

function failure(path: string, error: unknown): Result<never, "bad-file" | "disk"> {
  const { code, message } = error as { code?: string; message: string };
  return code === "ENOSPC" || code === "EDQUOT"
    ? fail("disk", `There is no room on the disk for a copy of ${path}.`)
    : fail("bad-file", `The file ${path} can't be read or copied (${message}).`);
}
