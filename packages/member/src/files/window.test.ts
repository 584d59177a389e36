import { expect, test } from "vitest";
import { createWindow } from "./window.ts";

const CHUNK = 64 * 1024;

/** Sends and acknowledges rounds over a way that takes `ms`, and `perMib` more for what is under way. */
function rounds(count: number, ms: number, perMib: number): ReturnType<typeof createWindow> {
  const window = createWindow(CHUNK);
  let at = 0;
  let end = 0;
  for (let i = 0; i < count; i += 1) {
    const sent = at;
    for (let left = window.bytes; left >= window.chunkBytes; left -= window.chunkBytes) {
      end += window.chunkBytes;
      window.sent(end, sent);
    }
    at += ms + (window.bytes / 1024 / 1024) * perMib;
    window.acked(end, at);
  }
  return window;
}

test("a long way without a queue is filled, up to 64 chunks [FILE-4]", () => {
  expect(rounds(20, 150, 0).bytes).toBe(64 * CHUNK);
});

test("on a slow way the window stays so small that a message waits a moment only", () => {
  // One MiB takes eight seconds.
  const { bytes, chunkBytes } = rounds(60, 20, 8_000);
  expect((bytes / 1024 / 1024) * 8_000).toBeLessThan(600);
  expect(chunkBytes).toBeLessThanOrEqual(32 * 1024);
});

test("a refusal halves the window, and it never ends", () => {
  const window = createWindow(CHUNK);
  for (let i = 0; i < 100; i += 1) window.cut();
  expect(window.bytes).toBeGreaterThanOrEqual(window.chunkBytes);
  window.acked(5, 1); // of nothing that is under way
  expect(window.bytes).toBeGreaterThanOrEqual(window.chunkBytes);
});
