// Joining by a user's own entry: one join at a time in each folder, and none answers for another folder.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findHome } from "@agora/user-config";
import { systemClock } from "@agora/ports";
import { afterEach, expect, test } from "vitest";
import { createEntryJoin, type Entry } from "./entry-join.ts";

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

test("a join under way in one folder answers for no other folder, and for its own once", async () => {
  const root = mkdtempSync(join(tmpdir(), "agora-entry-"));
  made.push(root);
  const [shop, lab] = [join(root, "shop"), join(root, "lab")] as const;
  for (const path of [shop, lab]) mkdirSync(path);
  let dir = shop;
  const asked: string[] = [];
  const found = Promise.withResolvers<Entry | undefined>();
  const joiner = createEntryJoin({
    home: findHome({ AGORA_HOME: join(root, "home") }),
    membership: { joined: () => false } as never,
    dir: () => dir,
    find(path) {
      asked.push(path);
      return path === shop ? found.promise : Promise.resolve(undefined);
    },
    clock: systemClock,
    withContext: () => Promise.reject(new Error("nothing is joined here")),
  });
  const first = [joiner.ensure(), joiner.ensure()];
  dir = lab;
  expect(await joiner.ensure()).toEqual({ ok: true, value: undefined });
  expect(asked).toEqual([shop, lab]);
  found.resolve(undefined);
  for (const result of await Promise.all(first)) expect(result).toEqual({ ok: true, value: undefined });
});
