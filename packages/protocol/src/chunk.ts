// A chunk of a file, the only binary frame: two bytes with the length of the JSON header, the header, then the bytes.
import * as z from "zod/mini";
import { idSchema, keySchema, memberSchema, roomSchema } from "./event.ts";
import { fail, ok, type Result } from "./result.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const MAX_CHUNK_HEADER_BYTES = 1024;

/**
 * A client sends `to`, the relay passes on `from`. `id` is the offer's event, `offset` the position in the file. [FILE-3]
 */
export const chunkHeaderSchema = z.object({
  room: roomSchema,
  to: z.optional(memberSchema),
  from: z.optional(memberSchema),
  /** The one device of `to` that it is for. [DEVICE-6] */
  key: z.optional(keySchema),
  id: idSchema,
  offset: z.int().check(z.nonnegative()),
});

export type ChunkHeader = z.infer<typeof chunkHeaderSchema>;

export interface Chunk {
  readonly header: ChunkHeader;
  readonly bytes: Uint8Array;
}

/** Encodes a chunk as a binary frame. */
export function encodeChunk(header: ChunkHeader, bytes: Uint8Array): Uint8Array {
  const { frame, body } = chunkFrame(header, bytes.length);
  body.set(bytes);
  return frame;
}

/** Allocates the frame of a chunk of `length` bytes; write them into `body`, a view of the frame. */
export function chunkFrame(
  header: ChunkHeader,
  length: number,
): { readonly frame: Uint8Array; readonly body: Uint8Array } {
  const head = new TextEncoder().encode(JSON.stringify(header));
  const frame = new Uint8Array(2 + head.length + length);
  new DataView(frame.buffer).setUint16(0, head.length);
  frame.set(head, 2);
  return { frame, body: frame.subarray(2 + head.length) };
}

/** Parses a binary frame; `bytes` is a view of `frame`, not a copy. */
export function decodeChunk(frame: Uint8Array, maxChunkBytes: number): Result<Chunk, "bad-frame" | "too-big"> {
  if (frame.length < 2) return fail("bad-frame", "A binary frame begins with the length of its header.");
  const length = new DataView(frame.buffer, frame.byteOffset).getUint16(0);
  if (length > MAX_CHUNK_HEADER_BYTES || frame.length < 2 + length)
    return fail("bad-frame", "The header of the chunk is cut short.");
  const bytes = frame.subarray(2 + length);
  if (bytes.length > maxChunkBytes) return fail("too-big", `A chunk may have ${maxChunkBytes} bytes.`);
  try {
    const parsed = chunkHeaderSchema.safeParse(JSON.parse(decoder.decode(frame.subarray(2, 2 + length))));
    if (parsed.success) return ok({ header: parsed.data, bytes });
  } catch {
    // Not JSON: same answer as for a header that doesn't fit.
  }
  return fail("bad-frame", "The header of the chunk is not what this version knows.");
}
