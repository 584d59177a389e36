// Files of the room for the page: pictures that every browser draws safely are shown, all else is saved, never run.
import { open } from "node:fs/promises";
import type { ServerResponse } from "node:http";

/** Pictures by their first bytes; SVG is none of them, as it can hold scripts. */
const PICTURES: readonly { readonly type: string; readonly is: (head: Buffer) => boolean }[] = [
  { type: "image/png", is: (head) => head.subarray(0, 8).toString("latin1") === "\x89PNG\r\n\x1a\n" },
  { type: "image/jpeg", is: (head) => head.subarray(0, 3).toString("latin1") === "\xff\xd8\xff" },
  { type: "image/gif", is: (head) => /^GIF8[79]a$/.test(head.subarray(0, 6).toString("latin1")) },
  { type: "image/webp", is: (head) => /^RIFF.{4}WEBP$/s.test(head.subarray(0, 12).toString("latin1")) },
];

/** Streams a file; `name` is what it is saved as. */
export async function sendFile(response: ServerResponse, path: string, name: string): Promise<void> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
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
  } finally {
    await file.close();
  }
}

function encodeRfc8187(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}
