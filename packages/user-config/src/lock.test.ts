import { existsSync, mkdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { scratch } from "../test/scratch.ts";
import { withLock } from "./lock.ts";
import { fail, ok } from "./result.ts";

it("lets one edit at a time through, and gives back what each made", async () => {
  const path = join(scratch(), "file");
  let inside = 0;
  const edits = Array.from({ length: 8 }, (_, i) =>
    withLock(path, async () => {
      inside += 1;
      await turn();
      const alone = inside === 1;
      inside -= 1;
      return alone ? ok(i) : fail("crowded", "Two at once.");
    }),
  );
  expect(await Promise.all(edits)).toEqual(Array.from({ length: 8 }, (_, i) => ok(i)));
});

it("takes over from a holder that died", async () => {
  const path = join(scratch(), "file");
  mkdirSync(`${path}.lock`);
  const then = Date.now() / 1000 - 10;
  utimesSync(`${path}.lock`, then, then);
  expect(await withLock(path, async () => ok("mine"))).toEqual(ok("mine"));
});

it("takes over from a holder that died while a clock was wrong: its time is a day ahead, and stands still", async () => {
  const path = join(scratch(), "file");
  mkdirSync(`${path}.lock`);
  const ahead = Date.now() / 1000 + 24 * 3_600;
  utimesSync(`${path}.lock`, ahead, ahead);
  expect(await withLock(path, async () => ok("mine"))).toEqual(ok("mine"));
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it("is free again after an edit that threw", async () => {
  const path = join(scratch(), "file");
  const broken = withLock(path, async () => {
    throw new Error("a mistake");
  });
  await expect(broken).rejects.toThrow("a mistake");
  expect(await withLock(path, async () => ok(1))).toEqual(ok(1));
});
