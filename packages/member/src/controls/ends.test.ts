import type { Control } from "@agora/protocol";
import { expect, test } from "vitest";
import { createEnds, GRACE_MS } from "./ends.ts";
import { foldControl, type HeldControls } from "./fold.ts";

const KEY = "k".repeat(43);
const END = 1_800_000_000_000;

function held(what: string, key: string, control: Control, seq = 1): HeldControls {
  const head = JSON.stringify({
    ...{
      v: 1,
      id: "c0ntr0ab23456789defg",
      room: "lobby",
      author: "olga",
      key,
      role: "user",
      kind: "control",
      to: [],
      hop: 0,
    },
    ...{ thread: "c0ntr0ab23456789defg", chain: "c0ntr0ab23456789defg", seq, time: END - 1_000 },
    body: { hash: "A".repeat(43), length: 1, media: "application/agora-control+json" },
  });
  const sealed = { head, sig: `${what}${seq}`, body: JSON.stringify(control) };
  return foldControl({}, what, { act: control.act, key, time: END - 1_000, seq, sealed });
}

test("who said it ends it when its time is past, another operator a minute later, and neither says it twice [CONTROL-18]", () => {
  const room = held("pause", KEY, { act: "pause", until: END });
  const [own, others] = [createEnds(KEY), createEnds("o".repeat(43))];
  expect(own(room, END - 1)).toEqual([]);
  expect(own(room, END)).toEqual([{ act: "resume", whom: {} }]);
  expect(own(room, END + 1_000)).toEqual([]);
  expect(others(room, END + GRACE_MS - 1)).toEqual([]);
  expect(others(room, END + GRACE_MS)).toEqual([{ act: "resume", whom: {} }]);
  // The relay was away, or refused: it is said again.
  expect(own(room, END + GRACE_MS)).toEqual([{ act: "resume", whom: {} }]);
});

test("a pause and a ban of a member end for that member; what has no end, or was taken back, is left alone [CONTROL-18]", () => {
  const ends = createEnds(KEY);
  const bob = { member: "bob", key: "g".repeat(43) };
  expect(ends(held(`pause:${bob.key}`, KEY, { act: "pause", ...bob, until: END }), END)).toEqual([
    { act: "resume", whom: bob },
  ]);
  expect(ends(held(`ban:${bob.key}`, KEY, { act: "ban", ...bob, until: END }), END)).toEqual([
    { act: "unban", whom: bob },
  ]);
  expect(ends(held("pause", KEY, { act: "pause" }), END)).toEqual([]);
  expect(ends(held("pause", KEY, { act: "resume", until: END }, 2), END)).toEqual([]);
  expect(ends(held("stop", KEY, { act: "stop", until: END }), END)).toEqual([]);
});

test("of two bans of one name only the one with an end ends; a word for a name or a key alone ends for just that [CONTROL-18]", () => {
  const [one, other] = [
    { member: "bob", key: "w".repeat(43) },
    { member: "bob", key: "A".repeat(43) },
  ];
  const both = {
    ...held(`ban:${one.key}`, KEY, { act: "ban", ...one, until: END }),
    ...held(`ban:${other.key}`, KEY, { act: "ban", ...other }, 2),
  };
  expect(createEnds(KEY)(both, END)).toEqual([{ act: "unban", whom: one }]);
  const [name, key] = [{ member: "bob" }, { key: one.key }];
  expect(createEnds(KEY)(held("pause:bob", KEY, { act: "pause", ...name, until: END }), END)).toEqual([
    { act: "resume", whom: name },
  ]);
  expect(createEnds(KEY)(held(`ban:${one.key}`, KEY, { act: "ban", ...key, until: END }), END)).toEqual([
    { act: "unban", whom: key },
  ]);
});
