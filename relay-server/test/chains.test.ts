// [KEYCHAIN-8]: what a member shows of whose key it has is told to the room as far as it holds, once.
import { type FromRelay, MAX_CHAIN_STATEMENTS, type Presence, signStatement } from "@agora/protocol";
import { beforeAll, expect, test } from "vitest";
import { alice, aliceLaptop, aliceRoot, bob } from "../../packages/protocol/vectors/source/actors.ts";
import { certify } from "../../packages/protocol/vectors/source/keys.ts";
import { openRelay, RawMember } from "./raw-member.ts";

const room = "lab";
let chain: string[] = [];
beforeAll(async () => {
  const device = await signStatement(certify(aliceRoot, "device", aliceLaptop, "laptop"), aliceRoot);
  const member = await signStatement(certify(aliceLaptop, "member", alice, "alice"), aliceLaptop);
  chain = [device.jws, member.jws];
});

const lineOf = (members: readonly Presence[], name: string): Presence | undefined =>
  members.find((line) => line.name === name);
/** The next line of presence about alice that is as asked. */
const told = async (member: RawMember, fits: (line: Presence) => boolean): Promise<Presence> => {
  const frame = await member.nextThat((f): f is Extract<FromRelay, { type: "presence" }> => {
    const line = f.type === "presence" ? lineOf(f.members, "alice") : undefined;
    return line !== undefined && fits(line);
  });
  return lineOf(frame.members, "alice")!;
};

test("a chain that holds is told when its member comes and to newcomers, and not again [KEYCHAIN-8]", async () => {
  await using relay = await openRelay();
  using carol = await RawMember.join(relay, { name: "carol" }, { room });
  using her = await RawMember.join(relay, { name: "alice", pair: alice }, { room, chain: [...chain, "no statement"] });
  expect(await told(carol, ({ online }) => online)).toMatchObject({ key: alice.key, chain });
  her.send({ type: "presence", room, facts: { status: "busy" } });
  expect((await told(carol, ({ facts }) => facts?.status === "busy")).chain).toBeUndefined();
  using dora = await RawMember.join(relay, { name: "dora" }, { room });
  expect(lineOf(dora.entered.members, "alice")?.chain).toEqual(chain);
});

test("statements that make the key nobody's under its name are told to nobody, and hinder nobody [KEYCHAIN-8]", async () => {
  await using relay = await openRelay();
  using carol = await RawMember.join(relay, { name: "carol" }, { room, chain });
  expect(lineOf(carol.entered.members, "carol")?.chain).toBeUndefined();
  using theirs = await RawMember.join(relay, { name: "alice", pair: bob }, { room, chain });
  expect(lineOf(theirs.entered.members, "alice")?.chain).toBeUndefined();
  using other = await RawMember.join(relay, { name: "alice", pair: alice }, { room: "den", chain });
  expect(lineOf(other.entered.members, "alice")?.chain).toBeUndefined();
});

test("more statements than a chain has are no frame [KEYCHAIN-6] [KEYCHAIN-8]", async () => {
  await using relay = await openRelay();
  using her = await RawMember.open(relay, { name: "alice", pair: alice });
  her.send({ type: "join", room, chain: Array.from({ length: MAX_CHAIN_STATEMENTS + 1 }, () => chain[0]!) });
  expect(await her.next("refused")).toMatchObject({ code: "bad-frame" });
});
