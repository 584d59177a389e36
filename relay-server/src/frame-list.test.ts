// What each connection receives is exactly its list, in order, whatever the others were given.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { binaryFrame, textFrame } from "./frame.ts";
import { FrameList } from "./frame-list.ts";

test("lists with the same frames are one list, joined once", () => {
  const [a, b, c] = ["a", "b", "c"].map((text) => textFrame(text)) as [Buffer, Buffer, Buffer];
  const empty = FrameList.empty();
  const one = empty.plus(a).plus(b);
  expect(empty.plus(a).plus(b)).toBe(one);
  expect(empty.plus(c).plus(b)).not.toBe(one);
  expect(empty.plus(a).plus(b)).toBe(one);
  expect(one.joined()).toBe(one.joined());
  expect(empty.plus(a).joined()).toBe(a);
  expect(empty.joined()).toHaveLength(0);
  expect(empty.bytes).toBe(0);
});

test("any sequence of sends and joins gives each reader its own frames in order", () => {
  const readers = fc.subarray([0, 1, 2, 3, 4]);
  const step = fc.record({ frame: fc.nat(7), sendTo: readers, joinAt: readers });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.array(fc.nat(300), { minLength: 8, maxLength: 8 }),
      (steps, sizes) => {
        const frames = sizes.map((size, i) => binaryFrame(Buffer.alloc(size, i)));
        const empty = FrameList.empty();
        const lists = Array.from({ length: 5 }, () => empty);
        const expected: Buffer[][] = Array.from({ length: 5 }, () => []);
        for (const { frame, sendTo, joinAt } of steps) {
          for (const reader of sendTo) {
            lists[reader] = lists[reader]!.plus(frames[frame]!);
            expected[reader]!.push(frames[frame]!);
          }
          // What is joined in between must not change what is joined later.
          for (const reader of joinAt) lists[reader]!.joined();
        }
        for (const [reader, list] of lists.entries()) {
          const whole = Buffer.concat(expected[reader]!);
          expect(list.bytes).toBe(whole.length);
          expect(list.joined().equals(whole)).toBe(true);
        }
      },
    ),
  );
});
