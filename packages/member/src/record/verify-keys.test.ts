// What a journal states of keys is held against everything that stands in it, in whatever order.
import {
  type Actor,
  alice,
  aliceLaptop,
  alicePhone,
  aliceRoot,
  bob,
  carol,
  verifier,
} from "../../../protocol/vectors/source/actors.ts";
import { certify, revoke } from "../../../protocol/vectors/source/keys.ts";
import { KEY_STATEMENT, type KeyClaims, newId, type OpenEvent, signStatement } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Author, lineOf } from "../../test/chained-author.ts";
import { verifyRecord, type VerifyOptions } from "./verify.ts";

const verify = (events: readonly OpenEvent[], more: Partial<VerifyOptions> = {}) =>
  verifyRecord(
    events.map((event, i) => ({ where: `line ${i + 1}`, text: JSON.stringify(lineOf(event)) })),
    { verifier, ...more },
  );
const codes = (events: readonly OpenEvent[], more?: Partial<VerifyOptions>): string[] =>
  verify(events, more).faults.map(({ code }) => code);

/** Alice on her laptop, which her root certified, and another key of hers on the phone. */
const onLaptop = (): Author => new Author("alice", alice, "lab");
const onPhone = (): Author => new Author("alice", carol, "lab");
const bringer = (): Author => new Author("bob", bob, "lab");
const jws = async (claims: KeyClaims, by: Actor): Promise<string> => (await signStatement(claims, by)).jws;
const state = (author: Author, statement: string): OpenEvent =>
  author.say(statement, { kind: "key", role: "agent" }, KEY_STATEMENT);

const laptop = await jws(certify(aliceRoot, "device", aliceLaptop, "laptop"), aliceRoot);
const phone = await jws(certify(aliceRoot, "device", alicePhone, "phone"), aliceRoot);
const hers = await jws(certify(aliceLaptop, "member", alice, "alice"), aliceLaptop);
const onThePhone = await jws(certify(alicePhone, "member", carol, "alice"), alicePhone);

test("two keys of one person are no fault, and the report says whose they are [KEYCHAIN-7]", () => {
  const [one, two] = [onLaptop(), onPhone()];
  const events = [...[laptop, hers, phone].map((text) => state(one, text)), state(two, onThePhone), two.say("hi")];
  const { faults, keys } = verify(events);
  expect(faults).toEqual([]);
  expect(keys).toEqual([
    { author: "alice", key: alice.key, root: aliceRoot.key, device: aliceLaptop.key, as: "member" },
    { author: "alice", key: carol.key, root: aliceRoot.key, device: alicePhone.key, as: "member" },
  ]);
  expect(codes(events, { keyOf: () => carol.key, rootOf: () => aliceRoot.key })).toEqual([]);
  expect(codes(events, { keyOf: () => alice.key, rootOf: () => bob.key })).toContain("another-key");
  expect(codes([onLaptop().say("a"), onPhone().say("b")])).toEqual(["another-key"]);
});

test("statements that came otherwise count like those in the journal, and no fault is made of them", () => {
  const [one, two] = [onLaptop(), onPhone()];
  const statements = [laptop, hers, phone, onThePhone, "no statement"].map((text) => ({ jws: text, by: bob.key }));
  const events = [one.say("a"), two.say("b")];
  expect(verify(events, { statements })).toMatchObject({ faults: [], keys: [{ key: alice.key }, { key: carol.key }] });
});

test("a key that somebody else's root certifies under a name is another key", async () => {
  const thief = onPhone();
  const theirs = await jws(certify(bob, "device", alicePhone, "phone"), bob);
  const one = onLaptop();
  const events = [state(thief, theirs), state(thief, onThePhone)];
  expect(codes([state(one, laptop), state(one, hers), ...events])).toEqual(["another-key", "another-key"]);
});

test("a statement that was changed, or is for another room, is a fault [KEYCHAIN-1] [KEYCHAIN-2]", async () => {
  const one = bringer();
  const [head, body, sig] = hers.split(".");
  const other = sig!.replace(/^./, (c) => (c === "A" ? "B" : "A"));
  const elsewhere = await jws(certify(aliceRoot, "device", aliceLaptop, "laptop", { room: "den" }), aliceRoot);
  const { faults } = verify([state(one, laptop), state(one, `${head}.${body}.${other}`), state(one, elsewhere)]);
  expect(faults).toMatchObject([
    { code: "bad-statement", where: "line 2", message: expect.stringMatching(/whoever it names didn't sign it\.$/) },
    { code: "bad-statement", where: "line 3", message: expect.stringMatching(/it is for another room\.$/) },
  ]);
});

test("what a revoked key said behind its last event is a fault each, wherever the revocation stands [KEYCHAIN-4]", () =>
  fc.assert(
    fc.asyncProperty(fc.nat(6), fc.nat(6), fc.nat(12), async (before, after, place) => {
      const [one, other] = [onLaptop(), bringer()];
      const good = [state(one, laptop), state(one, hers)];
      for (let n = 0; n < before; n += 1) good.push(one.say("mine"));
      const end = await jws(revoke(aliceRoot, alice, one.last()), aliceRoot);
      const bad = Array.from({ length: after }, () => one.say("a thief's"));
      const direct = one.say("a thief's, elsewhere", { to: [{ member: "bob" }] });
      // What it states of keys is signed itself, and no fault.
      const said = [...good, ...bad, direct, state(one, hers)];
      const events = said.toSpliced(Math.min(place, said.length), 0, state(other, end));
      const { faults, keys } = verify(events);
      expect(faults.map(({ code, where }) => [code, where])).toEqual(
        events.flatMap((e, i) => ([...bad, direct].includes(e) ? [["ended-key", `line ${i + 1}`]] : [])),
      );
      expect(keys).toMatchObject([{ author: "alice", key: alice.key, ended: true }]);
    }),
    { numRuns: 40 },
  ));

test("a sentence names the event of a revoked key", async () => {
  const one = onLaptop();
  const events = [state(one, laptop), state(one, hers)];
  const end = await jws(revoke(aliceRoot, alice, one.last()), aliceRoot);
  const id = newId();
  const { faults } = verify([...events, state(bringer(), end), one.say("a thief's", { id })]);
  expect(faults.map(({ message }) => message)).toEqual([
    `${id} stands behind what counts of this key of @alice: its person revoked the key.`,
  ]);
});

test("a stranger's word ends no key", async () => {
  const one = onLaptop();
  const end = await jws(revoke(bob, alice), bob);
  expect(codes([state(one, laptop), state(one, hers), state(bringer(), end), one.say("mine")])).toEqual([]);
});

test("of a key that ended with its device it is said that nobody can tell what came before", async () => {
  const one = onLaptop();
  const end = await jws(revoke(aliceRoot, aliceLaptop), aliceRoot);
  const events = [state(one, laptop), state(one, hers), one.say("1"), one.say("2"), state(bringer(), end)];
  const { faults, notes } = verify(events);
  expect(faults).toEqual([]);
  expect(notes).toMatchObject([{ code: "unchecked", where: "line 1" }]);
});

test("what an agent's key says for a person is a fault [KEYCHAIN-10]", async () => {
  const agents = await jws(certify(aliceLaptop, "agent", carol, "bot"), aliceLaptop);
  const bot = new Author("bot", carol, "lab");
  const good = [state(bringer(), laptop), state(bot, agents), bot.say("done", { role: "agent" })];
  expect(codes(good)).toEqual([]);
  const bad = [
    bot.say("as if I were one", { role: "user" }),
    ...["control", "grant", "answer", "decision", "verdict", "claim"].map((kind) =>
      bot.say("{}", { role: "agent", kind }),
    ),
  ];
  const found = codes([...good, ...bad]);
  expect(found.filter((code) => code === "agents-key")).toHaveLength(bad.length);
});

test("what a root or a device key says itself is a fault, whatever stands before it [KEYCHAIN-3]", () => {
  const one = onLaptop();
  const speaks = (by: Actor): OpenEvent => new Author("eve", by, "lab").say("I certify, and I speak");
  for (const certifier of [aliceRoot, aliceLaptop, alicePhone]) {
    const said = speaks(certifier);
    const stated = [laptop, hers, phone].map((text) => state(one, text));
    for (const events of [
      [...stated, said],
      [said, ...stated],
    ])
      expect(verify(events).faults).toMatchObject([
        { code: "certifiers-key", message: expect.stringContaining(said.head.id) },
      ]);
  }
  expect(codes([...[laptop, hers].map((text) => state(onLaptop(), text))])).not.toContain("certifiers-key");
});
