// Answers with the files of the page. They are the same for everybody and hold nothing of the room.
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { pageFiles } from "./page-files.ts";

const MEDIA: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

interface File {
  readonly type: string;
  readonly bytes: Buffer;
  readonly packed: Buffer;
}

export interface Page {
  /** Answers with a file; false when there is none of that name. */
  answer(name: string, response: ServerResponse, head: boolean): boolean;
}

/** Reads the page's files; `index` is the one that stands for the folder. */
export function createPage(index = "index.html"): Page {
  const files = new Map<string, File>();
  for (const [name, text] of Object.entries(pageFiles())) {
    const bytes = Buffer.from(text);
    files.set(name, { type: MEDIA[name.split(".").at(-1)!] ?? "text/plain", bytes, packed: gzipSync(bytes) });
  }
  return {
    answer(name, response, head) {
      const file = files.get(name === "" ? index : name);
      if (file === undefined) return false;
      const isHashed = /-[\w-]{8}\.(js|css)$/.test(name);
      response.writeHead(200, {
        "content-type": file.type,
        "content-encoding": "gzip",
        "content-length": file.packed.length,
        "cache-control": isHashed ? "private, max-age=31536000, immutable" : "no-cache",
      });
      response.end(head ? undefined : file.packed);
      return true;
    },
  };
}
