// Who addresses whom.
import { expect, test } from "vitest";
import { edgesOf, ROOM } from "./talk-graph.ts";

const counts = (m15: number, h1: number) => ({ m5: 0, m15, h1, d1: h1 });

test("shows a span's counts, the heaviest first, without those of before, and marks the loops that were seen", () => {
  const pairs = [
    { from: "c", messages: counts(1, 1), turns: counts(0, 0) },
    { from: "b", to: "a", messages: counts(0, 5), turns: counts(0, 5) },
    { from: "a", to: "b", messages: counts(2, 2), turns: counts(1, 1) },
  ];
  const chain = {
    chain: "x",
    turns: 2,
    limit: 9,
    stopped: false,
    path: ["a", "b"],
    pattern: "a and b answer each other",
  };
  const edges = [
    { from: "a", to: "b", count: 2, automatic: 1, looped: true },
    { from: "c", to: ROOM, count: 1, automatic: 0, looped: false },
  ];
  expect(edgesOf(pairs, [chain], "m15")).toEqual(edges);
  expect(edgesOf(pairs, [chain], "h1")).toEqual([
    { from: "b", to: "a", count: 5, automatic: 5, looped: false },
    ...edges,
  ]);
});
