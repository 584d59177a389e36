// Questions and decisions as commands: what the daemon is asked, and how the answer reads.
import { runCommand } from "@agora/commands";
import type { QuestionState } from "@agora/ipc";
import { expect, test } from "vitest";
import { NOW, scripted } from "./scripted-daemon.ts";
import { THREAD, HOSTILE, command, item, lines } from "./run-lines.ts";

const question: QuestionState = {
  id: THREAD,
  thread: THREAD,
  from: "bob",
  seat: "claude",
  role: "agent",
  to: ["alice"],
  text: `Which one?${HOSTILE}`,
  pick: "many",
  choices: [
    { id: "1", label: "the old one" },
    { id: "2", label: `new${HOSTILE}`, about: "fast" },
  ],
  other: true,
  urgent: true,
  otherwise: "I keep it",
  at: NOW,
  expires: NOW + 600_000,
  state: "open",
  mine: false,
  forMe: true,
};
const answered: QuestionState = {
  ...question,
  state: "answered",
  answer: { by: "alice", at: NOW, picked: ["1"], words: '"the old one"' },
  late: [{ by: "carol", at: NOW, picked: ["2"], words: '"new"' }],
};

test("ask: the form as the daemon gets it, and how it ended when it was waited for", async () => {
  const data = {
    id: THREAD,
    thread: THREAD,
    to: ["bob"],
    expires: NOW + 600_000,
    state: "relayed",
    notes: ["@bob is away"],
  };
  const { around, asked } = scripted({ ask: { ...data, question: answered } });
  const words = ["ask", "@bob", "--choice", "a b", "--choice", "c", "--timeout", "10m", "--wait", "5", "Which?"];
  const answer = await runCommand(command(...words), around);
  expect(asked).toMatchObject([
    {
      name: "ask",
      args: {
        via: "cli",
        to: ["bob"],
        text: "Which?",
        choices: [{ label: "a b" }, { label: "c" }],
        pick: "one",
        timeoutS: 600,
        waitS: 5,
      },
      timeoutMs: 35_000,
    },
  ]);
  expect(answer.ok && answer.lines).toEqual([
    "asked @bob question 7k3f9x2c, open for 10 min",
    'answered: "the old one" by @alice',
    "  @bob is away",
  ]);
  const urgent = scripted({ ask: data });
  await runCommand(command("escalate", "Help"), urgent.around);
  expect(urgent.asked[0]!.args).toMatchObject({ via: "cli", to: [], text: "Help", urgent: true });
});

test("questions: all that wait in one place, with what can be picked; nothing in them acts", async () => {
  const text = await lines({ questions: { waiting: [question], asked: [], lately: [answered] } }, ["questions"]);
  expect(text).toContain("question 7k3f9x2c · urgent · open, 10 min left");
  expect(text).toContain("  1 the old one");
  expect(text).toContain("(one or more, with commas, or your own words)");
  expect(text).toContain("without an answer: I keep it");
  expect(text).toContain("agora answer 7k3f9x2c CHOICE or TEXT");
  expect(text).toContain('→ "the old one" by @alice');
  expect(text).toContain('too late: "new" by @carol');
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
  expect(await lines({ questions: { waiting: [], asked: [], lately: [] } }, ["questions"])).toBe("no question is open");
  const inbox = await lines({ inbox: { items: [{ ...item, kind: "question", question }] } }, ["inbox"]);
  expect(inbox).toContain("agora answer 7k3f9x2c CHOICE or TEXT · agora reject 7k3f9x2c");
  expect(inbox).not.toContain("agora accept");
});

test("answer and decide: a person's; what counts, and what came too late", async () => {
  const given = { id: THREAD, question: answered, state: "relayed", words: '"new"' };
  expect(await lines({ answer: given }, ["answer", "7k3f", "2"])).toBe(
    'answered @bob: "new"\ntoo late: @alice answered first, "the old one"',
  );
  expect(
    await lines({ answer: { ...given, state: "queued", reason: "relay away" } }, ["answer", "7k3f", "2"]),
  ).toContain("it waits (relay away) and counts if it gets through in time");
  for (const words of [
    ["answer", "7k3f", "2"],
    ["decide", "x"],
  ])
    expect(await lines({}, words, { via: "shell" })).toContain("belongs to the person");
  expect(await lines({ decide: { id: THREAD, thread: THREAD, state: "relayed" } }, ["decide", "x"])).toContain(
    "7k3f9x2c",
  );
  const decision = { id: THREAD, thread: THREAD, by: "carol", at: NOW, title: "No releases on Fridays" };
  const list = {
    decisions: [decision, { ...decision, by: "alice", title: '"the old one"', asked: answered }],
    more: true,
  };
  const text = await lines({ decisions: list }, ["decisions"]);
  expect(text).toContain("carol decided");
  expect(text).toContain("alice answered bob/claude");
  expect(text).toContain("agora decisions --limit N");
});
