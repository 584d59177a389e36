// [CHAIN-3] [CHAIN-4]: a chain's count is the same in whatever order its events come, and never lower than a hop says.
import type { Head } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Chains, foldChain, foldMore, foldWoken, limitOf, MAX_CHAINS, patternOf, turnsOf } from "./fold.ts";

const chain = "chain00000";
interface Turn {
  readonly hop: number;
  readonly author: string;
  readonly text: string;
}
function head({ hop, author, text }: Turn, more: Partial<Head> = {}): Head {
  const body = { hash: text.padEnd(43, "A"), length: 1, media: "text/plain" };
  const id = `${author}${hop}${text}`;
  const base = {
    v: 1,
    room: "lobby",
    key: "k",
    role: "agent",
    kind: "message",
    to: [],
    thread: chain,
    seq: 1,
    time: 1,
  } as const;
  return { ...base, to: [], id, author, chain, hop, body, ...more };
}
const fold = (events: readonly (Turn | number)[]): Chains => {
  const chains: Chains = {};
  for (const [at, event] of events.entries()) {
    if (typeof event === "number") foldMore(chains, chain, `gift${event}`, event);
    else foldChain(chains, head(event));
    if (at % 2 === 0) foldChain(chains, head({ hop: 0, author: "alice", text: "x" }, { id: chain, role: "user" }));
  }
  return chains;
};
const turn = fc.record({
  hop: fc.integer({ min: 1, max: 20 }),
  author: fc.constantFrom("bob", "carol"),
  text: fc.constantFrom("a", "b"),
});

test("any order of arrival, also twice, gives the same count and limit [CHAIN-3] [CHAIN-4]", () => {
  // An author takes one turn at one hop.
  const turns = fc.uniqueArray(turn, { selector: (t) => `${t.hop} ${t.author}`, minLength: 1 });
  const gifts = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { maxLength: 5 });
  fc.assert(
    fc.property(turns, gifts, fc.infiniteStream(fc.nat()), (some, more, dice) => {
      const events = [...some, ...more];
      const shuffled = [...events, ...events].map((e) => ({ e, at: dice.next().value! })).sort((a, b) => a.at - b.at);
      const [one, two] = [fold(events)[chain], fold(shuffled.map(({ e }) => e))[chain]];
      expect([turnsOf(two), limitOf(two, 12), patternOf(two!)]).toEqual([
        turnsOf(one),
        limitOf(one, 12),
        patternOf(one!),
      ]);
      expect(turnsOf(one)).toBe(Math.max(some.length, ...some.map((t) => t.hop)));
      expect(limitOf(one, 12)).toBe(12 + more.reduce((a, b) => a + b, 0));
    }),
  );
});

test("what a person says, a ping, a void count nothing", () => {
  const chains: Chains = {};
  for (const more of [{ role: "user" }, { kind: "void" }, { kind: "ping" }, { kind: "budget" }] as const)
    foldChain(chains, head({ hop: 3, author: "bob", text: "a" }, more));
  expect(turnsOf(chains[chain])).toBe(0);
});

test("loops are seen: two who answer each other, the same text; a talk of three is none", () => {
  const talk = (names: readonly string[], text: (n: number) => string) =>
    patternOf(fold(names.map((author, n) => ({ hop: n + 1, author, text: text(n) })))[chain]!);
  expect(talk(["bob", "carol", "bob", "carol"], String)).toBe("@bob and @carol answer each other");
  expect(talk(["bob", "carol", "dave", "bob"], String)).toBeUndefined();
  expect(talk(["bob", "carol", "bob"], String)).toBeUndefined();
  expect(talk(["bob", "carol", "dave"], () => "thanks")).toBe("the same text came 3 times");
});

test("a bounded number is remembered, those that go on the longest", () => {
  const chains: Chains = {};
  for (let n = 0; n < MAX_CHAINS * 2; n += 1) {
    foldChain(
      chains,
      head({ hop: 0, author: "bob", text: "a" }, { id: `other${n}`, chain: `other${n}`, role: "user", key: `k${n}` }),
    );
    foldChain(chains, head({ hop: n + 1, author: "bob", text: "a" }));
  }
  const { length } = Object.keys(chains);
  expect(length).toBe(MAX_CHAINS);
  expect(turnsOf(chains[chain])).toBeGreaterThan(MAX_CHAINS);
});

test("a chain that caused turns here is not forgotten for chains that somebody invents, nor an honest one for one member's many", () => {
  const chains: Chains = {};
  foldWoken(chains, "ours");
  const from = (key: string, id: string): Head =>
    head({ hop: 0, author: "x", text: "a" }, { id, chain: id, role: "user", key });
  foldChain(chains, from("alice", "hers"));
  for (let n = 0; n < MAX_CHAINS * 3; n += 1) foldChain(chains, from("mallory", `m${n}`));
  expect(chains["ours"]?.woken).toBe(1);
  expect(chains["hers"]).toBeDefined();
  for (let n = 0; n < MAX_CHAINS * 3; n += 1) foldChain(chains, from(`key${n}`, `k${n}`));
  expect(chains["ours"]?.woken).toBe(1);
  expect(Object.keys(chains).length).toBeLessThanOrEqual(MAX_CHAINS + 1);
});
