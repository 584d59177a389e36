// Rules as a fold: the last decision about a member or a place holds, and nobody's name is a property of every object.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  foldRule,
  isFull,
  MAX_RULES,
  mayOf,
  type Mode,
  modeAt,
  noRules,
  type ReplyRules,
  type RuleRecord,
} from "./rules-fold.ts";

const fold = (records: readonly RuleRecord[]): ReplyRules => records.reduce(foldRule, noRules());

test("the last decision about a member holds, then that about everybody, then wake", () => {
  const name = fc.constantFrom("bob", "constructor", "carol", undefined);
  const may = fc.constantFrom("wake" as const, "word" as const, undefined);
  fc.assert(
    fc.property(fc.array(fc.record({ member: name, may })), (decisions) => {
      const rules = fold(
        decisions.map(({ member, may: rule }) => ({
          ...{ op: "allow" as const, at: 0 },
          ...(member === undefined ? {} : { member }),
          ...(rule === undefined ? {} : { may: rule }),
        })),
      );
      const last = (who: string | undefined) => decisions.findLast(({ member }) => member === who)?.may;
      for (const who of ["bob", "constructor", "carol", "dave"])
        expect(mayOf(rules, who)).toBe(last(who) ?? last(undefined) ?? "wake");
    }),
  );
});

test("the mode of a thread holds before that of its channel, and that before the general one", () => {
  const mode = fc.constantFrom<Mode[]>("manual", "auto");
  const maybe = fc.option(mode, { nil: undefined });
  fc.assert(
    fc.property(maybe, maybe, mode, (ofThread, ofChannel, general) => {
      const at = (place: string, to: Mode | undefined): RuleRecord[] =>
        to === undefined ? [] : [{ op: "mode-at", at: 0, place, mode: to }];
      const rules = fold([...at("thread1", ofThread), ...at("#review", ofChannel)]);
      expect(modeAt(rules, { thread: "thread1", channel: "review" }, general)).toBe(ofThread ?? ofChannel ?? general);
      expect(modeAt(rules, { thread: "thread1" }, general)).toBe(ofThread ?? general);
      expect(modeAt(rules, { thread: "another" }, general)).toBe(general);
    }),
  );
});

test("one rule too many is refused, another decision under a known name is not", () => {
  const rules = fold(
    Array.from({ length: MAX_RULES }, (_, n) => ({ op: "allow", at: 0, member: `m${n}`, may: "word" }) as const),
  );
  expect([isFull(rules.members, "one-more"), isFull(rules.members, "m3"), isFull(rules.places, "#c")]).toEqual([
    true,
    false,
    false,
  ]);
});
