import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratch, scratchHome } from "../test/scratch.ts";
import { ensureHome } from "./directory.ts";
import { markHome } from "./home-mark.ts";
import { listCopy, listedCopies, type ProgramCopy } from "./program-copies.ts";

const copy = (n: number, digit = "a"): ProgramCopy => ({
  name: `0.${n}.0-aaaaaaaa`,
  version: `0.${n}.0`,
  sha256: digit.repeat(64),
});
const there = (): boolean => true;
const byName = (copies: readonly ProgramCopy[]): ProgramCopy[] =>
  copies.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, version, sha256 }) => ({ name, version, sha256 }));

it("keeps what many list at once; what is gone leaves the list, and what is listed anew is what counts", async () => {
  const home = scratchHome();
  ensureHome(home);
  await Promise.all([1, 2, 3, 4, 5].map((n) => listCopy(home, copy(n), there)));
  expect(byName(listedCopies(home))).toEqual([1, 2, 3, 4, 5].map((n) => copy(n)));
  await listCopy(home, copy(2, "b"), (name) => name === copy(4).name);
  expect(byName(listedCopies(home))).toEqual([copy(2, "b"), copy(4)]);
});

it("takes over what an earlier version listed in one file, before and after it moves", async () => {
  const home = scratchHome();
  ensureHome(home);
  const old = join(home.path, "copies.json");
  writeFileSync(old, JSON.stringify({ v: 1, copies: [copy(1), copy(2), copy(3)] }), { mode: 0o600 });
  expect(byName(listedCopies(home))).toEqual([copy(1), copy(2), copy(3)]);
  await listCopy(home, copy(4), (name) => name !== copy(2).name);
  expect(existsSync(old)).toBe(false);
  expect(byName(listedCopies(home))).toEqual([copy(1), copy(3), copy(4)]);
  // An earlier version that still runs lists itself the old way.
  writeFileSync(old, JSON.stringify({ v: 1, copies: [copy(5), copy(1, "c")] }), { mode: 0o600 });
  await listCopy(home, copy(4), there);
  expect(byName(listedCopies(home))).toEqual([copy(1), copy(3), copy(4), copy(5)]);
});

it("believes no file that others could write, no link, and none that names another copy", async () => {
  const home = scratchHome();
  ensureHome(home);
  await listCopy(home, copy(1), there);
  const folder = join(home.path, "copies");
  const elsewhere = join(scratch(), "planted.json");
  writeFileSync(elsewhere, JSON.stringify({ v: 1, ...copy(2) }), { mode: 0o600 });
  symlinkSync(elsewhere, join(folder, `${copy(2).name}.json`));
  writeFileSync(join(folder, `${copy(3).name}.json`), JSON.stringify({ v: 1, ...copy(3) }));
  chmodSync(join(folder, `${copy(3).name}.json`), 0o666);
  writeFileSync(join(folder, `${copy(4).name}.json`), JSON.stringify({ v: 1, ...copy(5) }), { mode: 0o600 });
  mkdirSync(join(folder, `${copy(6).name}.json`));
  expect(byName(listedCopies(home))).toEqual([copy(1)]);
  chmodSync(folder, 0o777);
  expect(listedCopies(home)).toEqual([]);
});

it("forgets what lay in a folder that was no home until a person marked it", async () => {
  const home = scratchHome();
  const folder = join(home.path, "copies");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${copy(1).name}.json`), JSON.stringify({ v: 1, ...copy(1) }), { mode: 0o600 });
  writeFileSync(join(home.path, "copies.json"), JSON.stringify({ v: 1, copies: [copy(2)] }), { mode: 0o600 });
  expect(markHome(home).ok).toBe(true);
  expect(listedCopies(home)).toEqual([]);
  expect(readdirSync(home.path)).toEqual(["home.json"]);
});
