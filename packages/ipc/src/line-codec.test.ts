import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createLineDecoder, encodeLine, type LineDecoder, readLine } from "./line-codec.ts";

function take(decoder: LineDecoder, pieces: readonly Uint8Array[]): (string | undefined)[] {
  return pieces.flatMap((piece) => [...decoder.lines(piece)]);
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const cuts = [0, ...at.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
}

it("gives back every message, wherever the stream was cut", () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.array(fc.nat()), (messages, at) => {
      const bytes = Buffer.from(messages.map((m) => encodeLine(m)).join(""));
      const lines = take(createLineDecoder(1_000_000), cut(bytes, at));
      expect(lines.map((line) => readLine(line!))).toEqual(messages.map((m) => JSON.parse(JSON.stringify(m))));
    }),
  );
});

it("byte by byte, with characters of several bytes", () => {
  const bytes = Buffer.from(encodeLine({ text: "ünïcødé 🎉 \u2028\n" }) + encodeLine({ n: 2 }));
  const lines = take(createLineDecoder(1_000), cut(bytes, [...bytes.keys()]));
  expect(lines.map((line) => readLine(line!))).toEqual([{ text: "ünïcødé 🎉 \u2028\n" }, { n: 2 }]);
});

it("takes a line of exactly the limit and gives up at one more, for good, however it was cut", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 200 }),
      fc.array(fc.nat()),
      (limit, length, at) => {
        const decoder = createLineDecoder(limit);
        const lines = take(decoder, cut(Buffer.from(`${"x".repeat(length)}\n`), at));
        const fits = length <= limit;
        expect(lines[0]).toBe(fits ? "x".repeat(length) : undefined);
        expect([...decoder.lines(Buffer.from("\n"))]).toEqual([fits ? "" : undefined]);
      },
    ),
  );
});

it("holds no more than the limit of a line that never ends", () => {
  const decoder = createLineDecoder(1_000);
  const piece = Buffer.alloc(100, 120);
  const taken = Array.from({ length: 11 }, () => [...decoder.lines(piece)]);
  expect(taken.slice(0, 10).every((lines) => lines.length === 0)).toBe(true);
  expect(taken[10]).toEqual([undefined]);
});

it("may be allowed longer lines within one piece", () => {
  const decoder = createLineDecoder(4);
  const seen: (string | undefined)[] = [];
  for (const line of decoder.lines(Buffer.from("head\nmuch longer\n"))) {
    seen.push(line);
    decoder.allow(100);
  }
  expect(seen).toEqual(["head", "much longer"]);
});

it("reads a huge line in many pieces without effort", () => {
  const decoder = createLineDecoder(64 * 1024 * 1024);
  const bytes = Buffer.from(encodeLine({ text: "x".repeat(32 * 1024 * 1024) }));
  const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
    bytes.subarray(i * 65_536, (i + 1) * 65_536),
  );
  expect(take(decoder, pieces)).toHaveLength(1);
});

it("knows what is not a message", () => {
  for (const line of ["", "1", "null", "[]", '"x"', "{", "{}}"]) expect(readLine(line)).toBeUndefined();
});
