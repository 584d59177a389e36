// Names that a prefix makes: one for each folder, the same each time, and others in another home.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prefixedName } from "./prefixed-name.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "agora-names-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const nameOf = async (prefix: string, path: string, home = "home"): Promise<string> => {
  const name = await prefixedName({ path: join(dir, home) }, prefix, path);
  return name.ok ? name.value : `refused: ${name.message}`;
};

test("each folder has a name of its own that stays, and on another machine another one", async () => {
  const first = await nameOf("ci-", "/work/shop");
  expect(first).toMatch(/^ci-shop-[0-9a-z]{5}$/);
  expect(await nameOf("ci-", "/work/shop")).toBe(first);
  expect(await nameOf("ci", "/work/shop")).toBe(first);
  expect(await nameOf("ci-", "/other/shop")).not.toBe(first);
  expect(await nameOf("ci-", "/work/shop", "elsewhere")).not.toBe(first);
});

test("a long or nameless folder still makes a name, and a bad prefix is refused in a sentence", async () => {
  expect(await nameOf("sixteen-letters1", `/work/${"long".repeat(20)}`)).toMatch(
    /^sixteen-letters1-[a-z]+-[0-9a-z]{5}$/,
  );
  expect(await nameOf("w", "/")).toMatch(/^w-[0-9a-z]{5}$/);
  for (const bad of ["-", "Ä", "a b", "x".repeat(17)]) expect(await nameOf(bad, "/work/shop")).toContain("can't begin");
});
