// The files of a room in its project's folder.
import { readdir, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { cutName, ok } from "@agora/protocol";
import { createCopies } from "./copies.ts";
import type { FilesDisk } from "@agora/member";
import { openFetch } from "./fetch.ts";
import { fileToSend } from "./name.ts";
import { findReceived, placeReceived, sizeOf, usedBytes } from "./received-path.ts";

const PART = ".part-";
const MAX_NAME_CHARS = 255;

/**
 * A project's disk for files; the paths of received files are relative to the project's root. `ensureFiles` checks or
 * creates the folder of received files before something is put there, and throws when it isn't ours.
 */
export function folderFiles(
  project: string,
  dirs: { readonly files: string; readonly parts: string; readonly sent: string },
  ensureFiles: () => void = () => undefined,
): FilesDisk {
  const dir = dirs.files;
  const partOf = (id: string): string => join(dirs.parts, `${PART}${id}`);
  const shown = (path: string): string => relative(project, path);
  return {
    async find(path, byAgent) {
      const real = await fileToSend(project, path, byAgent);
      return real.ok
        ? ok({ name: cutName(basename(real.value).normalize("NFC"), MAX_NAME_CHARS), path: real.value })
        : real;
    },
    copies: (options) => createCopies({ ...options, dir: dirs.sent }),
    received: {
      async find(file) {
        const here = await findReceived(dir, file);
        return here === undefined ? undefined : shown(here);
      },
      usedBytes: async () => (await usedBytes(dir)) + (dirs.parts === dir ? 0 : await usedBytes(dirs.parts)),
      partBytes: (id) => sizeOf(partOf(id)),
      fetch: ({ id, ...rest }) => openFetch({ ...rest, path: partOf(id) }),
      async place(id, file) {
        ensureFiles();
        return shown(await placeReceived(partOf(id), dir, file));
      },
      drop: (id) => rm(partOf(id), { force: true }),
      async parts() {
        const names = await readdir(dirs.parts);
        return names.filter((name) => name.startsWith(PART)).map((name) => name.slice(PART.length));
      },
    },
  };
}
