// The time of a question: over while the relay or the asker is away, and what the session that asked is told then, once.
import { expect } from "vitest";
import { inbox } from "../../packages/member/src/messages/inbox.ts";
import { answer, questions } from "../../packages/member/src/questions/requests.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { verifies } from "../verifies.ts";
import { Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";
import { makePlace, type Member, must, openRelay, until } from "./fixture.ts";
import {
  asks,
  deliveryOf,
  here,
  lately,
  midTurn,
  people,
  session,
  waiting,
  allHere,
  withThree,
} from "./question-fixture.ts";

withThree();

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
      await here.relay.close();
      await until("alice knows", () => alice.room.connection().state !== "joined");
      const wish = { to: ["bob"], timeoutS: 1 };
      const { id, state } = must(await asks(alice, "Merge?", wish, seat));
      expect(state).toBe("queued");
      let asker = alice;
      if (dies) {
        alice.crash();
        asker = await here.places[0]!.open(here.relay.port);
        here.members[0] = asker;
        session(asker);
      }
      await overAt(asker, seat, id);
      if (dies) {
        asker.crash();
        asker = await here.places[0]!.open(here.relay.port);
        here.members[0] = asker;
      }
      here.relay = await openRelay(here.relay.port);
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
    here.places.push(place);
    const script = new ScriptedRelay();
    const bob = new Peer("bob");
    script.members = [bob.presence()];
    let dora = await place.open(4_000, {}, { dial: script.dial });
    await until("dora is in", () => dora.room.connection().state === "joined");
    const seat = session(dora);
    const asked = asks(dora, "Merge?", { to: ["bob"], timeoutS: 2 }, seat);
    await script.next("post"); // within its time: a slow disk may take a part of it
    script.cut();
    const { id } = must(await asked);
    const { time } = dora.store.state.questions.asked[id]!;
    dora.crash();
    await until("its time would be over", () => Date.now() > time + 3_000);
    dora = await place.open(4_000, {}, { dial: script.dial });
    here.members.push(dora);
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
      await asks(alice, "Merge?", { to: ["bob"], timeoutS: 2, otherwise: "I leave the branch as it is." }, seat),
    );
    await until("bob was asked", () => bob.store.state.questions.asked[asked.id] !== undefined);
    alice.crash();
    await until("bob's has ended", () => waiting(bob).length === 0);
    const again = await here.places[0]!.open(here.relay.port);
    here.members[0] = again;
    session(again);
    const line = await until("the word", () => midTurn(again, seat)[0]);
    expect(line.text).toBe(
      'Nobody answered the question "Merge?" within 2 s. You said what you would do then: I leave the branch as it is.',
    );
    expect(line).toMatchObject({ mine: true, author: "alice" });
    expect(midTurn(again, seat)).toEqual([]); // the sign that it was seen
    await until("it is over", () => Object.keys(again.store.state.inbox).length === 0);
    again.crash();
    const third = await here.places[0]!.open(here.relay.port);
    here.members[0] = third;
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
