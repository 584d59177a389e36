// Forms and answers: whatever an answer says, it either fits its form or is told why not; hostile forms are none.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readBody } from "./bodies.ts";
import { MAX_CHOICES, MAX_QUESTION_CHARS } from "./limits.ts";
import { answerSchema, answerWords, misfitOf, type Question, questionSchema } from "./question.ts";

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,4}$/), { minLength: 1, maxLength: 6 });
const form: fc.Arbitrary<Question> = fc.oneof(
  fc.constant<Question>({ text: "What?", pick: "text" }),
  fc
    .record({ ids, pick: fc.constantFrom("one" as const, "many" as const), other: fc.boolean() })
    .map((drawn): Question => ({
      text: "Which?",
      pick: drawn.pick,
      choices: drawn.ids.map((id) => ({ id, label: `label ${id}` })),
      ...(drawn.other ? { other: true } : {}),
    })),
);

test("an answer fits exactly when the form allows it [QUESTION-3]", () => {
  fc.assert(
    fc.property(form, fc.array(fc.nat(6), { maxLength: 4 }), fc.boolean(), (asked, at, writes) => {
      const choices = asked.choices ?? [];
      const picked = at.map((n) => choices[n]?.id ?? "no-such");
      const answer = { ...(picked.length === 0 ? {} : { picked }), ...(writes ? { text: "own words" } : {}) };
      const known = picked.every((id) => choices.some((choice) => choice.id === id));
      const distinct = new Set(picked).size === picked.length;
      const count = picked.length + Number(writes);
      const fits =
        asked.pick === "text"
          ? picked.length === 0 && writes
          : known &&
            distinct &&
            count > 0 &&
            (asked.pick === "many" || count === 1) &&
            (!writes || asked.other === true);
      expect(misfitOf(asked, answer) === undefined).toBe(fits);
    }),
  );
});

test("whatever a body holds, reading it never throws, and what is read keeps to the bounds [QUESTION-2]", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
      const read = readBody(questionSchema, body);
      if (read !== undefined) expect(read.text.length).toBeLessThanOrEqual(MAX_QUESTION_CHARS);
      readBody(answerSchema, body);
    }),
  );
  const choice = (id: string) => ({ id, label: "x" });
  const bad = [
    { text: "  ", pick: "text" },
    { text: "x".repeat(MAX_QUESTION_CHARS + 1), pick: "text" },
    { text: "x", pick: "one" },
    { text: "x", pick: "one", choices: [] },
    { text: "x", pick: "text", choices: [choice("a")] },
    { text: "x", pick: "one", choices: [choice("a"), choice("a")] },
    { text: "x", pick: "one", choices: [choice("A b")] },
    { text: "x", pick: "many", choices: Array.from({ length: MAX_CHOICES + 1 }, (_, i) => choice(`c${i}`)) },
    { text: "x", pick: "some", choices: [choice("a")] },
  ];
  for (const body of bad) expect(readBody(questionSchema, JSON.stringify(body))).toBeUndefined();
});

test("an answer is shown in the words of its question", () => {
  const asked: Question = {
    text: "Which?",
    pick: "many",
    choices: [
      { id: "a", label: "Alpha" },
      { id: "b", label: "Beta" },
    ],
    other: true,
  };
  expect(answerWords(asked, { picked: ["b", "a"], text: "and mine" })).toBe('"Beta", "Alpha", "and mine"');
});
