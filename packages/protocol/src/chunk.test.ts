import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const header = fc.record({
  room: fc.constant("lab"),
  to: fc.constant("bob"),
  id: fc.constant("f11e0ffer123"),
  offset: fc.nat(),
});

test("a chunk is read as it was written [FILE-3]", () => {
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 500 }), (head, bytes) => {
      const frame = encodeChunk(head, bytes);
      const read = decodeChunk(frame, DEFAULT_LIMITS.chunkBytes);
      expect(read).toEqual({ ok: true, value: { header: head, bytes } });
    }),
  );
});

test("the bytes are a view on the frame, also when that is a view itself [FILE-3]", () => {
  const frame = encodeChunk({ room: "lab", id: "f11e0ffer123", offset: 0 }, Uint8Array.of(1, 2, 3));
  const inside = new Uint8Array(frame.length + 7);
  inside.set(frame, 7);
  const read = decodeChunk(inside.subarray(7), 3);
  expect(read.ok && read.value.bytes.buffer === inside.buffer).toBe(true);
});

test("any bytes are read or refused, never thrown [FILE-3]", () => {
  const almost = fc
    .tuple(header, fc.uint8Array({ maxLength: 40 }), fc.nat(120), fc.nat(255))
    .map(([head, bytes, at, byte]) => {
      const frame = encodeChunk(head, bytes);
      frame[at % frame.length] = byte;
      return frame;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), almost), (frame) => {
      expect(typeof decodeChunk(frame, 40).ok).toBe("boolean");
    }),
  );
});
