// A room at its limit: fifty members by default, all of whom hear each other, and a sentence for the one too many.
import { expect, test } from "vitest";
import { RawMember } from "../relay-server/test/raw-member.ts";
import { Town, until } from "./test-users.ts";

const MEMBERS = 50;

test("fifty hear each other; one more is told that the room is full, and comes in when somebody leaves", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const join = (n: number): Promise<RawMember> =>
    RawMember.join({ url: relay.url }, { name: `member-${n}` }, { token: relay.token });
  const members = await Promise.all(Array.from({ length: MEMBERS }, (_, n) => join(n)));
  const [first, second, ...others] = members as [RawMember, RawMember, ...RawMember[]];
  await first.say("to all");
  for (const member of [second, ...others]) expect(await member.next("event")).toMatchObject({ room: "lobby" });

  const alice = town.person("alice", relay);
  const refused = await alice.start();
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toMatch(/^The room has as many members.*\n$/);
  using late = await RawMember.open({ url: relay.url }, { name: "late" });
  late.send({ type: "join", room: "lobby", token: relay.token });
  expect((await late.closed).code).toBe(4010);

  second.socket.close();
  await until("a free place", async () => (await alice.start()).code === 0);
  for (const member of members) member[Symbol.dispose]();
});
