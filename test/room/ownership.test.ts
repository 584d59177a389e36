// An agent that is a member of its own: it names its person, who confirms it once; the room is told of no owner before.
import type { Relay } from "@agora/relay";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { ask } from "../../packages/member/src/questions/ask.ts";
import { answer, questions } from "../../packages/member/src/questions/requests.ts";
import { verifies } from "../verifies.ts";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

let relay: Relay;
let places: Record<"alice" | "bob" | "bot", Place>;
let alice: Member;
let bob: Member;

const AGENT = { kind: "agent", owner: "alice" } as const;
const openBot = (): Promise<Member> => places.bot.open(relay.port, AGENT);
const factsAt = (member: Member) => member.room.members.get("bot")?.facts;
const asked = () => questions(alice.room, { via: "cli" }).waiting.filter(({ from }) => from === "bot");
const isAsked = () => until("alice is asked", () => asked()[0]);
const says = async (id: string, pick: string): Promise<void> =>
  void must(await answer(alice.room, { via: "cli", question: id, picked: [pick] }));

beforeEach(async () => {
  relay = await openRelay();
  places = { alice: makePlace("alice"), bob: makePlace("bob"), bot: makePlace("bot") };
  [alice, bob] = [await places.alice.open(relay.port), await places.bob.open(relay.port)];
  await until("both are here", () => [alice, bob].every(({ room }) => room.members.online().length === 2));
});
afterEach(async () => {
  for (const member of [alice, bob]) await member[Symbol.asyncDispose]();
  await relay.close();
  for (const place of Object.values(places)) place.remove();
});

describe("an agent that names its person", () => {
  verifies(["PRESENCE-4"], "has no owner before that person said yes, and then for everybody", async () => {
    await using bot = await openBot();
    const { id, text } = await isAsked();
    expect(text).toContain("@bot is an agent and names you as its person");
    await until("bob sees an agent", () => factsAt(bob)?.kind === "agent");
    expect(factsAt(bob)).not.toHaveProperty("owner");
    expect(bot.room.human()).toBe("bot");
    expect(bot.room.sentences().join()).toContain("@alice has not confirmed yet");
    await says(id, "yes");
    await until("bob sees it", () => factsAt(bob)?.owner === "alice");
    expect(bot.room.human()).toBe("alice");
    expect(bot.room.sentences().join()).not.toContain("@alice");
    // The answer was for the member itself: nothing waits there, and no model is handed it.
    expect(Object.values(bot.store.state.inbox)).toEqual([]);
    // What is urgent goes to that person from now on.
    const urgent = must(
      await ask(bot.room, { via: "tool", text: "Deploy now?", to: [], urgent: true }, undefined, () => undefined),
    );
    expect(urgent.to).toEqual(["alice"]);
  });

  verifies(["PRESENCE-4"], "asks once, also over restarts of both", async () => {
    const bot = await openBot();
    const { id } = await isAsked();
    bot.crash();
    await alice[Symbol.asyncDispose]();
    alice = await places.alice.open(relay.port);
    await using again = await openBot();
    await until("both are here", () => again.room.members.isHere("alice") && alice.room.members.isHere("bot"));
    await says(id, "yes");
    await until("it is confirmed", () => factsAt(bob)?.owner === "alice");
    expect(asked()).toEqual([]);
  });

  verifies(["PRESENCE-4"], "has none if that person said no", async () => {
    await using bot = await openBot();
    await says((await isAsked()).id, "no");
    await until("it is told", () => bot.room.sentences().join().includes("@alice said that this agent is not theirs"));
    expect(bot.room.human()).toBe("bot");
    await until("bob sees an agent", () => factsAt(bob)?.kind === "agent");
    expect(factsAt(bob)).not.toHaveProperty("owner");
  });
});
