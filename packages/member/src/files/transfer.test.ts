import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Link } from "@agora/link";
import { manualClock } from "@agora/ports/testing";
import { decodeChunk } from "@agora/protocol";
import { until } from "../../../../test/wait-until.ts";
import type { Copy } from "../kernel/files-disk.ts";
import { openTransfer } from "./transfer.ts";

const CHUNK = 1_000;

test("sends less and later when the relay refuses for the rate, and goes on from where it was confirmed [FILE-10]", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agora-transfer-"));
  const path = join(folder, "copy");
  writeFileSync(path, Buffer.alloc(100 * CHUNK, 7));
  const clock = manualClock();
  const offsets: number[] = [];
  const link = {
    unsent: 0,
    sendChunk(frame: Uint8Array) {
      const chunk = decodeChunk(frame, CHUNK);
      if (chunk.ok) offsets.push(chunk.value.header.offset);
      return true;
    },
  } as unknown as Link;
  const file = await open(path, "r");
  let reading = 0;
  const copy: Copy = {
    async readv(into, at) {
      reading += 1;
      return file.readv(into, at).finally(() => (reading -= 1));
    },
    close: () => file.close(),
  };
  const transfer = openTransfer({
    fd: copy,
    header: { room: "lobby", to: "bob", key: "A".repeat(43), id: "7k2m9q4xw0abc3de5fgh" },
    size: 100 * CHUNK,
    offset: 0,
    chunkBytes: CHUNK,
    link: () => link,
    clock,
    broken: (reason) => {
      throw new Error(reason);
    },
  });
  /** Waits for so many chunks, and until no more come by themselves: no read for one is under way. */
  const sent = (least: number): Promise<boolean> => until("the chunks", () => offsets.length >= least && reading === 0);
  await sent(2);
  expect(offsets).toEqual([0, 1_000]);
  transfer.ack(2_000);
  await sent(3);
  const before = offsets.length;
  transfer.slowDown(500);
  transfer.slowDown(500); // each chunk under way is refused
  await sent(before);
  expect(offsets).toHaveLength(before);
  clock.advance(501);
  await sent(before + 1);
  expect(offsets[before]).toBe(2_000);
  expect(offsets.length - before).toBeLessThan(before - 2);
  transfer.close();
  rmSync(folder, { recursive: true });
});
