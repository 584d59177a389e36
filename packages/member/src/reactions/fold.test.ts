import type { Head, Role } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { foldReaction, MAX_PER_EVENT, MAX_PER_STRANGER, type Reactions, reactionsTo, readReaction } from "./fold.ts";

interface Said {
  readonly event: string;
  readonly from: string;
  readonly role: Role;
  readonly seq: number;
  readonly text: string;
}
const headOf = ({ event, from, role, seq }: Said, more: Partial<Head> = {}): Head => ({
  ...{ v: 1, room: "lobby", author: from, key: `key-${from}`, kind: "reaction", to: [], thread: event, chain: event },
  ...{ id: `${from}${role}${seq}`, role, seq, hop: 0, time: 1, about: { how: "answers", id: event } },
  body: { hash: "A".repeat(43), length: 1, media: "text/plain" },
  ...more,
});
const nobody = (): undefined => undefined;
const fold = (all: readonly Said[], into: Reactions = {}): Reactions => {
  for (const said of all) foldReaction(into, { head: headOf(said), body: said.text }, nobody);
  return into;
};
const toAll = (id: string) => ({ id, author: "alice", to: [] });
const counted = (reactions: Reactions, id: string): string[] =>
  reactionsTo(reactions, toAll(id)).map(
    ({ text, by }) => `${text} ${by.map((b) => `${b.member}/${b.role}`).join(" ")}`,
  );

const said = fc.record({
  event: fc.constantFrom("event0001", "event0002"),
  from: fc.constantFrom("alice", "bob", "carol"),
  role: fc.constantFrom<Role>("user", "agent"),
  seq: fc.integer({ min: 1, max: 30 }),
});
const script = fc.uniqueArray(said, { selector: (s) => headOf({ ...s, text: "" }).id, maxLength: 40 }).map((all) =>
  // One number is one event, whose words its author can't choose twice.
  all.map((s): Said => ({ ...s, text: ["👍", "done", ""][s.seq % 3]! })),
);

test("reactions are the same in whatever order they come, twice or once; of one author the newest counts [REACTION-3]", () => {
  fc.assert(
    fc.property(
      script.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, other]) => {
        const [one, two] = [fold(all), fold([...other, ...all])];
        expect(two).toEqual(one);
        for (const id of ["event0001", "event0002"]) expect(counted(two, id)).toEqual(counted(one, id));
        for (const { text, seq } of Object.values(one)) expect(text).toBe(["👍", "done", ""][seq % 3]);
      },
    ),
  );
});

test("an agent's word does not replace its person's, and what was taken back is not shown [REACTION-3]", () => {
  const base = { event: "event0001", from: "bob", text: "👍" } as const;
  const reactions = fold([
    { ...base, role: "user", seq: 1 },
    { ...base, role: "agent", seq: 2 },
    { ...base, from: "carol", role: "user", seq: 1, text: "done" },
  ]);
  expect(counted(reactions, "event0001")).toEqual(["👍 bob/agent bob/user", "done carol/user"]);
  fold([{ ...base, role: "user", seq: 3, text: "" }], reactions);
  expect(counted(reactions, "event0001")).toEqual(["done carol/user", "👍 bob/agent"]);
});

test("a reaction is an emoji or a word; what acts, hides or is long is none [REACTION-2]", () => {
  for (const fine of ["👍", "👩‍👩‍👧‍👦", "❤️", "done", "e\u0301té", "x".repeat(16), ""])
    expect(readReaction(fine)).toBe(fine.normalize("NFC"));
  for (const bad of ["two words", "a\nb", "\u202eevil", "a\u200bb", "\u001b[31m", "\u0007", "x".repeat(17), "\ud800"])
    expect(readReaction(bad)).toBeUndefined();
  const head = headOf({ event: "event0001", from: "bob", role: "user", seq: 1, text: "" });
  for (const other of [
    { ...head, body: { ...head.body, media: "text/html" } },
    { ...head, about: { how: "rejects" as const, id: "event0001" } },
    { ...head, kind: "message" },
  ]) {
    const reactions: Reactions = {};
    foldReaction(reactions, { head: other, body: "👍" }, nobody);
    expect(reactions).toEqual({});
  }
});

test("10,000 reactions by one name stay bounded, and none of those that are known go for them [REACTION-4]", () => {
  const known = headOf({ event: "event0001", from: "bob", role: "user", seq: 1, text: "" });
  const reactions: Reactions = {};
  foldReaction(reactions, { head: known, body: "👍" }, () => ({ standing: "met" }));
  const mallory = { from: "mallory", role: "user", text: "spam" } as const;
  fold(
    Array.from({ length: 10_000 }, (_, n) => ({ ...mallory, seq: n + 1, event: `event${n + 1000}` })),
    reactions,
  );
  expect(Object.keys(reactions)).toHaveLength(MAX_PER_STRANGER + 1);
  // Other names to the one event, and other names handed on by one.
  const names = Array.from({ length: 10_000 }, (_, n) => ({ ...mallory, from: `n${n}`, seq: 1, event: "event0001" }));
  fold(names, reactions);
  expect(reactionsTo(reactions, toAll("event0001")).map(({ text, by }) => [text, by.length])).toEqual([
    ["spam", MAX_PER_EVENT],
    ["👍", 1],
  ]);
  for (let n = 0; n < 10_000; n += 1) {
    const head = headOf({ ...mallory, from: `h${n}`, seq: 1, event: `other${n}` });
    foldReaction(reactions, { head, body: "spam", by: "mallory" }, nobody);
  }
  expect(Object.keys(reactions).length).toBeLessThanOrEqual(MAX_PER_EVENT + 2 * MAX_PER_STRANGER + 1);
  expect(counted(reactions, "event0001")).toContain("👍 bob/user");
});

test("whoever was not told of an event, or reacts in another channel, does not count [REACTION-5]", () => {
  const reactions: Reactions = {};
  const from = (name: string, more: Partial<Head> = {}): void => {
    const head = headOf({ event: "event0001", from: name, role: "user", seq: 1, text: "" }, more);
    foldReaction(reactions, { head, body: "👍" }, nobody);
  };
  for (const name of ["alice", "bob", "carol"]) from(name);
  from("dave", { channel: "build" });
  const names = (event: Parameters<typeof reactionsTo>[1]): unknown =>
    reactionsTo(reactions, event).flatMap(({ by }) => by.map(({ member }) => member));
  expect(names({ ...toAll("event0001"), to: [{ member: "bob" }] })).toEqual(["alice", "bob"]);
  expect(names(toAll("event0001"))).toEqual(["alice", "bob", "carol"]);
  expect(names({ ...toAll("event0001"), channel: "build" })).toEqual(["dave"]);
});
