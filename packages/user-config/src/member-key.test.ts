import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createSigner, createVerifier, generateKeyPair } from "@agora/ports";
import { expect, it } from "vitest";
import { scratchHome } from "../test/scratch.ts";
import { keyPair, replaceKey } from "./member-key.ts";

const identity = { origin: "wss://relay.example.org", room: "main", name: "alice" };

it("makes one key per relay, room and name, that signs", async () => {
  const home = scratchHome();
  const all = await Promise.all([
    keyPair(home, identity),
    keyPair(home, identity),
    keyPair(home, { ...identity, name: "bob" }),
  ]);
  const keys = all.map((pair) => (pair.ok ? pair.value.key : pair.message));
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
  const pair = all[0];
  if (!pair.ok) throw new Error(pair.message);
  const signer = createSigner(pair.value);
  expect(createVerifier().verify(signer.key, "hello", signer.sign("hello"))).toBe(true);
  const folder = join(home.path, "keys");
  expect(readdirSync(folder)).toHaveLength(2);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

it.runIf(process.platform !== "win32")("refuses a key that others could have read", async () => {
  const home = scratchHome();
  await keyPair(home, identity);
  const folder = join(home.path, "keys");
  chmodSync(join(folder, readdirSync(folder)[0]!), 0o644);
  const refused = await keyPair(home, identity);
  expect(refused).toMatchObject({ ok: false, code: "bad-file" });
  expect(refused.ok ? "" : refused.message).toContain("can be read by others");
});

it("puts another key in its place in one step, and keeps what is said of the one before", async () => {
  const home = scratchHome();
  const old = await keyPair(home, identity);
  if (!old.ok) throw new Error(old.message);
  const said = (key: string) => ({ key, statements: ["a.b.c"], told: [{ jws: "d.e.f", audience: "@bob" }] });
  const [one, two] = [generateKeyPair(), generateKeyPair()];
  const both = await Promise.all(
    [one, two].map((next) => replaceKey(home, identity, next, said(old.value.key), 1_700_000_000_000)),
  );
  expect(both.filter(({ ok }) => ok)).toHaveLength(1); // two at once: one of them
  const now = await keyPair(home, identity);
  if (!now.ok) throw new Error(now.message);
  expect([one.key, two.key]).toContain(now.value.key);
  expect(now.value).toMatchObject({ at: 1_700_000_000_000, before: [said(old.value.key)] });
  const third = generateKeyPair();
  await replaceKey(home, identity, third, said(now.value.key), 1_700_000_000_001);
  expect(await keyPair(home, identity)).toMatchObject({
    value: { key: third.key, seed: third.seed, before: [said(now.value.key), said(old.value.key)] },
  });
  expect(JSON.stringify(await keyPair(home, identity))).not.toContain(old.value.seed);
});
