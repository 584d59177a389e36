// The fold of questions: the same state for any order of arrival, bounded by author, and the first answer that counts.
import type { Head, Question } from "@agora/protocol";
import { ANSWER, DECISION, QUESTION, TEXT } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_HANDED_ON, MAX_OF_ALL, MAX_OF_AUTHOR, MAX_OF_STRANGERS, type WhoIs } from "./bounds.ts";
import { decidedIn, foldQuestion, foldQuestionStamp, noQuestions, type Questions, standingOf } from "./fold.ts";

interface Said {
  readonly head: Head;
  readonly body: string;
  readonly stamp: string;
}
const NAMES = ["alice", "bob", "carol", "dave"] as const;
const MEDIA: Readonly<Record<string, string>> = {
  question: QUESTION,
  answer: ANSWER,
  decision: DECISION,
  message: TEXT,
};
function said(kind: string, author: string, id: string, ms: number, body: object, more: Partial<Head> = {}): Said {
  const head: Head = {
    v: 1,
    id,
    room: "lab",
    author,
    key: `key-${author}`,
    role: "user",
    kind,
    to: [],
    thread: id,
    chain: id,
    hop: 0,
    seq: 1,
    time: ms,
    body: { hash: "", length: 0, media: MEDIA[kind] ?? TEXT },
    ...more,
  };
  return { head, body: JSON.stringify(body), stamp: `${ms}-0` };
}
const form: Question = {
  text: "Which?",
  pick: "one",
  choices: [
    { id: "a", label: "A" },
    { id: "b", label: "B" },
  ],
};
const TO = ["bob", "carol"].map((member) => ({ member, key: `key-${member}`, person: true as const }));
const asked = (id: string, ms = 1_000, expires = 2_000) => said("question", "alice", id, ms, form, { to: TO, expires });
const answered = (
  id: string,
  by: string,
  ms: number,
  question: string,
  more: Partial<Head> = {},
  body: object = { picked: ["a"] },
) => said("answer", by, id, ms, body, { to: [{ member: "alice" }], about: { how: "answers", id: question }, ...more });
const fold = (events: readonly Said[]): Questions =>
  events.reduce((questions, { head, body, stamp }) => foldQuestion(questions, { head, body }, stamp), noQuestions());
/** Objects without the order of their keys, as what was kept is compared. */
const sorted = (questions: Questions): unknown =>
  Object.fromEntries(
    Object.entries(questions).map(([name, entries]) => [
      name,
      Object.keys(entries)
        .sort()
        .map((id) => (entries as Record<string, unknown>)[id]),
    ]),
  );

const anyEvent: fc.Arbitrary<Said> = fc
  .record({
    what: fc.nat(5),
    who: fc.nat(3),
    ms: fc.integer({ min: 1, max: 3_000 }),
    about: fc.nat(2),
    role: fc.boolean(),
  })
  .map(({ what, who, ms, about, role }): Said => {
    const question = `q${about}`;
    const id = `${what}-${who}-${ms}-${about}-${role}`;
    const more = { role: role ? ("user" as const) : ("agent" as const) };
    if (what === 0) return asked(question, 1_000 + about);
    if (what === 1) return said("decision", NAMES[who]!, id, ms, { title: id }, more);
    if (what === 2)
      return said("message", NAMES[who]!, id, ms, {}, { to: TO, about: { how: "retracts", id: question } });
    return answered(id, NAMES[who]!, ms, question, more, what === 3 ? { picked: ["b"] } : { text: "own" });
  });

test("the same events give the same state in any order [QUESTION-4]", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 40 }), (events, order) => {
      const other = events.map((event, i) => ({ event, at: order[i] ?? i })).sort((a, b) => a.at - b.at);
      const [one, two] = [fold(events), fold([...other.map(({ event }) => event), ...events])];
      expect(sorted(two)).toEqual(sorted(one));
      for (const id of ["q0", "q1", "q2"]) expect(standingOf(two, id, 9_000)).toEqual(standingOf(one, id, 9_000));
      expect(decidedIn(two, 9_000, 10)).toEqual(decidedIn(one, 9_000, 10));
    }),
  );
});

test("one author's many push out only that author's, the same ones in any order", () => {
  const many = Array.from({ length: MAX_OF_AUTHOR + 40 }, (_, i) =>
    said("decision", "mallory", `m${i}`, i + 1, { title: "x" }),
  );
  const questions = fold([asked("q"), ...many.toReversed()]);
  expect(Object.keys(questions.decisions)).toHaveLength(MAX_OF_AUTHOR);
  expect(sorted(questions)).toEqual(sorted(fold([...many, asked("q")])));
  expect(questions.asked["q"]).toBeDefined();
  const crowd = Array.from({ length: 20 }, (_, who) =>
    Array.from({ length: 40 }, (_unused, i) =>
      said("decision", `peer${who}`, `p${who}x${i}`, i * 20 + who + 1, { title: "x" }),
    ),
  ).flat();
  const [one, two] = [fold(crowd), fold(crowd.toReversed())];
  expect(Object.keys(one.decisions)).toHaveLength(MAX_OF_ALL);
  expect(sorted(two)).toEqual(sorted(one));
});

test("one question each of many names pushes out nobody's who was here before, nor any of who is known", () => {
  const circles: Record<string, ReturnType<WhoIs>> = { "key-friend": { standing: "met" } };
  const whoIs: WhoIs = (key) => circles[key] ?? { standing: "here" };
  const from = (who: string, ms: number) => said("question", who, `q-${who}`, ms, form, { to: TO });
  const foldAs = (events: readonly Said[]): Questions =>
    events.reduce(
      (all, { head, body, stamp }) => foldQuestion(all, { head, body }, stamp, "relay", whoIs),
      noQuestions(),
    );
  const flood = Array.from({ length: 1_000 }, (_, n) => from(`n${n}`, 1_000 + n));
  const events = [from("friend", 1), from("honest", 2), ...flood];
  const questions = foldAs(events);
  expect(Object.keys(questions.asked)).toHaveLength(1 + MAX_OF_STRANGERS);
  for (const who of ["friend", "honest", "n0"]) expect(questions.asked[`q-${who}`]).toBeDefined();
  expect(questions.asked["q-n999"]).toBeUndefined();
  expect(sorted(foldAs(events.toReversed()))).toEqual(sorted(questions));
  // What one member hands on is paid by that member, whatever the names.
  for (const { head } of flood) circles[head.key] = { standing: "handed", by: "mallory" };
  circles["key-honest"] = { standing: "handed", by: "friend" };
  const handed = foldAs([...flood, from("friend", 5_000), from("honest", 5_001)]);
  expect(handed.asked["q-honest"]).toBeDefined();
  expect(Object.keys(handed.asked)).toHaveLength(1 + MAX_HANDED_ON);
});

test("the first answer of a person who was asked, that fits and is in time, is the answer [QUESTION-4]", () => {
  const q = asked("q");
  const stands = (...events: Said[]) => standingOf(fold([q, ...events]), "q", 1_500);
  expect(stands()).toMatchObject({ state: "open", late: [] });
  const none = [
    answered("a", "dave", 1_100, "q"),
    answered("b", "bob", 1_100, "q", { role: "agent" }),
    answered("c", "bob", 1_100, "q", { key: "key-other" }),
    answered("d", "bob", 1_100, "q", {}, { picked: ["z"] }),
    answered("e", "bob", 1_100, "q", {}, { text: "own" }),
    answered("f", "bob", 1_100, "other"),
  ];
  expect(stands(...none)).toMatchObject({ state: "open", late: [] });
  const two = [answered("later", "bob", 1_300, "q"), answered("first", "carol", 1_200, "q")];
  expect(stands(...none, ...two)).toMatchObject({
    state: "answered",
    answer: { id: "first" },
    late: [{ id: "later" }],
  });
  // In time is judged by stamps alone: a second is what the asker gave.
  expect(stands(answered("a", "bob", 2_000, "q"))).toMatchObject({ state: "answered" });
  expect(stands(answered("a", "bob", 2_001, "q"))).toMatchObject({ state: "open", late: [{ id: "a" }] });
  expect(standingOf(fold([q]), "q", 2_001)).toMatchObject({ state: "expired" });
  const moved = foldQuestionStamp(fold([q, ...two]), "first", "1400-0");
  expect(standingOf(moved, "q", 1_500)).toMatchObject({ answer: { id: "later" } });
});

test("only the asker withdraws, and not what was answered before [QUESTION-6]", () => {
  const back = (by: string, ms: number) =>
    said("message", by, `w-${by}`, ms, {}, { to: TO, about: { how: "retracts", id: "q" } });
  const stands = (...events: Said[]) => standingOf(fold([asked("q"), ...events]), "q", 1_500)?.state;
  expect(stands(back("bob", 1_100))).toBe("open");
  expect(stands(back("alice", 1_100), answered("a", "bob", 1_200, "q"))).toBe("withdrawn");
  expect(stands(back("alice", 1_300), answered("a", "bob", 1_200, "q"))).toBe("answered");
});

test("a question is refused when all who were asked refuse, and an answer still counts [QUESTION-4]", () => {
  const no = (by: string, ms: number, role: "user" | "agent" = "user") =>
    said("message", by, `no-${by}`, ms, {}, { to: [{ member: "alice" }], role, about: { how: "rejects", id: "q" } });
  const stands = (...events: Said[]) => standingOf(fold([asked("q"), ...events]), "q", 1_500)?.state;
  expect(stands(no("bob", 1_100))).toBe("open");
  expect(stands(no("bob", 1_100), no("dave", 1_200))).toBe("open");
  expect(stands(no("bob", 1_100), no("carol", 1_200, "agent"))).toBe("open");
  expect(stands(no("bob", 1_100), no("carol", 1_200))).toBe("refused");
  expect(stands(no("bob", 1_100), no("carol", 1_200), answered("a", "bob", 1_300, "q"))).toBe("answered");
});

test("a member's word on when something was said takes nothing from an answer that counts already [QUESTION-4]", () => {
  const put = (questions: Questions, { head, body, stamp }: Said, by: "relay" | "member"): Questions =>
    foldQuestion(questions, { head, body }, stamp, by);
  const [first, second] = [answered("first", "bob", 1_100, "q"), answered("second", "carol", 1_200, "q")];
  const back = said("message", "alice", "w", 1_050, {}, { to: TO, about: { how: "retracts", id: "q" } });
  const acted = put(fold([asked("q")]), second, "relay");
  for (const event of [first, back]) put(acted, event, "member");
  expect(standingOf(acted, "q", 1_500)).toMatchObject({ answer: { id: "second" }, late: [{ id: "first" }] });
  // The relay's own word on it counts.
  expect(standingOf(foldQuestionStamp(acted, "first", "1100-0"), "q", 1_500)).toMatchObject({
    answer: { id: "first" },
  });
  // Where both are a member's word, their places decide, whichever came first.
  for (const two of [
    [first, second],
    [second, first],
  ])
    expect(
      standingOf(
        two.reduce((questions, event) => put(questions, event, "member"), fold([asked("q")])),
        "q",
        1_500,
      ),
    ).toMatchObject({ answer: { id: "first" } });
});

test("nobody's clock decides; of one who answered twice the first by its own number counts, wherever it is placed [QUESTION-4]", () => {
  const off = fc.constantFrom(0, -86_400_000, -120_000, 3_600_000);
  const base = 1_700_000_000_000;
  fc.assert(
    fc.property(off, off, fc.shuffledSubarray([0, 1], { minLength: 2 }), (askers, answerers, order) => {
      const time = base + askers;
      const to = { to: TO, time, expires: time + 60_000 };
      const q = said("question", "alice", "q", base, form, to);
      const answers = [base + 2_000, base + 1_000].map((ms, n) =>
        said(
          "answer",
          "bob",
          `a${n + 1}`,
          ms,
          { picked: [n === 0 ? "a" : "b"] },
          {
            to: [{ member: "alice" }],
            about: { how: "answers", id: "q" },
            seq: n + 1,
            time: base + answerers,
          },
        ),
      );
      const questions = noQuestions();
      foldQuestion(questions, q, q.stamp);
      expect(standingOf(questions, "q", base + 59_000)?.state).toBe("open");
      expect(standingOf(questions, "q", base + 61_000)?.state).toBe("expired");
      for (const n of order) foldQuestion(questions, answers[n]!, answers[n]!.stamp);
      expect(standingOf(questions, "q", base + 59_000)?.answer?.id).toBe("a1");
    }),
  );
});
