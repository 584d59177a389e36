// Controls give the same state in whatever order they come.
import type { Control } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_CONTROLS } from "@agora/protocol";
import { Controls, type VerifiedControl } from "./controls.ts";

function control(
  act: Control["act"],
  seq: number,
  more: Partial<VerifiedControl> & { who?: string } = {},
): VerifiedControl {
  const { who, ...rest } = more;
  const signed = { head: `${act} ${seq} ${rest.key ?? "k"}`, sig: "", body: "" };
  const body = { act, grant: "", ...(who === undefined ? {} : { key: who }) };
  return { control: body, author: "olga", key: "k", seq, time: seq, signed, ...rest };
}

test("of one operator the higher seq counts, of several the later time [CONTROL-3]", () => {
  const controls = new Controls();
  expect(controls.adopt(control("stop", 2))).toBe(true);
  expect(controls.adopt(control("reset", 1, { time: 99 }))).toBe(false);
  expect(controls.brake).toBe("stopped");
  expect(controls.adopt(control("reset", 1, { key: "other", time: 3 }))).toBe(true);
  expect(controls.brake).toBeUndefined();
  expect(controls.adopt(control("kick", 9))).toBe(false);
});

test("any order of arrival, also twice, gives the same state [CONTROL-3]", () => {
  const acts = fc.constantFrom<Control["act"][]>("pause", "resume", "stop", "reset", "ban", "unban");
  const one = fc.record({
    act: acts,
    who: fc.constantFrom("a", "b"),
    key: fc.constantFrom("k1", "k2"),
    time: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (list, chance) => {
      const all = list.map((c, i) => control(c.act, i + 1, c));
      const shuffled = [...all, ...all]
        .map((c) => ({ c, at: chance.next().value as number }))
        .sort((x, y) => x.at - y.at);
      const [one, other] = [new Controls(), new Controls()];
      for (const c of all) one.adopt(c);
      for (const { c } of shuffled) other.adopt(c);
      const state = (c: Controls): unknown => [
        c.brake,
        c.isBanned("x", "a"),
        c.isBanned("x", "b"),
        c
          .list()
          .map((e) => e.head)
          .sort(),
      ];
      expect(state(other)).toEqual(state(one));
    }),
  );
});

test("a bounded number is kept; bans outlive what only says 'as usual'", () => {
  const controls = new Controls();
  for (let i = 0; i < MAX_CONTROLS; i++) controls.adopt(control("ban", i + 1, { who: `key ${i}` }));
  controls.adopt(control("resume", 1_000));
  expect(controls.size).toBe(MAX_CONTROLS);
  expect(controls.isBanned("x", "key 0")).toBe(true);
});
