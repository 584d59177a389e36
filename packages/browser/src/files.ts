// A member's files in a browser: what the person dropped, copies of what was sent, what was received; as blobs in the
// database, by hash.
import type { Copy, FilesDisk, Prepared } from "@agora/member";
import type { Clock } from "@agora/ports";
import { cutName, fail, harmlessLine, newId, ok, type Result } from "@agora/protocol";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { MemberDatabase } from "./database.ts";
import { safeBlob } from "./file-blob.ts";
import { createIncoming, type Incoming } from "./incoming.ts";

const SLICE_BYTES = 1024 * 1024;
const MAX_UPLOADS = 20;
const UPLOAD_KEPT_MS = 10 * 60_000;
const MAX_NAME_CHARS = 255;

export interface BrowserFiles extends FilesDisk {
  /** Takes a file for a message to come; its id is what `find` accepts as a path. */
  upload(file: File): Result<string, "refused">;
  /** The address of a file stored here, by its hash; the same one until the page is closed. */
  urlOf(sha256: string): string | undefined;
}

/** Opens a member's files. */
export async function openBrowserFiles(db: MemberDatabase, clock: Clock): Promise<BrowserFiles> {
  const uploads = new Map<string, File>();
  const urls = new Map<string, string>();
  const kept = { sent: await readAll(db, "sent"), received: await readAll(db, "received") };
  const incoming = new Map<string, Incoming>();
  const making = new Set<string>();

  const put = async (store: "sent" | "received", hash: string, blob: Blob): Promise<void> => {
    await db.put(store, { blob }, hash);
    // As the database returns it: the person's own file may be changed or removed meanwhile.
    kept[store].set(hash, (await db.get(store, hash))!.blob);
  };
  const prepare = async (
    id: string,
    maxBytes: number,
    quotaBytes: number,
    copied: (bytes: number, size: number) => void,
  ): Promise<Result<Prepared, "bad-file" | "disk" | "quota">> => {
    const file = uploads.get(id);
    if (file === undefined) return fail("bad-file", "This file is not here any more: choose it again.");
    if (file.size > maxBytes)
      return fail("bad-file", `The file has ${file.size} bytes; up to ${maxBytes} may be sent.`);
    if (sum(kept.sent) + file.size > quotaBytes)
      return fail(
        "quota",
        "Files that their recipients have not fetched yet fill this browser's quota: wait for them.",
      );
    try {
      const hash = sha256.create();
      for (let at = 0; at < file.size; at += SLICE_BYTES) {
        hash.update(new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer()));
        copied(Math.min(file.size, at + SLICE_BYTES), file.size);
      }
      const name = bytesToHex(hash.digest());
      making.add(name);
      await put("sent", name, await safeBlob(file));
      uploads.delete(id);
      return ok({ size: file.size, sha256: name });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return fail(
        "disk",
        `The file can't be read, or this browser gives no room for a copy (${harmlessLine(why, 100)}).`,
      );
    }
  };

  return {
    upload(file) {
      if (uploads.size >= MAX_UPLOADS) return fail("refused", "Too many files wait to be sent: send some first.");
      const id = newId();
      uploads.set(id, file);
      clock.after(UPLOAD_KEPT_MS, () => void uploads.delete(id));
      return ok(id);
    },
    urlOf(hash) {
      const known = urls.get(hash);
      const blob = kept.received.get(hash) ?? kept.sent.get(hash);
      if (known !== undefined || blob === undefined) return known;
      const url = URL.createObjectURL(blob);
      urls.set(hash, url);
      return url;
    },
    find(path) {
      const name = cutName(uploads.get(path)?.name.normalize("NFC") ?? "", MAX_NAME_CHARS);
      return Promise.resolve(ok({ name: name === "" ? "file" : name, path }));
    },
    copies: ({ quotaBytes, needed, log }) => ({
      prepare: (path, maxBytes, copied) => prepare(path, maxBytes, quotaBytes(), copied),
      offered: (hash) => void making.delete(hash),
      open(hash) {
        const blob = kept.sent.get(hash);
        return blob === undefined ? Promise.reject(new Error("no copy is here")) : Promise.resolve(copyOf(blob));
      },
      async sweep() {
        try {
          const { owed, open } = needed();
          for (const hash of kept.sent.keys()) {
            if (owed.has(hash) || open.has(hash) || making.has(hash)) continue;
            kept.sent.delete(hash);
            await db.delete("sent", hash);
          }
        } catch (error) {
          log.warn("sent-files", { message: String(error) });
        }
      },
    }),
    received: {
      find: ({ sha256: hash, name }) => Promise.resolve(kept.received.has(hash) ? name : undefined),
      usedBytes: () => Promise.resolve(sum(kept.received)),
      partBytes: () => Promise.resolve(0),
      fetch(options) {
        const one = createIncoming(options);
        incoming.set(options.id, one);
        return Promise.resolve(one);
      },
      async place(id, { sha256: hash, name }) {
        const one = incoming.get(id);
        if (one === undefined) throw new Error("nothing came");
        await put("received", hash, await safeBlob(one.blob()));
        incoming.delete(id);
        return name;
      },
      drop(id) {
        incoming.delete(id);
        return Promise.resolve();
      },
      parts: () => Promise.resolve([]),
    },
  };
}

function copyOf(blob: Blob): Copy {
  return {
    async readv(buffers, position) {
      const length = buffers.reduce((bytes, buffer) => bytes + buffer.length, 0);
      const bytes = new Uint8Array(await blob.slice(position, position + length).arrayBuffer());
      let at = 0;
      for (const buffer of buffers) {
        buffer.set(bytes.subarray(at, at + buffer.length));
        at += buffer.length;
      }
      return { bytesRead: bytes.length };
    },
    close: () => Promise.resolve(),
  };
}

async function readAll(db: MemberDatabase, store: "sent" | "received"): Promise<Map<string, Blob>> {
  const tx = db.transaction(store);
  const [hashes, files] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
  return new Map(hashes.map((hash, i) => [hash, files[i]!.blob]));
}

function sum(files: ReadonlyMap<string, Blob>): number {
  return [...files.values()].reduce((bytes, { size }) => bytes + size, 0);
}
