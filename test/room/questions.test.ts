// Questions to people, with a real relay and real daemons: asked by an agent's session, answered by a person; who may answer, and
// which answer counts.
import { expect } from "vitest";
import { ANSWER } from "@agora/protocol";
import { accept, inbox } from "../../packages/member/src/messages/inbox.ts";
import { answer, questions } from "../../packages/member/src/questions/requests.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import { verifies } from "../verifies.ts";
import { ipcSession, type Member, must, request, until } from "./fixture.ts";
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
  withThree,
} from "./question-fixture.ts";

withThree();

verifies(
  ["QUESTION-1", "QUESTION-2", "QUESTION-3", "QUESTION-5"],
  "an agent asks another's person: it waits there for the person alone, and the answer comes back to the session that asked",
  async () => {
    const [alice, bob] = people();
    const [seat, other] = [session(alice), session(alice, "s2")];
    const bobs = session(bob);
    await bob.room.inbox.setMode("auto");
    const asked = must(
      await asks(alice, "Which database?", { ...FORM, choices: [...FORM.choices], to: ["bob"] }, seat),
    );
    expect(asked).toMatchObject({ to: ["bob"], state: "relayed", question: { state: "open", pick: "one" } });
    const form = await arrives(bob, asked.id);
    expect(form).toMatchObject({
      text: "Which database?",
      from: "alice",
      seat,
      pick: "one",
      other: true,
      choices: [
        { id: "1", label: "Postgres" },
        { id: "2", label: "SQLite", about: "one file" },
      ],
      state: "open",
      forMe: true,
      mine: false,
    });
    const [item] = inbox(bob.room, { via: "cli" }).items;
    expect(item).toMatchObject({ kind: "question", id: asked.id, question: { text: "Which database?" } });
    // In automatic mode, too, no model is told of it, and none can answer, refuse or take it.
    expect([inbox(bob.room, { via: "tool" }).items, questions(bob.room, { via: "tool" }).waiting]).toEqual([[], []]);
    const prompted = bob.room.seats.prompt(bobs, true);
    expect(prompted).toMatchObject({ items: [], notices: [expect.stringContaining("a question from the room waits")] });
    for (const via of ["tool", "shell"] as const) {
      const given = { via, question: asked.id, picked: ["1"] };
      expect(await request(bob, "answer", given)).toMatchObject({ ok: false, code: "not-allowed" });
      expect(await reject(bob.room, { via, thread: asked.thread }, undefined)).toMatchObject({ code: "not-allowed" });
    }
    expect(accept(bob.room, { via: "cli", thread: asked.thread }, undefined)).toMatchObject({ code: "not-allowed" });
    // That one waits is told to a session of the person's, once, and nothing of what is asked.
    const notices = () => bob.room.seats.prompt(bobs, true).notices ?? [];
    expect([notices(), notices()]).toEqual([[], []]);
    await until("alice knows it is held", () => deliveryOf(alice, asked.id, "bob")?.state === "held");

    for (const wrong of [{}, { picked: ["3"] }, { picked: ["1", "2"] }, { picked: ["1"], text: "and this" }])
      expect(await answer(bob.room, { via: "console", question: asked.id, ...wrong })).toMatchObject({
        code: "bad-request",
      });
    const given = must(await answer(bob.room, { via: "console", question: asked.id.slice(0, 6), picked: ["2"] }));
    expect(given).toMatchObject({ words: '"SQLite"', question: { state: "answered", answer: { by: "bob" } } });
    expect(waiting(bob)).toEqual([]);
    await until("it is answered", () => lately(alice).find(({ id }) => id === asked.id)?.state === "answered");
    await until("alice was told", () => deliveryOf(alice, asked.id, "bob")?.state === "answered");
    // Only the session that asked is told, mid-turn also in manual mode, once.
    expect(midTurn(alice, other)).toEqual([]);
    const [told, ...more] = midTurn(alice, seat);
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      kind: "answer",
      author: "bob",
      role: "user",
      text: 'The question "Which database?" was answered: "SQLite" by @bob (person)',
      about: { how: "answers", id: asked.id },
    });
    expect(midTurn(alice, seat)).toEqual([]);
    await until("bob knows it was seen", () => deliveryOf(bob, given.id, "alice")?.state === "seen");
    expect(alice.store.state.inbox).toEqual({});
  },
);

verifies(
  ["QUESTION-1"],
  "nobody named is the own person: the answer wakes the session that asked, in manual mode, too",
  async () => {
    const [alice] = people();
    const ipc = ipcSession("s1");
    const { seat } = alice.room.seats.attach(ipc, "claude", "s1");
    const asked = must(await asks(alice, "Shall I push?", { choices: [{ label: "yes" }, { label: "no" }] }, seat));
    expect(asked.to).toEqual(["alice"]);
    await arrives(alice, asked.id);
    expect(alice.room.seats.prompt(seat, true).items).toEqual([]);
    alice.room.seats.turnEnd(seat);
    const woken = alice.room.seats.awaitWake(ipc, "s1");
    must(await answer(alice.room, { via: "hook", question: "last", words: "YES" }));
    expect(await woken).toMatchObject({ wake: true, from: ["alice"] });
    const [item] = alice.room.seats.prompt(seat, false).items;
    expect(item?.line.text).toBe('The question "Shall I push?" was answered: "yes" by @alice (person)');
    expect(await answer(alice.room, { via: "hook", question: asked.id, words: "no" })).toMatchObject({
      message: "Too late: you answered it.",
    });
  },
);

verifies(["QUESTION-5"], "in automatic mode the end of a turn brings the answer, once", async () => {
  const [alice, bob] = people();
  await alice.room.inbox.setMode("auto");
  const seat = session(alice);
  alice.room.seats.prompt(seat, true);
  const asked = must(await asks(alice, "How long?", { to: ["bob"] }, seat));
  await arrives(bob, asked.id);
  must(await answer(bob.room, { via: "cli", question: asked.id, words: "two days" }));
  await until("the answer", () => Object.keys(alice.store.state.inbox).length === 1);
  const ended = alice.room.seats.turnEnd(seat);
  expect(ended.mention?.text).toContain('answered: "two days" by @bob (person)');
  expect(alice.room.seats.turnEnd(seat).mention).toBeUndefined();
  expect(alice.store.state.inbox).toEqual({});
});

verifies(
  ["QUESTION-4", "QUESTION-5"],
  "of two who are asked the first answer wins at all three, and the other is told",
  async () => {
    const [alice, bob, carol] = people();
    const seat = session(alice);
    const asked = must(
      await asks(alice, "Which one?", { ...FORM, choices: [...FORM.choices], to: ["bob", "@carol"] }, seat),
    );
    await Promise.all([arrives(bob, asked.id), arrives(carol, asked.id)]);
    const both = await Promise.all([
      answer(bob.room, { via: "console", question: asked.id, picked: ["1"] }),
      answer(carol.room, { via: "console", question: asked.id, picked: ["2"] }),
    ]);
    const ids = both.map((result) => must(result).id);
    const standing = (member: Member) => lately(member).find(({ id }) => id === asked.id);
    await until("all know both", () => here.members.every((member) => standing(member)?.late?.length === 1));
    const [first, ...others] = here.members.map((member) => ({
      by: standing(member)?.answer?.by,
      late: standing(member)?.late,
    }));
    for (const one of others) expect(one).toEqual(first);
    const loser = first!.by === "bob" ? 1 : 0;
    const told = midTurn(alice, seat);
    expect(told).toHaveLength(1);
    expect(told[0]!.author).toBe(first!.by);
    const late = await until("the later is refused", () => {
      const recipient = deliveryOf(here.members[loser + 1]!, ids[loser]!, "alice");
      return recipient?.state === "rejected" ? recipient : undefined;
    });
    expect(late.reason).toBe(`it came too late: @${first!.by} answered first`);
    expect(waiting(bob)).toEqual([]);
  },
);

verifies(["QUESTION-4"], "what another answered is no longer open for the second person asked", async () => {
  const [alice, bob, carol] = people();
  const asked = must(await asks(alice, "Which one?", { to: ["bob", "carol"] }, session(alice)));
  await Promise.all([arrives(bob, asked.id), arrives(carol, asked.id)]);
  must(await answer(bob.room, { via: "cli", question: asked.id, words: "the first" }));
  await until("carol's is closed", () => waiting(carol).length === 0);
  expect(await answer(carol.room, { via: "cli", question: asked.id, words: "no" })).toMatchObject({
    ok: false,
    message: "Too late: @bob answered first.",
  });
  await until("alice is told why", () => deliveryOf(alice, asked.id, "carol")?.reason === "@bob answered first");
});
verifies(["QUESTION-1"], "who is away is asked when back, and the answer finds the asker after a restart", async () => {
  const [alice, bob] = people();
  session(alice);
  await bob[Symbol.asyncDispose]();
  await until("bob is away", () => !alice.room.members.isHere("bob"));
  const asked = must(await asks(alice, "Which colour?", { to: ["bob"] }, "claude"));
  expect(asked.notes[0]).toContain("away");
  const back = await here.places[1]!.open(here.relay.port);
  here.members[1] = back;
  await arrives(back, asked.id);
  await alice[Symbol.asyncDispose]();
  await until("alice is away", () => !back.room.members.isHere("alice"));
  must(await answer(back.room, { via: "cli", question: asked.id, words: "green" }));
  const again = await here.places[0]!.open(here.relay.port);
  here.members[0] = again;
  const seat = session(again);
  const line = await until("the answer", () => midTurn(again, seat)[0]);
  expect(line.text).toContain('answered: "green" by @bob (person)');
});

verifies(
  ["QUESTION-4"],
  "an answer of somebody who was not asked, of an agent, or that does not fit is refused, and changes nothing",
  async () => {
    const [alice, bob, carol] = people();
    const seat = session(alice);
    const asked = must(await asks(alice, "Which one?", { ...FORM, choices: [...FORM.choices], to: ["bob"] }, seat));
    await arrives(bob, asked.id);
    const forged = (member: Member, role: "user" | "agent", body: object, media = ANSWER) =>
      member.room.events.make({
        role,
        kind: "answer",
        to: [{ member: "alice", key: alice.room.myKey }],
        body: JSON.stringify(body),
        media,
        thread: asked.thread,
        about: { how: "answers", id: asked.id },
      });
    const cases = [
      [carol, () => forged(carol, "user", { picked: ["1"] }), "it comes from somebody who was not asked"],
      [bob, () => forged(bob, "agent", { picked: ["1"] }), "only a person's answer counts"],
      [bob, () => forged(bob, "user", { picked: ["9"] }), "it picks what is not among the choices"],
      [bob, () => forged(bob, "user", { picked: ["1"] }, "text/plain"), "this version can't read the answer"],
    ] as const;
    for (const [member, make, reason] of cases) {
      const event = make(); // numbered when it is said
      must(await member.room.outbox.queue(event, ["alice"], "forged"));
      const recipient = await until(reason, () => {
        const now = deliveryOf(member, event.head.id, "alice");
        return now?.state === "rejected" ? now : undefined;
      });
      expect(recipient.reason).toBe(reason);
    }
    expect(midTurn(alice, seat)).toEqual([]);
    expect(alice.room.questions.standing(asked.id)?.state).toBe("open");
    must(await answer(bob.room, { via: "cli", question: asked.id, words: "postgres" }));
    await until("the true one", () => midTurn(alice, seat).length === 1);
  },
);
