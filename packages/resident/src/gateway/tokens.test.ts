import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeToken, openTokenBook, readTokens, revokeToken } from "./tokens.ts";

function scratchHome(): { readonly path: string } {
  const dir = mkdtempSync(join(tmpdir(), "agora-tokens-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return { path: join(dir, "home") };
}

const WISH = { name: "carol", room: "lobby", person: false, rotate: false } as const;

test("a token is kept as its hash, in a file of this user's alone", async () => {
  const home = scratchHome();
  const made = await makeToken(home, WISH);
  if (!made.ok) throw new Error(made.message);
  const path = join(home.path, "resident", "gateway-tokens.json");
  const secret = made.value.token.slice(-43); // it may hold the mark between the parts itself
  expect(readFileSync(path, "utf8")).not.toContain(secret.slice(0, 20));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const book = openTokenBook(home, Date.now, () => undefined);
  expect(book.find(made.value.token)).toMatchObject({ name: "carol", room: "lobby", person: false });
  expect(book.find(made.value.token.replace(/.$/, (c) => (c === "A" ? "B" : "A")))).toBeUndefined();
  for (const word of ["", "agw_", "agw_x_y", made.value.token.slice(0, -1), `${made.value.token}A`]) {
    expect([word, book.find(word)]).toEqual([word, undefined]);
  }
});

test("a second one is made by rotating only, and a running book sees it", async () => {
  const home = scratchHome();
  const first = await makeToken(home, WISH);
  const book = openTokenBook(home, Date.now, () => undefined);
  expect(book.find(first.ok ? first.value.token : "")).toBeDefined();
  expect(await makeToken(home, WISH)).toMatchObject({ ok: false, code: "exists" });
  const second = await makeToken(home, { ...WISH, rotate: true });
  expect(book.find(first.ok ? first.value.token : "")).toBeUndefined();
  expect(book.find(second.ok ? second.value.token : "")).toBeDefined();
  expect(book.has("carol", "lobby")).toBe(true);
  expect(await revokeToken(home, "@carol", "lobby")).toMatchObject({ ok: true, value: true });
  expect(await revokeToken(home, "carol", "lobby")).toMatchObject({ ok: true, value: false });
  expect(book.has("carol", "lobby")).toBe(false);
});

test("an end in time is kept", async () => {
  const home = scratchHome();
  let now = 1_000_000;
  const made = await makeToken(home, { ...WISH, expires: now + 60_000 });
  const book = openTokenBook(
    home,
    () => now,
    () => undefined,
  );
  const token = made.ok ? made.value.token : "";
  expect(book.find(token)).toBeDefined();
  now += 60_000;
  expect(book.find(token)).toBeUndefined();
  expect(book.holds(made.ok ? made.value.id : "")).toBe(false);
});

test("twenty made at once are twenty", async () => {
  const home = scratchHome();
  const all = await Promise.all(Array.from({ length: 20 }, (_, n) => makeToken(home, { ...WISH, name: `m${n}` })));
  expect(all.every((made) => made.ok)).toBe(true);
  const tokens = readTokens(home);
  expect(tokens.ok && tokens.value.length).toBe(20);
});
