// Serves the page's files. They are the same for everybody and contain nothing of the room.
import type { IncomingMessage, ServerResponse } from "node:http";
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
  /** Serves a file; false when there is none of that name. */
  answer(name: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/** Reads the page's files; `index` is served for the folder itself. */
export function createPage(index = "index.html"): Page {
  const files = new Map<string, File>();
  for (const [name, text] of Object.entries(pageFiles())) {
    const bytes = Buffer.from(text);
    files.set(name, { type: MEDIA[name.split(".").at(-1)!] ?? "text/plain", bytes, packed: gzipSync(bytes) });
  }
  return {
    answer(name, request, response) {
      const file = files.get(name === "" ? index : name);
      if (file === undefined) return false;
      const isHashed = /-[\w-]{8}\.(js|css)$/.test(name);
      const isPacked = takesGzip(request.headers["accept-encoding"]);
      const bytes = isPacked ? file.packed : file.bytes;
      response.writeHead(200, {
        "content-type": file.type,
        ...(isPacked ? { "content-encoding": "gzip" } : {}),
        vary: "accept-encoding",
        "content-length": bytes.length,
        "cache-control": isHashed ? "private, max-age=31536000, immutable" : "no-cache",
      });
      response.end(request.method === "HEAD" ? undefined : bytes);
      return true;
    },
  };
}

/** Whether a client accepts gzip (RFC 9110, 12.5.3): by name or by `*`, and not with weight 0. */
function takesGzip(accepted: string | string[] | undefined): boolean {
  const weights = new Map(
    String(accepted ?? "")
      .toLowerCase()
      .split(",")
      .map((part) => {
        const [coding = "", ...parameters] = part.split(";").map((word) => word.trim());
        const weight = parameters.find((word) => word.startsWith("q="))?.slice(2) ?? "1";
        return [coding, Number(weight)] as const;
      }),
  );
  return (weights.get("gzip") ?? weights.get("*") ?? 0) > 0;
}
