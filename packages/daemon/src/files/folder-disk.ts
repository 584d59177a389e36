// The files of a room in its project's folder.
import { readdir, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { ok } from "@agora/protocol";
import { createCopies } from "./copies.ts";
import type { FilesDisk } from "./disk.ts";
import { openFetch } from "./fetch.ts";
import { fileToSend } from "./name.ts";
import { findReceived, placeReceived, sizeOf, usedBytes } from "./place.ts";

const PART = ".part-";
const MAX_NAME_CHARS = 255;

/** The disk of a project; what was received is named from the project's root. */
export function folderFiles(project: string, dirs: { readonly files: string; readonly sent: string }): FilesDisk {
  const dir = dirs.files;
  const partOf = (id: string): string => join(dir, `${PART}${id}`);
  const shown = (path: string): string => relative(project, path);
  return {
    async find(path, byAgent) {
      const real = await fileToSend(project, path, byAgent);
      return real.ok ? ok({ name: basename(real.value).slice(0, MAX_NAME_CHARS), path: real.value }) : real;
    },
    copies: (options) => createCopies({ ...options, dir: dirs.sent }),
    received: {
      async find(file) {
        const here = await findReceived(dir, file);
        return here === undefined ? undefined : shown(here);
      },
      usedBytes: () => usedBytes(dir),
      partBytes: (id) => sizeOf(partOf(id)),
      fetch: ({ id, ...rest }) => openFetch({ ...rest, path: partOf(id) }),
      place: async (id, file) => shown(await placeReceived(partOf(id), dir, file)),
      drop: (id) => rm(partOf(id), { force: true }),
      async parts() {
        const names = await readdir(dir);
        return names.filter((name) => name.startsWith(PART)).map((name) => name.slice(PART.length));
      },
    },
  };
}
