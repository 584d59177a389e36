import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openFetch } from "./fetch.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Opens a fetch and gives how it ended. */
function fetchTo(path: string, bytes: Uint8Array, maxPendingBytes = 1_000_000) {
  let settle: (end: boolean | Error) => void = () => undefined;
  const ended = new Promise<boolean | Error>((resolve) => {
    settle = resolve;
  });
  const events = { written: () => undefined, whole: settle, trouble: settle };
  const opened = openFetch({ path, size: bytes.length, sha256: sha256(bytes), maxPendingBytes, events });
  return { opened, ended };
}

test("whatever order chunks come in, and whatever was there before, the whole is right or said to be wrong", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agora-fetch-"));
  const path = join(folder, "part");
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 5_000 }),
      fc.integer({ min: 0, max: 6_000 }),
      fc.array(fc.tuple(fc.nat(5_000), fc.integer({ min: 0, max: 800 })), { maxLength: 30 }),
      async (size, before, chunks) => {
        const bytes = randomBytes(size);
        writeFileSync(path, Buffer.concat([bytes.subarray(0, before), Buffer.alloc(Math.max(0, before - size))]));
        const { opened, ended } = fetchTo(path, bytes);
        const fetch = await opened;
        for (const [offset, length] of chunks)
          if (offset <= size) fetch.take(offset, bytes.subarray(offset, offset + length));
        expect(fetch.take(size, Buffer.alloc(1))).toBe("beyond");
        if (fetch.received < size) fetch.take(fetch.received, bytes.subarray(fetch.received));
        expect(await ended).toBe(true);
        expect(readFileSync(path).equals(bytes)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
  rmSync(folder, { recursive: true });
});

test("what waits for the disk is bounded, and an end in the middle leaves a part that goes on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agora-fetch-"));
  const path = join(folder, "part");
  const bytes = randomBytes(10_000);
  const { opened } = fetchTo(path, bytes, 2_000);
  const fetch = await opened;
  expect(fetch.take(0, bytes.subarray(0, 2_000))).toBe("taken");
  expect(fetch.take(2_000, bytes.subarray(2_000, 3_000))).toBe("full");
  expect(fetch.take(3_000, bytes.subarray(3_000, 4_000))).toBe("gap");
  await fetch.close();
  const again = fetchTo(path, bytes);
  const second = await again.opened;
  expect(second.began).toBe(2_000);
  second.take(second.received, bytes.subarray(second.received));
  expect(await again.ended).toBe(true);
  rmSync(folder, { recursive: true });
});

test.skipIf(process.platform !== "linux")("a full disk is told, and the process lives", async () => {
  const { opened, ended } = fetchTo("/dev/full", randomBytes(1_000));
  const fetch = await opened;
  fetch.take(0, Buffer.alloc(500));
  expect(await ended).toMatchObject({ code: "ENOSPC" });
  expect(fetch.take(500, Buffer.alloc(500))).toBe("known");
  await fetch.close();
});
