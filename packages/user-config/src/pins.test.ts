import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchHome } from "../test/scratch.ts";
import { hashName } from "./crypto.ts";
import { ensureFolder, ensureHome, type Home } from "./directory.ts";
import { MAX_PINS } from "./pin-book.ts";
import { openPins, type Pins } from "./pins.ts";

const ORIGIN = "wss://relay.example.org";

async function pinsOf(home: Home): Promise<Pins> {
  const pins = await openPins(home, ORIGIN, "main");
  if (!pins.ok) throw new Error(pins.message);
  return pins.value;
}

it("pins at first sight, refuses another key, and remembers", async () => {
  const home = scratchHome();
  {
    await using pins = await pinsOf(home);
    expect(pins.pin("bob", "k1")).toBe("new");
    expect(pins.pin("bob", "k1")).toBe("same");
    expect(pins.pin("bob", "k2")).toBe("changed");
  }
  await using again = await pinsOf(home);
  expect(again.pin("bob", "k2")).toBe("changed");
  expect(again.get("bob")?.key).toBe("k1");
});

it("takes another key by a person's word, and knows the one before", async () => {
  const home = scratchHome();
  await using pins = await pinsOf(home);
  pins.pin("bob", "k1");
  expect(await pins.repin("bob", "k2")).toMatchObject({ ok: true, value: { key: "k2", previous: "k1" } });
  expect(pins.pin("bob", "k2")).toBe("same");
  expect(pins.pin("bob", "k1")).toBe("changed");
});

it("two projects of a user agree: who pinned first counts, and a repin is heard", async () => {
  const home = scratchHome();
  await using one = await pinsOf(home);
  await using two = await pinsOf(home);
  expect(one.pin("bob", "k1")).toBe("new");
  expect(two.pin("bob", "k2")).toBe("new"); // not yet written by the first
  expect((await one.flush()).ok).toBe(true);
  expect((await two.flush()).ok).toBe(true);
  expect(two.pin("bob", "k2")).toBe("changed");
  await two.repin("bob", "k2");
  expect(one.pin("bob", "k2")).toBe("same");
});

it("loses no pin when many are made at once by several", async () => {
  const home = scratchHome();
  const all = await Promise.all([pinsOf(home), pinsOf(home), pinsOf(home)]);
  for (let i = 0; i < 60; i += 1) all[i % 3]!.pin(`n${i}`, `k${i}`);
  await Promise.all(all.map((pins) => pins.flush()));
  await using fresh = await pinsOf(home);
  expect(fresh.all().size).toBe(60);
});

it("never lets a flood of names push one out", async () => {
  const home = scratchHome();
  ensureHome(home);
  ensureFolder(join(home.path, "pins"));
  const pins = Array.from({ length: 10_000 }, (_, i) => ({ name: `n${i}`, key: `k${i}`, at: 1 }));
  writeFileSync(join(home.path, "pins", `${hashName(ORIGIN, "main")}.json`), JSON.stringify({ v: 1, pins }), {
    mode: 0o600,
  });
  await using full = await pinsOf(home);
  expect(full.pin("late", "k")).toBe("full");
  expect(full.pin("n0", "other")).toBe("changed");
});

it("names that only presence showed push out each other, and nobody who spoke [PIN-3]", async () => {
  const home = scratchHome();
  {
    await using pins = await pinsOf(home);
    expect(pins.pin("quiet", "kq", "presence")).toBe("new");
    expect(pins.pin("bob", "kb", "presence")).toBe("new");
    expect(pins.pin("bob", "kb")).toBe("same"); // he speaks
    for (let n = 0; n < 12_000; n += 1) expect(pins.pin(`n${n}`, "k", "presence")).toBe("new");
    expect(pins.get("quiet")).toBeUndefined();
    expect(pins.pin("carol", "kc")).toBe("new");
    expect(pins.all().size).toBe(MAX_PINS.presence + 2);
  }
  await using again = await pinsOf(home);
  expect(again.pin("bob", "other")).toBe("changed");
  expect(again.pin("carol", "other", "presence")).toBe("changed");
  expect(again.all().size).toBe(MAX_PINS.presence + 2);
});

it("what one member hands on fills that member's places, and not those of others [PIN-3]", async () => {
  await using pins = await pinsOf(scratchHome());
  const by = (name: string) => ({ handedBy: name });
  for (let n = 0; n < MAX_PINS.handedByOne; n += 1) expect(pins.pin(`n${n}`, "k", by("mallory"))).toBe("new");
  expect(pins.pin("one-more", "k", by("mallory"))).toBe("full");
  expect(pins.pin("one-more", "k", by("bob"))).toBe("new");
  expect(pins.pin("n0", "k")).toBe("same"); // it speaks itself, and makes a place
  expect(pins.pin("two-more", "k", by("mallory"))).toBe("new");
  expect(pins.pin("speaks", "k")).toBe("new");
});
