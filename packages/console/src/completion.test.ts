// Names while they are typed.
import type { Member } from "@agora/ipc/messages";
import { expect, test } from "vitest";
import { complete, completionAt } from "./completion.ts";

const seat = (name: string) => ({ seat: name, connected: true, reachable: true, busy: false });
const members: readonly Member[] = [
  { name: "alice", you: true, online: true, key: "a", seats: [seat("claude")] },
  { name: "bob", you: false, online: false, key: "b", seats: [] },
  { name: "bobby", you: false, online: true, key: "c", seats: [seat("codex")] },
];

const offered = (text: string, caret = text.length) =>
  completionAt(text, caret, members)?.choices.map(({ address }) => address);

test("who is here comes first; sessions and the person stand under their member", () => {
  expect(offered("@bob")).toEqual(["bobby", "bobby/codex", "bobby/person", "bob", "bob/person"]);
  expect(offered("@")).toEqual(["bobby", "bob"]);
  expect(offered("@bobby/")).toEqual(["bobby/codex", "bobby/person"]);
  expect(offered("@al")).toEqual(["alice/claude"]);
});

test("an observer, who can't answer, is not offered", () => {
  const otto: Member = { name: "otto", you: false, online: true, key: "d", seats: [], grant: "observer" };
  expect(completionAt("@ot", 3, [...members, otto])).toBeUndefined();
  expect(completionAt("@ot", 3, [...members, { ...otto, grant: "member" }])?.choices).toHaveLength(2);
});

test("only where a name is being typed", () => {
  expect(offered("mail@bob")).toBeUndefined();
  expect(offered("@bob hello")).toBeUndefined();
  expect(offered("@bob hello", 3)).toEqual(["bobby", "bobby/codex", "bobby/person", "bob", "bob/person"]);
  expect(offered("@zed")).toBeUndefined();
});

test("the choice takes the word's place", () => {
  const completion = completionAt("@bo and more", 3, members)!;
  expect(complete("@bo and more", completion, completion.choices[0]!)).toEqual({ text: "@bobby and more", caret: 7 });
});
