import type { SeatActivity } from "@agora/ipc/messages";
import { expect, test } from "vitest";
import { groupsOf, keyOf, membersOf } from "./board.ts";

const none = { m5: 0, m15: 0, h1: 0, d1: 0 };
const row = (member: string, seat: string, more: Partial<SeatActivity> = {}): SeatActivity => ({
  ...{ member, seat, you: false, online: true, state: "idle", queued: 0, messages: none, turns: none },
  ...more,
});
const rows = [
  row("bot", "claude", { owner: "bob", loop: "@bot and @carol answer each other" }),
  row("carol", "codex", { status: "Sorting the schema" }),
  row("bob", "claude", { branch: "main" }),
];

test("rows are found by all their words, whatever the case", () => {
  const found = (filter: string): string[] => groupsOf(rows, filter, false)[0]!.rows.map(keyOf);
  expect(found("")).toEqual(["bot/claude", "carol/codex", "bob/claude"]);
  expect(found(" SCHEMA codex")).toEqual(["carol/codex"]);
  expect(found("loop")).toEqual(["bot/claude"]);
  expect(found("nobody")).toEqual([]);
});

test("by owner an agent stands with its person, the most urgent first", () => {
  expect(groupsOf(rows, "", true).map(({ owner, rows: own }) => [owner, own.map(keyOf)])).toEqual([
    ["bob", ["bot/claude", "bob/claude"]],
    ["carol", ["carol/codex"]],
  ]);
});

test("of several sessions of a member the member is meant once, and of what is hidden nothing", () => {
  const both = [...rows, row("bob", "codex")];
  expect(membersOf(both, new Set(["bob/claude", "bob/codex", "gone/x"]))).toEqual(["bob"]);
});
