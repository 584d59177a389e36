// Questions to people, with a real relay and real daemons: asked by an agent's session, answered by a person, timed out,
// withdrawn; who may answer, which answer counts, and what survives a restart.
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask } from "../../packages/member/src/questions/ask.ts";
import { decide, decisions } from "../../packages/member/src/decisions/requests.ts";
import { accept, inbox } from "../../packages/member/src/messages/inbox.ts";
import { answer, questions, withdraw } from "../../packages/member/src/questions/requests.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import type { RequestArgs } from "@agora/ipc";
import { ANSWER, QUESTION } from "@agora/protocol";
import type { Relay } from "@agora/relay";
import { verifies } from "../verifies.ts";
import { Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";
import { ipcSession, makePlace, type Member, must, openRelay, type Place, request, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
let members: Member[];

beforeEach(async () => {
  relay = await openRelay();
  places = ["alice", "bob", "carol"].map((name) => makePlace(name));
  members = [];
  for (const place of places) members.push(await place.open(relay.port));
  await allHere();
});
afterEach(async () => {
  for (const member of members) await member[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

async function allHere(): Promise<void> {
  for (const { room } of members) await until("all are here", () => room.members.online().length === members.length);
}
const never = (): void => undefined;
const people = (): [Member, Member, Member] => members as [Member, Member, Member];
/** A session of an agent, as a client opens it. */
function session(member: Member, id = "s1"): string {
  return member.room.seats.attach(ipcSession(id), "claude", id).seat;
}
type Asked = Partial<RequestArgs<"ask">>;
const FORM = { choices: [{ label: "Postgres" }, { label: "SQLite", about: "one file" }], other: true } as const;
function asks(member: Member, text: string, more: Asked = {}, seat?: string) {
  const via = seat === undefined ? "cli" : "tool";
  const whose = seat === undefined ? undefined : member.store.state.seats[seat];
  const wish: RequestArgs<"ask"> = { via, text, to: [], ...more };
  return ask(member.room, wish, whose, never);
}
const waiting = (member: Member) => questions(member.room, { via: "cli" }).waiting;
const lately = (member: Member) => questions(member.room, { via: "cli" }).lately;
const arrives = (member: Member, id: string) =>
  until("the question", () => waiting(member).find((one) => one.id === id));
const deliveryOf = (member: Member, id: string, name: string) => member.store.state.outbox[id]?.recipients[name];
/** What a tool use of the session brings. */
const midTurn = (member: Member, seat: string) => member.room.seats.sign(seat, true).items.map(({ line }) => line);

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
    await until("all know both", () => members.every((member) => standing(member)?.late?.length === 1));
    const [first, ...others] = members.map((member) => ({
      by: standing(member)?.answer?.by,
      late: standing(member)?.late,
    }));
    for (const one of others) expect(one).toEqual(first);
    const loser = first!.by === "bob" ? 1 : 0;
    const told = midTurn(alice, seat);
    expect(told).toHaveLength(1);
    expect(told[0]!.author).toBe(first!.by);
    const late = await until("the later is refused", () => {
      const recipient = deliveryOf(members[loser + 1]!, ids[loser]!, "alice");
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

const overAt = async (member: Member, seat: string, id: string): Promise<void> => {
  const line = await until("the word that it is over", () => {
    member.room.questions.tick();
    return midTurn(member, seat)[0];
  });
  expect(line.text).toContain('Nobody answered the question "Merge?"');
  expect(lately(member)[0]).toMatchObject({ id, state: "expired" });
};
/** Said by carol in answer to a word of alice, after which all that alice had to say was said. */
const caughtUp = async (alice: Member, bob: Member): Promise<void> => {
  const said = must(await say(alice.room, { via: "cli", text: "that was all", to: ["bob"] }, undefined));
  await until("bob has it", () => inbox(bob.room, { via: "cli" }).items.some(({ id }) => id === said.id));
};

for (const dies of [false, true])
  verifies(
    ["QUESTION-8", "QUESTION-9"],
    `asked while the relay was away, and over before it came back: over for its asker, and nobody is asked later${dies ? ", though the daemon was killed in between" : ""}`,
    async () => {
      const [alice, bob] = people();
      const seat = session(alice);
      await relay.close();
      await until("alice knows", () => alice.room.connection().state !== "joined");
      const wish = { to: ["bob"], timeoutS: 0.4 };
      const { id, state } = must(await asks(alice, "Merge?", wish, seat));
      expect(state).toBe("queued");
      let asker = alice;
      if (dies) {
        alice.crash();
        asker = await places[0]!.open(relay.port);
        members[0] = asker;
        session(asker);
      }
      await overAt(asker, seat, id);
      if (dies) {
        asker.crash();
        asker = await places[0]!.open(relay.port);
        members[0] = asker;
      }
      relay = await openRelay(relay.port);
      await allHere();
      await caughtUp(asker, bob);
      expect(bob.store.state.questions.asked[id]).toBeUndefined();
      expect(lately(asker).find((one) => one.id === id)).toMatchObject({ state: "expired" });
      asker.room.questions.tick();
      expect(Object.values(asker.store.state.inbox).filter((item) => item.answers === id).length).toBeLessThan(2);
      expect(asker.store.state.outbox[id]).toMatchObject({
        state: "rejected",
        reason: "its time was over before the relay was reached",
      });
    },
  );

verifies(
  ["QUESTION-9"],
  "sent, and the relay's word on it lost: its time counts from the stamp, and nobody is told before that it is over",
  async () => {
    const place = makePlace("dora");
    places.push(place);
    const script = new ScriptedRelay();
    const bob = new Peer("bob");
    script.members = [bob.presence()];
    let dora = await place.open(4_000, {}, { dial: script.dial });
    await until("dora is in", () => dora.room.connection().state === "joined");
    const seat = session(dora);
    const asked = asks(dora, "Merge?", { to: ["bob"], timeoutS: 0.4 }, seat);
    await script.next("post");
    script.cut();
    const { id } = must(await asked);
    const { time } = dora.store.state.questions.asked[id]!;
    dora.crash();
    await until("its time would be over", () => Date.now() > time + 1_000);
    dora = await place.open(4_000, {}, { dial: script.dial });
    members.push(dora);
    session(dora);
    dora.room.questions.tick();
    expect([midTurn(dora, seat), questions(dora.room, { via: "cli" }).asked.map((one) => one.id)]).toEqual([[], [id]]);
    await script.next("post", 2);
    const ms = Date.now();
    script.give({ type: "stamped", room: "lobby", id, stamp: `${ms}-0` });
    await until("it has its stamp", () => dora.store.state.questions.asked[id]?.stamp === `${ms}-0`);
    await overAt(dora, seat, id);
  },
);

verifies(
  ["QUESTION-8"],
  "nobody answers: the session that asked is told once, with what it said it would do, also when its daemon was away meanwhile",
  async () => {
    const [alice, bob] = people();
    const seat = session(alice);
    const asked = must(
      await asks(alice, "Merge?", { to: ["bob"], timeoutS: 0.4, otherwise: "I leave the branch as it is." }, seat),
    );
    await arrives(bob, asked.id);
    alice.crash();
    await until("bob's has ended", () => waiting(bob).length === 0);
    const again = await places[0]!.open(relay.port);
    members[0] = again;
    session(again);
    const line = await until("the word", () => midTurn(again, seat)[0]);
    expect(line.text).toBe(
      'Nobody answered the question "Merge?" within 1 s. You said what you would do then: I leave the branch as it is.',
    );
    expect(line).toMatchObject({ mine: true, author: "alice" });
    expect(midTurn(again, seat)).toEqual([]); // the sign that it was seen
    await until("it is over", () => Object.keys(again.store.state.inbox).length === 0);
    again.crash();
    const third = await places[0]!.open(relay.port);
    members[0] = third;
    await allHere();
    third.room.questions.tick();
    expect(third.store.state.inbox).toEqual({});
    expect(lately(third)[0]).toMatchObject({ id: asked.id, state: "expired" });
    await until("alice knows why", () => deliveryOf(third, asked.id, "bob")?.reason === "its time was over");
    expect(await answer(bob.room, { via: "cli", question: asked.id, words: "yes" })).toMatchObject({
      message: "Too late: its time was over.",
    });
  },
);

verifies(["QUESTION-1"], "who is away is asked when back, and the answer finds the asker after a restart", async () => {
  const [alice, bob] = people();
  session(alice);
  await bob[Symbol.asyncDispose]();
  await until("bob is away", () => !alice.room.members.isHere("bob"));
  const asked = must(await asks(alice, "Which colour?", { to: ["bob"] }, "claude"));
  expect(asked.notes[0]).toContain("away");
  const back = await places[1]!.open(relay.port);
  members[1] = back;
  await arrives(back, asked.id);
  await alice[Symbol.asyncDispose]();
  await until("alice is away", () => !back.room.members.isHere("alice"));
  must(await answer(back.room, { via: "cli", question: asked.id, words: "green" }));
  const again = await places[0]!.open(relay.port);
  members[0] = again;
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

verifies(
  ["QUESTION-1", "QUESTION-2"],
  "a question that addresses no person, or can't be read, reaches no model",
  async () => {
    const [alice] = people();
    await alice.room.inbox.setMode("auto");
    const seat = session(alice);
    const place = makePlace("mallory");
    const raw = await place.open(relay.port);
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
    const waits = asks(alice, "Go on?", { to: ["bob"], waitS: 10 }, seat);
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
    const helper = await place.open(relay.port);
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
    const { port } = relay;
    await relay.close();
    await until("the relay is away", () => alice.room.connection().state !== "joined");
    const asked = must(await asks(alice, "Which way?", { choices: [{ label: "left" }, { label: "right" }] }, seat));
    expect(asked).toMatchObject({ state: "queued", question: { state: "open" } });
    expect(waiting(alice)).toMatchObject([{ id: asked.id, text: "Which way?" }]);
    expect(inbox(alice.room, { via: "cli", peek: true }).items).toMatchObject([
      { kind: "question", text: "Which way?" },
    ]);
    alice.crash();
    const again = await places[0]!.open(port);
    members[0] = again;
    session(again);
    expect(must(await answer(again.room, { via: "cli", question: "last", words: "left" })).state).toBe("queued");
    const told = midTurn(again, seat);
    expect(told).toMatchObject([
      { kind: "answer", text: 'The question "Which way?" was answered: "left" by @alice (person)' },
    ]);
    expect(midTurn(again, seat)).toEqual([]);
    relay = await openRelay(port);
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
