// Files as blobs: pictures that every browser can safely draw keep their type, everything else is bytes that are saved and
// never shown.

const HEAD_BYTES = 16;
const PICTURES: readonly { readonly type: string; readonly is: (head: string) => boolean }[] = [
  { type: "image/png", is: (head) => head.startsWith("\x89PNG\r\n\x1a\n") },
  { type: "image/jpeg", is: (head) => head.startsWith("\xff\xd8\xff") },
  { type: "image/gif", is: (head) => /^GIF8[79]a/.test(head) },
  { type: "image/webp", is: (head) => /^RIFF.{4}WEBP/s.test(head) },
];

/**
 * The same bytes with a type we determined, whatever its sender claimed. SVG doesn't count as a picture, since it can
 * contain scripts.
 */
export async function safeBlob(blob: Blob): Promise<Blob> {
  const head = String.fromCodePoint(...new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
  const type = PICTURES.find(({ is }) => is(head))?.type ?? "application/octet-stream";
  return blob.slice(0, blob.size, type);
}
