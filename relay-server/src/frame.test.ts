// The three length forms of a frame; that clients read them so, the tests over real sockets show.
import { expect, test } from "vitest";
import { binaryFrame, textFrame } from "./frame.ts";

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_001])("a frame of %i bytes has the right length form", (length) => {
  const frame = binaryFrame(Buffer.alloc(length, 7));
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  expect(frame).toHaveLength(header + length);
  expect(frame[0]).toBe(0x82);
  expect(frame[1]).toBe(header === 2 ? length : header === 4 ? 126 : 127);
  expect(frame.subarray(header).every((byte) => byte === 7)).toBe(true);
});

test("the length of a text is counted in bytes", () => {
  const frame = textFrame("é".repeat(63));
  expect([...frame.subarray(0, 4)]).toEqual([0x81, 126, 0, 126]);
  expect(frame.subarray(4).toString("utf8")).toBe("é".repeat(63));
});

test("a lone surrogate becomes a replacement character, and the length still holds", () => {
  expect(textFrame("\ud800").subarray(2).toString("utf8")).toBe("\ufffd");
});
