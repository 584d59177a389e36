// Daemons fill each other's gaps: after absence beyond the relay's ring, after a relay's death, for newcomers, for a lost disk.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { history } from "./read-history.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import type { Relay } from "@agora/relay";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
const place = (name: string): Place => {
  const made = makePlace(name);
  places.push(made);
  return made;
};
beforeEach(async () => {
  relay = await openRelay(0, 5);
  places = [];
});
afterEach(async () => {
  await relay.close();
  for (const p of places) p.remove();
});

const texts = (member: Member): string[] => must(history(member.room, { limit: 1000 })).lines.map((l) => l.text);
const tell = async (member: Member, text: string, to: string[] = []): Promise<string> =>
  must(await say(member.room, { via: "cli", text, to }, undefined)).id;
const here = (member: Member, ...names: string[]): Promise<unknown> =>
  until(`${names.join()} here`, () => names.every((n) => member.room.members.isHere(n)));
const numbers = (n: number): string[] => Array.from({ length: n }, (_, i) => `n${i}`);

describe("healing", () => {
  test("gives an absent member what the ring no longer holds, from whoever has it, in one order [HEAL-1]", async () => {
    const [pa, pb, pc] = [place("alice"), place("bob"), place("carol")];
    await using c = await pc.open(relay.port);
    {
      await using a = await pa.open(relay.port);
      {
        await using b = await pb.open(relay.port);
        await here(a, "bob", "carol");
        await tell(a, "first");
        await until("bob has it", () => texts(b).includes("first"));
      }
      for (const text of numbers(40)) await tell(a, text);
      await until("carol has all", () => texts(c).length === 41);
    }
    // The author is away now: only carol can heal bob.
    await using b = await pb.open(relay.port);
    await until("bob has all", () => texts(b).length === 41);
    expect(texts(b)).toEqual(["first", ...numbers(40)]);
    // Late talk is new to bob: he was a member when it was said.
    expect(b.store.state.ordinal).toBe(41);
  });

  test("gives nobody what was not for them, and a directed event to its recipient alone [HEAL-3]", async () => {
    const [pa, pb, pc] = [place("alice"), place("bob"), place("carol")];
    await using a = await pa.open(relay.port);
    {
      await using b = await pb.open(relay.port);
      await here(a, "bob");
      void b;
    }
    await using c = await pc.open(relay.port);
    await here(a, "carol");
    await tell(a, "for bob alone", ["bob"]);
    await tell(a, "for both", ["bob", "carol"]);
    await until("carol has hers", () => texts(c).includes("for both"));
    await using b = await pb.open(relay.port);
    await until("bob has both", () => texts(b).length === 2);
    await new Promise((r) => setTimeout(r, 1_500));
    expect(texts(c)).toEqual(["for both"]);
  });

  test("gives a newcomer some of the past, marked as history: nothing of it is handed as new [HEAL-5]", async () => {
    const [pa, pb] = [place("alice"), place("bob")];
    await using a = await pa.open(relay.port);
    for (const text of numbers(20)) await tell(a, text);
    await using b = await pb.open(relay.port);
    await until("bob has the past", () => texts(b).length === 20);
    expect(b.store.state.ordinal).toBe(0);
    await here(a, "bob");
    await tell(a, "new");
    await until("bob has the new", () => b.store.state.ordinal === 1);
  });

  test("heals what a relay took into its grave", async () => {
    const [pa, pb] = [place("alice"), place("bob")];
    const a = await pa.open(relay.port);
    {
      await using b = await pb.open(relay.port);
      await here(a, "bob");
      void b;
    }
    for (const text of numbers(10)) await tell(a, text);
    const { port } = relay;
    await relay.close();
    relay = await openRelay(port, 5);
    await using b = await pb.open(relay.port);
    await until("bob has all", () => texts(b).length === 10);
    await a[Symbol.asyncDispose]();
  });

  test("a member whose journals were lost gets its own words back and never uses a seq twice", async () => {
    const [pa, pb] = [place("alice"), place("bob")];
    await using b = await pb.open(relay.port);
    {
      await using a = await pa.open(relay.port);
      await here(a, "bob");
      await tell(a, "one");
      await tell(a, "two", ["bob"]);
      await until("bob has both", () => texts(b).length === 2);
    }
    rmSync(join(pa.dir, "project", ".agora"), { recursive: true });
    await using a = await pa.open(relay.port);
    await until("alice has hers back", () => texts(a).length === 2);
    await tell(a, "three");
    await until("bob has the third", () => texts(b).includes("three"));
    expect(texts(b)).toEqual(["one", "two", "three"]);
  });
});
