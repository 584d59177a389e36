// Whoever changes a journal is found out: by any byte of what was signed, by what is missing, exchanged, moved or signed anew.
import { createSigner, createVerifier, generateKeyPair, type KeyPair } from "@agora/ports";
import { CONTROL, newId, openEvent, type OpenEvent, signEvent, TEXT } from "@agora/protocol";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Author, lineOf, START } from "../../test/chained-author.ts";
import type { HistoryRecord } from "../kernel/record.ts";
import { verifyRecord, type VerifyOptions } from "./verify.ts";

const verifier = createVerifier();

const verify = (records: readonly object[], more: Partial<VerifyOptions> = {}) =>
  verifyRecord(
    records.map((record, i) => ({ where: `line ${i + 1}`, text: JSON.stringify(record) })),
    { verifier, ...more },
  );
const codes = (records: readonly object[], more?: Partial<VerifyOptions>): string[] =>
  verify(records, more).faults.map(({ code }) => code);

const alice = new Author("alice");
const bob = new Author("bob");
const events = [
  alice.say("one"),
  bob.say("two"),
  alice.say("three", { to: [{ member: "bob" }] }),
  alice.say("four"),
  bob.say("five — é"),
  alice.say("six", { to: [{ member: "bob" }] }),
  alice.say("seven"),
  bob.say("eight"),
];
const journal = events.map(lineOf);

describe("a journal", () => {
  test("that nobody touched is whole", () => {
    expect(verify(journal)).toEqual({ events: 8, authors: 2, keys: [], faults: [], notes: [] });
  });

  test("with an event that got another place since is whole, whoever else chose its id [STAMP-4]", () => {
    const moved = { restamp: journal[0]!.id, key: alice.signer.key, stamp: `${START + 10_000}-0`, at: START + 10_000 };
    const theirs = { ...moved, key: bob.signer.key, stamp: "1-0" };
    for (const lines of [[moved], [theirs], [moved, theirs]])
      expect([lines.length, codes([...journal, ...lines])]).toEqual([lines.length, []]);
  });

  test("shows any changed character of what was signed, and of the plain fields that repeat it", () => {
    const fields = ["head", "sig", "text", "author", "id", "role", "kind", "thread"] as const;
    fc.assert(
      fc.property(
        fc.nat(journal.length - 1),
        fc.constantFrom(...fields),
        fc.nat(),
        fc.nat(93),
        (at, field, place, by) => {
          const line = journal[at]!;
          const text = line[field];
          const i = place % text.length;
          const other = String.fromCodePoint(0x21 + ((text.codePointAt(i)! - 0x21 + 1 + by) % 94));
          fc.pre(other !== text[i]);
          const changed = { ...line, [field]: text.slice(0, i) + other + text.slice(i + 1) };
          expect(codes(journal.with(at, changed as HistoryRecord))).not.toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("shows a line that is no JSON, and goes on behind it", () => {
    const { faults, events: read } = verifyRecord(
      [{ where: "line 1", text: "{torn" }, ...journal.map((line) => ({ where: "", text: JSON.stringify(line) }))],
      { verifier },
    );
    expect(faults).toMatchObject([{ code: "unreadable", where: "line 1" }]);
    expect(read).toBe(8);
  });

  test("shows an event that was taken out, by the ones around it", () => {
    expect(codes(journal.toSpliced(3, 1))).toEqual(["missing"]);
    expect(verify(journal.toSpliced(3, 1)).faults[0]!.message).toBe(
      "@alice's number 2 to the room isn't here: it was removed, or never came.",
    );
  });

  test("shows two lines that changed places, whether their stamps went along or not", () => {
    const [first, second] = [journal[0]!, journal[3]!];
    expect(codes(journal.with(0, second).with(3, first))).toContain("out-of-order");
    const moved = [
      { ...second, stamp: first.stamp, at: first.at },
      { ...first, stamp: second.stamp, at: second.at },
    ];
    expect(codes(journal.with(0, moved[0]!).with(3, moved[1]!))).toContain("out-of-order");
    expect(codes(journal.with(0, journal[1]!).with(1, first))).toEqual(["out-of-order"]);
  });

  test("shows an event that somebody else signed anew", () => {
    const mallory = generateKeyPair();
    const { v: _, key: __, body: ___, ...draft } = events[3]!.head;
    const anew = signEvent(draft, "something else", TEXT, createSigner(mallory), verifier);
    expect(codes(journal.with(3, { ...lineOf(anew), stamp: journal[3]!.stamp }))).toEqual(
      expect.arrayContaining(["another-key", "missing"]),
    );
  });

  test("shows that its own author said something else under a number, by the event after it", () => {
    const { v: _, key: __, body: ___, ...draft } = events[3]!.head;
    const other = signEvent(draft, "I never said four", TEXT, alice.signer, verifier);
    const rewritten = journal.with(3, { ...lineOf(other), stamp: journal[3]!.stamp, at: journal[3]!.at });
    expect(codes(rewritten)).toEqual(["broken-chain"]);
    expect(codes([...rewritten, journal[3]!])).toContain("conflict");
    expect(codes(journal, { evidence: [other.signed] })).toEqual(["conflict"]);
    expect(codes(journal, { evidence: [{ ...other.signed, sig: events[0]!.signed.sig }, events[3]!.signed] })).toEqual(
      [],
    );
  });

  test("shows two events that claim to follow the same one", () => {
    const carol = new Author("carol");
    const [one, two] = [carol.say("1"), carol.say("2")];
    const fork = carol.say("4", { seq: 4, prev: two.head.prev! });
    expect(codes([one, two, fork].map(lineOf))).toEqual(expect.arrayContaining(["conflict", "missing"]));
  });

  test("takes a void and the event it replaces for one", () => {
    const carol = new Author("carol");
    const [one, refused, next] = [carol.say("1"), carol.say("2"), carol.say("3")];
    const { v: _, key: __, body: ___, ...draft } = refused.head;
    const replaces = verifier.sha256(refused.signed.head);
    const standIn = signEvent({ ...draft, id: newId(), kind: "void", replaces }, "", TEXT, carol.signer, verifier);
    for (const second of [[standIn], [refused], [refused, standIn]])
      expect(codes([one, ...second, next].map(lineOf))).toEqual([]);
    const { replaces: ____, ...bare } = { ...draft, replaces };
    const old = signEvent({ ...bare, id: newId(), kind: "void" }, "", TEXT, carol.signer, verifier);
    expect(codes([one, refused, old, next].map(lineOf))).toEqual([]);
  });

  test("takes numbers that their author left out, and says why, for no loss", () => {
    const carol = new Author("carol");
    const [one, two] = [carol.say("1"), carol.say("2")];
    const after = carol.say("back", { seq: 1_000, gap: { from: 3, to: 999, why: "journals-lost" } });
    expect(codes([one, two, after].map(lineOf))).toEqual([]);
    expect(codes([one, two, after, carol.say("on")].map(lineOf))).toEqual([]);
    expect(codes([one, after].map(lineOf))).toEqual(["missing"]);
    const astray = carol.say("?", { seq: 2_000, gap: { from: 1_003, to: 1_500, why: "journals-lost" } });
    expect(codes([one, two, after, astray].map(lineOf))).toContain("broken-chain");
  });

  test("of authors of an older version is whole, and tells where a chain ends", () => {
    const old = (text: string, seq: number): OpenEvent => {
      const { prev: _, v: __, key: ___, body: ____, ...draft } = new Author("dave").say(text).head;
      return signEvent({ ...draft, seq }, text, TEXT, createSigner(dave), verifier);
    };
    const dave = generateKeyPair();
    expect(verify([old("a", 1), old("b", 2)].map(lineOf))).toMatchObject({ faults: [], notes: [] });
    const eve = new Author("eve");
    const chained = [eve.say("1"), eve.say("2")];
    const { prev: _, v: __, key: ___, body: ____, ...third } = eve.say("3").head;
    const unchained = signEvent(third, "3", TEXT, eve.signer, verifier);
    expect(verify([...chained, unchained].map(lineOf))).toMatchObject({ faults: [], notes: [{ code: "unchained" }] });
  });

  test("shows an operator's word without a grant of the room's owner, and says what it could not check", () => {
    const root = generateKeyPair();
    const grantBy = (signer: KeyPair, key: string): string => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
      const claims = { jti: "a-grant-id", room: "lobby", grant: "operator", key, iat: START / 1_000 };
      const text = `${part({ alg: "EdDSA" })}.${part(claims)}`;
      return `${text}.${createSigner(signer).sign(text)}`;
    };
    const controlled = (grant: string): HistoryRecord =>
      lineOf(
        new Author("olga", createSigner(olga)).say(
          JSON.stringify({ act: "stop", grant }),
          { kind: "control" },
          CONTROL,
        ),
      );
    const olga = generateKeyPair();
    const good = controlled(grantBy(root, olga.key));
    expect(codes([good], { root: root.key })).toEqual([]);
    expect(verify([good])).toMatchObject({ faults: [], notes: [{ code: "unchecked" }] });
    for (const forged of [controlled(grantBy(olga, olga.key)), controlled(grantBy(root, generateKeyPair().key))]) {
      expect(codes([forged], { root: root.key })).toEqual(["forged-grant"]);
      expect(codes([{ ...forged, withheld: "no operator's grant" }], { root: root.key })).toEqual([]);
    }
  });

  test("takes an older key of a name for what it was before a person trusted another", () => {
    const older = new Author("bob");
    const lines = [older.say("before").signed, bob.say("after").signed].map((signed) => {
      const opened = openEvent(signed, verifier);
      if (!opened.ok) throw new Error(opened.message);
      return lineOf(opened.value);
    });
    const keyOf = (): string => bob.signer.key;
    expect(verify(lines, { keyOf })).toMatchObject({ faults: [], notes: [{ code: "another-key" }] });
    expect(codes(lines.toReversed(), { keyOf })).toContain("another-key");
    expect(codes(lines)).toContain("another-key");
  });
});
