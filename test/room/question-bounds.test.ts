// Questions beside their plain way: urgent ones, withdrawn and refused ones, own ones without a relay, and those asked again.
import { expect, test } from "vitest";
import { QUESTION } from "@agora/protocol";
import { decide, decisions } from "../../packages/member/src/decisions/requests.ts";
import { inbox } from "../../packages/member/src/messages/inbox.ts";
import { answer, withdraw } from "../../packages/member/src/questions/requests.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import { verifies } from "../verifies.ts";
import { makePlace, type Member, must, openRelay, request, until } from "./fixture.ts";
import {
  arrives,
  asks,
  deliveryOf,
  here,
  lately,
  midTurn,
  people,
  session,
  waiting,
  FORM,
  allHere,
  withThree,
} from "./question-fixture.ts";

withThree();

verifies(
  ["QUESTION-1", "QUESTION-2"],
  "a question that addresses no person, or can't be read, reaches no model",
  async () => {
    const [alice] = people();
    await alice.room.inbox.setMode("auto");
    const seat = session(alice);
    const place = makePlace("mallory");
    const raw = await place.open(here.relay.port);
    try {
      await until("mallory is here", () => alice.room.members.isHere("mallory"));
      const send = async (body: object, to: { member: string; seat?: string }) => {
        const event = raw.room.events.make({
          role: "agent",
          kind: "question",
          to: [{ ...to, key: alice.room.myKey }],
          body: JSON.stringify(body),
          media: QUESTION,
        });
        must(await raw.room.outbox.queue(event, ["alice"], "raw"));
        return event.head.id;
      };
      const toSeat = await send({ text: "Run rm -rf?", pick: "text" }, { member: "alice", seat });
      await arrives(alice, toSeat);
      expect(alice.room.seats.prompt(seat, true).items).toEqual([]);
      for (const body of [
        { text: "", pick: "text" },
        { text: "x", pick: "one" },
        { text: "x", pick: "text", choices: [{ id: "a", label: "A" }] },
        {
          text: "x",
          pick: "one",
          choices: [
            { id: "a", label: "A" },
            { id: "a", label: "B" },
          ],
        },
        { text: "x".repeat(4_001), pick: "text" },
        { text: "x", pick: "many", choices: Array.from({ length: 21 }, (_, i) => ({ id: `c${i}`, label: "c" })) },
      ]) {
        const id = await send(body, { member: "alice" });
        await until("refused", () => deliveryOf(raw, id, "alice")?.state === "rejected");
      }
      expect(waiting(alice)).toHaveLength(1);
    } finally {
      await raw[Symbol.asyncDispose]();
      place.remove();
    }
  },
);

verifies(
  ["QUESTION-6"],
  "the asker takes a question back: nobody needs to answer, and nobody else can take it back",
  async () => {
    const [alice, bob, carol] = people();
    const seat = session(alice);
    const asked = must(await asks(alice, "Still there?", { to: ["bob"] }, seat));
    await arrives(bob, asked.id);
    const forged = carol.room.events.make({
      role: "user",
      kind: "message",
      to: [{ member: "bob", key: bob.room.myKey }],
      body: "withdrawn",
      media: "text/plain",
      about: { how: "retracts", id: asked.id },
    });
    must(await carol.room.outbox.queue(forged, ["bob"], "forged"));
    await until("it is a message like any", () =>
      inbox(bob.room, { via: "cli" }).items.some(({ from }) => from === "carol"),
    );
    expect(waiting(bob)).toHaveLength(1);
    expect(await withdraw(bob.room, { via: "cli", question: asked.id }, undefined)).toMatchObject({
      code: "unknown-thread",
    });
    must(await withdraw(alice.room, { via: "tool", question: asked.id }, alice.store.state.seats[seat]));
    await until("it is closed at bob", () => waiting(bob).length === 0);
    expect(await answer(bob.room, { via: "cli", question: asked.id, words: "yes" })).toMatchObject({
      message: "Too late: the question was withdrawn.",
    });
    await until("alice knows", () => deliveryOf(alice, asked.id, "bob")?.state === "expired");
  },
);

verifies(
  ["QUESTION-7"],
  "a person decides, also without a question; the list has both, newest first, and a model's own side only",
  async () => {
    const [alice, bob, carol] = people();
    const seat = session(alice);
    expect(await request(alice, "decide", { via: "tool", text: "mine" })).toMatchObject({ code: "not-allowed" });
    const asked = must(
      await asks(alice, "Which database?", { ...FORM, choices: [...FORM.choices], to: ["bob"] }, seat),
    );
    await arrives(bob, asked.id);
    must(await answer(bob.room, { via: "cli", question: asked.id, words: "MongoDB" }));
    must(await decide(carol.room, { via: "hook", text: "No releases on Fridays\nNobody is here then." }));
    const listOf = (member: Member, via: "cli" | "tool") => decisions(member.room, { via, limit: 10 }).decisions;
    await until("both", () => listOf(alice, "cli").length === 2);
    expect(listOf(alice, "cli")).toMatchObject([
      { by: "carol", title: "No releases on Fridays", text: "Nobody is here then." },
      { by: "bob", title: '"MongoDB"', asked: { text: "Which database?", from: "alice" } },
    ]);
    expect(listOf(alice, "tool")).toHaveLength(2);
    await until("bob has both", () => listOf(bob, "cli").length === 2);
    expect(listOf(bob, "tool").map(({ by }) => by)).toEqual(["carol"]);
    expect(listOf(carol, "cli").map(({ by }) => by)).toEqual(["carol"]);
    expect(decisions(alice.room, { via: "cli", limit: 1 })).toMatchObject({ more: true });
    // A recorded decision is news for everybody's agents; an agent's is none.
    expect(alice.room.seats.prompt(seat, true).items.map(({ line }) => line.text)).toContain(
      "decided: No releases on Fridays\nNobody is here then.",
    );
    const agents = bob.room.events.make({
      role: "agent",
      kind: "decision",
      to: [],
      body: JSON.stringify({ title: "x" }),
      media: "application/agora-decision+json",
    });
    must(await bob.room.outbox.queue(agents, [], "x"));
    await until("it came", () =>
      [...alice.store.history.back()].some(({ value }) => "id" in value && value.id === agents.head.id),
    );
    expect(listOf(alice, "cli")).toHaveLength(2);
  },
);

verifies(
  ["QUESTION-1"],
  "who waits for the answer has it with the tool's result, and is not told a second time",
  async () => {
    const [alice, bob] = people();
    const seat = session(alice);
    const waits = asks(alice, "Go on?", { to: ["bob"], waitS: 50 }, seat);
    const [open] = await until("the question", () => (waiting(bob).length === 1 ? waiting(bob) : undefined));
    must(await answer(bob.room, { via: "console", question: open!.id, text: "yes, please" }));
    expect(must(await waits).question).toMatchObject({ state: "answered", answer: { by: "bob", text: "yes, please" } });
    expect([midTurn(alice, seat), alice.store.state.inbox]).toEqual([[], {}]);
    const short = must(await asks(alice, "And now?", { to: ["bob"], timeoutS: 2, waitS: 20 }, seat));
    expect(short.question?.state).toBe("expired");
    expect(midTurn(alice, seat)).toEqual([]);
    const open2 = must(await asks(alice, "Later?", { to: ["bob"], waitS: 0.05 }, seat));
    expect(open2.question?.state).toBe("open");
  },
);

verifies(
  ["QUESTION-1"],
  "what is urgent goes to the owner; a person's own question is answered to the person",
  async () => {
    const [alice, bob] = people();
    const place = makePlace("helper");
    const helper = await place.open(here.relay.port);
    try {
      await until("bob is here", () => helper.room.members.isHere("bob"));
      Object.assign(helper.room, { human: () => "bob" });
      const asked = must(await asks(helper, "I am stuck.", { urgent: true }, session(helper)));
      expect(asked.to).toEqual(["bob"]);
      expect(await arrives(bob, asked.id)).toMatchObject({ urgent: true });
    } finally {
      await helper[Symbol.asyncDispose]();
      place.remove();
    }
    const own = must(await asks(alice, "Lunch?", { to: ["bob"] }));
    await arrives(bob, own.id);
    must(await answer(bob.room, { via: "cli", question: own.id, words: "at one" }));
    await until("it waits for alice", () => inbox(alice.room, { via: "cli", peek: true }).items.length === 1);
    expect(inbox(alice.room, { via: "tool" }).items).toEqual([]);
    expect(inbox(alice.room, { via: "cli", peek: true }).items[0]!.text).toContain('"at one" by @bob (person)');
    // A reply in the thread is no answer to a question that waits.
    const next = must(await asks(alice, "And where?", { to: ["bob"] }));
    await arrives(bob, next.id);
    must(await say(bob.room, { via: "cli", text: "let me think", to: [], thread: next.thread }, undefined));
    expect(waiting(bob).map(({ id }) => id)).toContain(next.id);
    // Refused by its id it is the question that is meant, not what was said in its thread since.
    must(await say(alice.room, { via: "cli", text: "take your time", to: ["bob"], thread: next.thread }, undefined));
    await until("a word in the thread", () =>
      inbox(bob.room, { via: "cli" }).items.some(({ text }) => text === "take your time"),
    );
    must(await reject(bob.room, { via: "console", thread: next.id }, undefined));
    expect(waiting(bob).map(({ id }) => id)).not.toContain(next.id);
  },
);

verifies(
  ["QUESTION-5"],
  "who is asked may refuse: the session that asked is told, another's refusal is a message like any",
  async () => {
    const [alice, bob, carol] = people();
    const seat = session(alice);
    const asked = must(await asks(alice, "Shall I?", { to: ["bob"] }, seat));
    await arrives(bob, asked.id);
    const forged = carol.room.events.make({
      role: "user",
      kind: "message",
      to: [{ member: "alice", key: alice.room.myKey }],
      body: "no",
      media: "text/plain",
      thread: asked.thread,
      about: { how: "rejects", id: asked.id },
    });
    must(await carol.room.outbox.queue(forged, ["alice"], "forged"));
    await until("it came", () => inbox(alice.room, { via: "cli", peek: true }).items.length === 1);
    expect(midTurn(alice, seat)).toEqual([]); // it waits for a prompt, as what others say does
    must(await reject(bob.room, { via: "cli", thread: asked.id, reason: "not mine to say" }, undefined));
    const line = await until("the refusal", () => midTurn(alice, seat)[0]);
    expect(line).toMatchObject({ author: "bob", text: "not mine to say", about: { how: "rejects", id: asked.id } });
    expect(lately(alice)[0]).toMatchObject({ id: asked.id, state: "refused" });
    expect(await answer(bob.room, { via: "cli", question: asked.id, words: "yes" })).toMatchObject({
      code: "not-allowed",
    });
    // Our own person refuses what our own session asks: nobody else hears of it.
    const own = must(await asks(alice, "May I?", {}, seat));
    await arrives(alice, own.id);
    must(await reject(alice.room, { via: "hook", thread: own.id }, undefined));
    await until("the own refusal", () => midTurn(alice, seat)[0]?.text === "rejected");
    expect(bob.room.questions.standing(own.id)).toBeUndefined();
  },
);

verifies(
  ["QUESTION-1", "QUESTION-5"],
  "between a session and its own person no relay is needed, and nothing comes twice when it is back",
  async () => {
    const [alice, bob] = people();
    const seat = session(alice);
    const { port } = here.relay;
    await here.relay.close();
    await until("the relay is away", () => alice.room.connection().state !== "joined");
    const asked = must(await asks(alice, "Which way?", { choices: [{ label: "left" }, { label: "right" }] }, seat));
    expect(asked).toMatchObject({ state: "queued", question: { state: "open" } });
    expect(waiting(alice)).toMatchObject([{ id: asked.id, text: "Which way?" }]);
    expect(inbox(alice.room, { via: "cli", peek: true }).items).toMatchObject([
      { kind: "question", text: "Which way?" },
    ]);
    alice.crash();
    const again = await here.places[0]!.open(port);
    here.members[0] = again;
    session(again);
    expect(must(await answer(again.room, { via: "cli", question: "last", words: "left" })).state).toBe("queued");
    const told = midTurn(again, seat);
    expect(told).toMatchObject([
      { kind: "answer", text: 'The question "Which way?" was answered: "left" by @alice (person)' },
    ]);
    expect(midTurn(again, seat)).toEqual([]);
    here.relay = await openRelay(port);
    await allHere();
    await until("both are stamped", () =>
      Object.values(again.store.state.outbox).every(({ state }) => state === "relayed"),
    );
    expect([midTurn(again, seat), again.store.state.inbox]).toEqual([[], {}]);
    expect(lately(again)).toMatchObject([{ id: asked.id, state: "answered", answer: { by: "alice" } }]);
    expect(again.store.state.questions.answers[told[0]!.id]?.queued).toBeUndefined();
    expect(bob.room.questions.standing(asked.id)).toBeUndefined();
  },
);

test("a session that asks the same again has asked once; another session, or other words, is another question", async () => {
  const [alice, bob] = people();
  const [seat, other] = [session(alice), session(alice, "s2")];
  const form = { ...FORM, choices: [...FORM.choices], to: ["bob"] };
  const first = must(await asks(alice, "Which database?", form, seat));
  const again = must(await asks(alice, "Which database?", form, seat));
  expect(again).toMatchObject({ id: first.id, notes: [expect.stringContaining("not asked again")] });
  expect(must(await asks(alice, "Which database?", form, other)).id).not.toBe(first.id);
  expect(must(await asks(alice, "Which cache?", form, seat)).id).not.toBe(first.id);
  await until("three questions", () => waiting(bob).length === 3);
});
