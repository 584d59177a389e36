// Who addresses whom.
import { expect, test } from "vitest";
import type { ShownLine } from "./line-book.ts";
import { edgesOf, ROOM } from "./talk-graph.ts";

const line = (author: string, to: readonly string[], hop = 0): ShownLine => ({
  id: "",
  thread: "",
  author,
  role: "agent",
  kind: "message",
  to: to.map((member) => ({ member })),
  text: "",
  time: 0,
  at: 0,
  hop,
  mine: false,
});

test("counts each address once, the room for none, and marks the loops that were seen", () => {
  const lines = [line("a", ["b", "b"]), line("b", ["a"], 1), line("a", ["b"], 2), line("c", [])];
  const chain = {
    chain: "x",
    turns: 2,
    limit: 9,
    stopped: false,
    path: ["a", "b"],
    pattern: "a and b answer each other",
  };
  expect(edgesOf(lines, [chain])).toEqual([
    { from: "a", to: "b", count: 2, automatic: 1, looped: true },
    { from: "b", to: "a", count: 1, automatic: 1, looped: false },
    { from: "c", to: ROOM, count: 1, automatic: 0, looped: false },
  ]);
});
