// Channels as folds: one state for any order of arrival, and only the owner's and the operators' words count.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldAct, foldActStamp } from "./fold.ts";
import { channelOwnerOf, decidingOf, isActKnown, observersOf, removalsOf, topicOf } from "./decided.ts";
import { type ActHeard, type ChannelActs, EVERYBODY } from "./acts.ts";

const fold = (acts: readonly ActHeard[]): ChannelActs => acts.reduce((state, act) => foldAct(state, act), {});
let n = 0;
const act = (key: string, what: ActHeard["act"], stamp: string, more: Partial<ActHeard> = {}): ActHeard => ({
  channel: "build",
  id: `id${(n += 1)}`,
  stamp,
  author: `name-of-${key}`,
  key,
  act: what,
  ...more,
});

const sealed = (head: string, chars = 10): NonNullable<ActHeard["sealed"]> => ({
  head,
  sig: "s",
  body: "b".repeat(chars),
});

describe("acts in a channel", () => {
  test("whoever opened it first is its owner, however late that is heard [CHANNEL-7]", () => {
    const acts = fold([act("B", "open", "2-0")]);
    expect(channelOwnerOf(acts, "build")).toMatchObject({ name: "name-of-B", key: "B" });
    foldAct(acts, act("A", "open", "1-5", { text: "builds" }));
    expect(channelOwnerOf(acts, "build")?.key).toBe("A");
    expect(topicOf(acts, "build")).toBe("builds");
    expect(channelOwnerOf(acts, "other")).toBeUndefined();
  });

  test("topics and removals of others count nothing, an operator's count [CHANNEL-7] [CHANNEL-8]", () => {
    const acts = fold([
      act("A", "open", "1-0"),
      act("B", "topic", "2-0", { text: "mine now" }),
      act("B", "remove", "2-1", { target: "A" }),
    ]);
    expect([topicOf(acts, "build"), removalsOf(acts, "build").size]).toEqual([undefined, 0]);
    foldAct(acts, act("A", "remove", "3-0", { target: "B", member: "bob" }));
    expect(removalsOf(acts, "build").get("B")).toMatchObject({ member: "bob", by: "name-of-A", stamp: "3-0" });
    foldAct(acts, act("O", "topic", "4-0", { text: "theirs", operator: true }));
    foldAct(acts, act("O", "admit", "4-1", { target: "B", operator: true }));
    expect([topicOf(acts, "build"), removalsOf(acts, "build").size]).toEqual(["theirs", 0]);
    foldAct(acts, act("A", "topic", "5-0", { text: "" }));
    expect(topicOf(acts, "build")).toBeUndefined();
  });

  test("a later owner's earlier words count as soon as it is known to be one", () => {
    const acts = fold([act("B", "open", "5-0"), act("A", "topic", "3-0", { text: "early", position: 7 })]);
    expect(topicOf(acts, "build")).toBeUndefined();
    foldAct(acts, act("A", "open", "1-0", { position: 3 }));
    expect(topicOf(acts, "build")).toBe("early");
    expect(decidingOf(acts, "build").map(({ position }) => position)).toEqual([3, 7]);
  });

  test("what decides is known with its event, and as an operator's; what is of no effect is not among it [CHANNEL-5]", () => {
    const acts = fold([
      act("B", "remove", "2-0", { target: "A", sealed: sealed("b") }),
      act("O", "topic", "4-0", { text: "theirs", operator: true, told: "9-0", sealed: sealed("o") }),
      act("A", "topic", "3-0", { text: "early", sealed: sealed("a2") }),
      act("A", "open", "1-0", { text: "first", sealed: sealed("a1") }),
    ]);
    const deciding = decidingOf(acts, "build");
    expect(deciding.map((one) => one.sealed?.head)).toEqual(["a1", "o", "a2"]);
    expect(deciding.map(({ operator, told }) => [operator, told])[1]).toEqual([true, "9-0"]);
    // What a relay said of its place since is what counts.
    foldActStamp(acts, deciding[1]!.id, "5-0");
    expect(decidingOf(acts, "build")[1]).not.toHaveProperty("told");
    const { id } = deciding[0]!;
    expect(isActKnown(acts, { channel: "build", key: "A", id })).toBe(true);
    expect(isActKnown(acts, { channel: "build", key: "B", id })).toBe(false);
    expect(isActKnown(acts, { channel: "other", key: "A", id })).toBe(false);
  });

  test("what an earlier version kept without its event gets it, and counts as it did", () => {
    const late = act("B", "open", "1-0", { late: true, text: "late", position: 2 });
    const acts = fold([act("A", "open", "5-0", { text: "mine", position: 1 }), late]);
    const before = structuredClone(acts);
    const { late: _, position: __, ...again } = late;
    foldAct(acts, { ...again, sealed: sealed("e") });
    expect(acts["build"]!["B"]).toEqual({
      ...before["build"]!["B"],
      open: { ...before["build"]!["B"]!.open, sealed: sealed("e") },
      topic: { ...before["build"]!["B"]!.topic, sealed: sealed("e") },
    });
    expect(acts["build"]!["A"]).toEqual(before["build"]!["A"]);
    const { sealed: ___, ...bare } = { ...again, sealed: undefined };
    foldAct(acts, bare);
    expect(acts["build"]!["B"]!.open?.sealed).toEqual(sealed("e"));
  });

  test("what got another place in the room's order counts there [STAMP-4]", () => {
    const first = act("A", "open", "1-0", { text: "one", position: 1 });
    const acts = fold([first, act("B", "open", "2-0", { text: "two" }), act("A", "remove", "3-0", { target: "B" })]);
    foldActStamp(acts, first.id, "9-0");
    foldActStamp(acts, "unknown", "1-0");
    expect([channelOwnerOf(acts, "build")?.key, topicOf(acts, "build")]).toEqual(["B", "two"]);
    expect(removalsOf(acts, "build").size).toBe(0);
  });

  test("the same state for any order of arrival", () => {
    const key = fc.constantFrom("A", "B", "C", "D");
    const one = fc.record({
      key,
      act: fc.constantFrom("open", "topic", "remove", "admit", "join") as fc.Arbitrary<ActHeard["act"]>,
      text: fc.option(fc.string({ maxLength: 5 }), { nil: undefined }),
      target: key,
      operator: fc.boolean(),
      stamp: fc.tuple(fc.nat(5), fc.nat(3)).map(([ms, m]) => `${ms}-${m}`),
      channel: fc.constantFrom("build", "lunch"),
    });
    const shuffled = fc
      .array(one, { maxLength: 40 })
      .chain((acts) => fc.tuple(fc.constant(acts), fc.shuffledSubarray([...acts.keys()], { minLength: acts.length })));
    fc.assert(
      fc.property(shuffled, ([acts, order]) => {
        const heard = acts.map(({ key: k, text, operator, ...rest }, i): ActHeard => {
          const said = text === undefined ? {} : { text };
          const as = operator ? { operator: true as const } : {};
          const event = { sealed: sealed(`head of ${i}`) };
          return { ...rest, id: `id${i}`, author: k, key: k, member: rest.target, ...said, ...as, ...event };
        });
        const twice = [...order, ...order.slice(0, 5)];
        expect(fold(twice.map((i) => heard[i]!))).toEqual(fold(heard));
      }),
    );
  });

  test("the order of one author's acts is its own, whatever places and ids they have [CHANNEL-7]", () => {
    const acts = fold([
      act("A", "open", "1-0", { seq: 1 }),
      act("A", "remove", "5-0", { seq: 2, target: "B", id: "z" }),
    ]);
    expect([...removalsOf(acts, "build").keys()]).toEqual(["B"]);
    // Healed: a member's word, cut to the room's latest stamp, which is the removal's own.
    foldAct(acts, act("A", "admit", "5-0", { seq: 3, target: "B", id: "a", told: "6-0" }));
    expect(removalsOf(acts, "build").size).toBe(0);
    foldAct(acts, act("A", "remove", "4-0", { seq: 4, target: "B" }));
    expect(removalsOf(acts, "build").size).toBe(1);
    // An operator's word on it is another author's: there the room's order decides, and what was cut to a stamp comes after it.
    const others = fold([
      act("A", "open", "1-0", { seq: 1 }),
      act("O", "remove", "5-0", { seq: 9, target: "B", id: "z", operator: true }),
      act("A", "admit", "5-0", { seq: 2, target: "B", id: "a", told: "6-0" }),
    ]);
    expect(removalsOf(others, "build").size).toBe(0);
    // As an operator and as the owner it is still one author.
    foldAct(acts, act("A", "admit", "2-0", { seq: 5, target: "B", operator: true }));
    expect(removalsOf(acts, "build").size).toBe(0);
  });

  test("by one author the highest seq decides, in any order of arrival and at any place [CHANNEL-7]", () => {
    const one = fc.record({
      what: fc.constantFrom("topic", "remove", "admit") as fc.Arbitrary<ActHeard["act"]>,
      stamp: fc.nat(3).map((ms) => `${ms}-0`),
      operator: fc.boolean(),
      id: fc.nat(1_000),
    });
    const shuffled = fc
      .uniqueArray(one, { minLength: 1, maxLength: 12, selector: ({ id }) => id })
      .chain((acts) => fc.tuple(fc.constant(acts), fc.shuffledSubarray([...acts.keys()], { minLength: acts.length })));
    fc.assert(
      fc.property(shuffled, ([acts, order]) => {
        const heard = acts.map(({ what, stamp, operator, id }, i): ActHeard => {
          const as = operator ? { operator: true as const } : {};
          const said = what === "topic" ? { text: `topic ${i}` } : { target: "B" };
          return act("A", what, stamp, { seq: i + 2, id: `id${id}`, ...as, ...said });
        });
        const opened = act("A", "open", "9-0", { seq: 1 });
        const acted = fold([opened, ...[...order, ...order.slice(0, 3)].map((i) => heard[i]!)]);
        const moves = heard.filter((one) => one.target !== undefined);
        expect(removalsOf(acted, "build").has("B")).toBe(moves.at(-1)?.act === "remove");
        expect(topicOf(acted, "build")).toBe(heard.findLast((one) => one.text !== undefined)?.text);
      }),
    );
  });

  test("another's event that has the same id moves nothing of it, whatever place it gets", () => {
    const mine = act("A", "open", "1-0", { text: "one" });
    const acts = fold([mine, act("B", "open", "2-0")]);
    foldActStamp(acts, mine.id, "9-0", "B");
    expect(channelOwnerOf(acts, "build")?.key).toBe("A");
    foldActStamp(acts, mine.id, "9-0", "A");
    expect(channelOwnerOf(acts, "build")?.key).toBe("B");
  });

  test("nobody takes it over by saying that they had opened it before, nor do many [CHANNEL-7]", () => {
    const acts = fold([act("A", "open", "5-0", { text: "mine" })]);
    const forged = act("M", "open", "1-0", { late: true });
    foldAct(acts, forged);
    for (let i = 0; i < 40; i += 1) foldAct(acts, act(`M${i}`, "open", "0-1", { late: true }));
    foldAct(acts, act("M", "remove", "6-0", { target: "A" }));
    expect([channelOwnerOf(acts, "build")?.key, removalsOf(acts, "build").size]).toEqual(["A", 0]);
    // Where nobody is known to have opened it, a member's word is all there is; the relay's own word counts always.
    expect(channelOwnerOf(fold([forged, act("A", "open", "5-0")]), "build")?.key).toBe("M");
    const two = fold([act("A", "open", "5-0"), forged]);
    foldActStamp(two, forged.id, "1-0");
    expect(channelOwnerOf(two, "build")?.key).toBe("M");
  });

  test("nobody's many acts push out the owner's", () => {
    const acts = fold([act("A", "open", "1-0", { text: "kept" })]);
    for (let i = 0; i < 200; i += 1) {
      foldAct(acts, act(`M${i}`, "open", "2-0"));
      for (let j = 0; j < 100; j += 1) foldAct(acts, act("M", "remove", `3-${j}`, { target: `t${j}` }));
    }
    expect([channelOwnerOf(acts, "build")?.key, topicOf(acts, "build")]).toEqual(["A", "kept"]);
    expect(Object.keys(acts["build"]!).length).toBeLessThanOrEqual(16);
    expect(JSON.stringify(acts).length).toBeLessThan(20_000);
  });

  test("events are kept up to a bound, those of what counts the longest", () => {
    const big = sealed("x", 5_000);
    const acts = fold([
      act("A", "open", "1-0", { sealed: sealed("opened") }),
      act("O", "remove", "2-0", { target: "T", operator: true, sealed: sealed("removed") }),
      act("A", "topic", "2-1", { text: "kept", sealed: sealed("topic") }),
    ]);
    for (let i = 0; i < 20; i += 1)
      foldAct(acts, act(`M${i}`, "open", `0-${i}`, { late: true, text: "m", sealed: big }));
    const kept = (): readonly (string | undefined)[] => decidingOf(acts, "build").map((one) => one.sealed?.head);
    const isBounded = (): void => {
      const events = Object.values(acts["build"]!).flatMap(({ open, topic, moves }) => [
        ...[open, topic].map((placed) => placed?.sealed),
        ...Object.values(moves).map((placed) => placed.sealed),
      ]);
      expect(events.filter((event) => event?.body === big.body)).toHaveLength(6);
    };
    expect(kept()).toEqual(["opened", "topic", "removed"]);
    isBounded();
    // Not even whoever owns it pushes out what an operator said; of the owner's own the newest is kept.
    for (let i = 0; i < 40; i += 1)
      foldAct(acts, act("A", "remove", `3-${i}`, { target: `t${i}`, sealed: { ...big, head: `${i}` } }));
    expect(kept().filter((head) => head !== undefined)).toEqual([
      ...["opened", "topic"],
      ...["34", "35", "36", "37", "38", "39", "removed"],
    ]);
    isBounded();
  });

  test("of too many channels those are forgotten first that this member is not in", () => {
    const isIn = (channel: string): boolean => channel === "c0" || channel === "c2";
    const acts: ChannelActs = {};
    for (let i = 0; i < 300; i += 1) foldAct(acts, act("A", "open", "1-0", { channel: `c${i}` }), isIn);
    expect(Object.keys(acts)).toHaveLength(200);
    expect(Object.keys(acts).slice(0, 2)).toEqual(["c0", "c2"]);
  });
});

describe("who speaks in a channel", () => {
  const role = (key: string, target: string, to: "observer" | "member", stamp: string, more: Partial<ActHeard> = {}) =>
    act(key, "role", stamp, { target, role: to, ...more });

  test("is decided by its owner and by those with a grant, the last word of each about each [RIGHT-4]", () => {
    const acts = fold([act("A", "open", "1-0"), role("B", "A", "observer", "2-0"), role("A", "B", "observer", "3-0")]);
    expect([...observersOf(acts, "build")]).toEqual([["B", { by: "name-of-A", stamp: "3-0" }]]);
    foldAct(acts, role("L", "B", "member", "4-0", { operator: true }));
    expect(observersOf(acts, "build").size).toBe(0);
    foldAct(acts, act("A", "archive", "5-0", { target: EVERYBODY, role: "observer" }));
    expect(observersOf(acts, "build").get(EVERYBODY)).toEqual({ by: "name-of-A", stamp: "5-0", archived: true });
    foldAct(acts, act("B", "reopen", "6-0", { target: EVERYBODY, role: "member" }));
    expect(observersOf(acts, "build").size).toBe(1);
    foldAct(acts, act("A", "reopen", "6-1", { target: EVERYBODY, role: "member" }));
    expect(observersOf(acts, "build").size).toBe(0);
    // A newcomer is told of it, and a removal is none.
    expect(decidingOf(acts, "build").length).toBe(4);
    expect(removalsOf(acts, "build").size).toBe(0);
  });

  test("is the same for any order of arrival [RIGHT-4]", () => {
    const one = fc.record({
      key: fc.constantFrom("A", "B", "C"),
      target: fc.constantFrom("A", "B", "C", EVERYBODY),
      to: fc.constantFrom("observer" as const, "member" as const),
      operator: fc.boolean(),
      stamp: fc.tuple(fc.nat(5), fc.nat(3)).map(([ms, m]) => `${ms}-${m}`),
    });
    const shuffled = fc
      .array(one, { maxLength: 30 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([all, order]) => {
        const opened = act("A", "open", "0-0", { id: "opened" });
        const heard = all.map(({ key, target, to, operator, stamp }, i): ActHeard => {
          const as = operator ? { operator: true as const } : {};
          return role(key, target, to, stamp, { id: `id${i}`, ...as });
        });
        const inOrder = [...order, ...order.slice(0, 4)].map((i) => heard[i]!);
        expect(fold([...inOrder, opened])).toEqual(fold([opened, ...heard]));
      }),
    );
  });
});
