// [KEYCHAIN-4] [KEYCHAIN-12]: an ended key's events count up to the last that its person accepts, in whatever order both come, whatever the stamps.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigner, createVerifier, generateKeyPair, type KeyPair } from "@agora/ports";
import {
  ANSWER,
  audienceOf,
  CARD,
  type Certify,
  CONTROL,
  type ControlAct,
  type Draft,
  isKnownKind,
  KEY_STATEMENT,
  type KeyClaims,
  keyProofText,
  jwtText,
  type Last,
  newId,
  QUESTION,
  signEvent,
  type SignedEvent,
  signStatement,
  TEXT,
} from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Member, makePlace, must, request, until } from "./fixture.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const verifier = createVerifier();
const [root, laptop, phone, stolen, hers, owner, bobs] = Array.from({ length: 7 }, generateKeyPair) as [
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
  KeyPair,
];
const ABOUT = { origin: "wss://relay.example.org", room: "lobby", iat: 1_760_000_000 };

/** A grant that the thief takes back. */
const GRANT_ID = newId();

const state = async (claims: KeyClaims, by: KeyPair): Promise<string> =>
  (await signStatement(claims, createSigner(by))).jws;
const certify = (by: KeyPair, as: Certify["as"], key: KeyPair, name: string): Promise<string> => {
  const claims = { ...ABOUT, act: "certify", by: by.key, as, key: key.key, name } as const;
  return state({ ...claims, proof: createSigner(key).sign(keyProofText(claims)) }, by);
};

/** Alice's events of one key, numbered as they are made. */
function speaker(pair: KeyPair): (body: string, more?: Partial<Draft>, media?: string) => SignedEvent {
  const seqs = new Map<string, number>();
  return (body, more = {}, media = TEXT) => {
    const id = newId();
    const whose = { id, room: "lobby", author: "alice", role: "user", kind: "message", thread: id } as const;
    const draft = { ...whose, to: [], chain: id, hop: 0, time: Date.now(), ...more };
    const audience = audienceOf(draft);
    const seq = (seqs.get(audience) ?? 0) + 1;
    seqs.set(audience, seq);
    return signEvent({ ...draft, seq }, body, media, createSigner(pair), verifier).signed;
  };
}

const placeOf = (audience: string, seq: number, { head }: SignedEvent): Last => ({
  audience,
  seq,
  hash: verifier.sha256(head),
});

/** All that is given to bob: what the stolen key said, and what ends it. */
async function scene(
  bob: string,
  how: "revoked" | "told apart" | "replaced",
): Promise<{ readonly known: string[]; readonly events: readonly SignedEvent[] }> {
  const say = speaker(stolen);
  const grant = jwtText({ jti: newId(), room: "lobby", grant: "operator", key: stolen.key, iat: 1_760_000_000 });
  const shown = { grant: `${grant}.${createSigner(owner).sign(grant)}` };
  const control = (act: ControlAct, more: object = {}): SignedEvent =>
    say(JSON.stringify({ act, ...more, ...shown }), { kind: "control" }, CONTROL);
  const card = (title: string): SignedEvent => say(JSON.stringify({ title, ...shown }), { kind: "card" }, CARD);
  const toBob = { to: [{ member: "bob", key: bob }] };
  const fine = [say("one"), control("pause"), say("three"), card("Hers")];
  const asked = say("asked", toBob);
  const late = [say("four"), control("resume"), say("six"), say("asked by a thief", toBob)];
  late.push(card("A thief's"), control("revoke", { ids: [GRANT_ID] }));
  const last = [placeOf("*", 4, fine[3]!), placeOf("@bob", 1, asked)];
  const tell = speaker(hers);
  const ends = (places: Last[]): Promise<string> =>
    state({ ...ABOUT, act: "revoke", by: root.key, key: stolen.key, last: places }, root);
  const told =
    how === "replaced"
      ? await replacing(last)
      : [
          await certify(root, "device", phone, "phone"),
          await certify(phone, "member", hers, "alice"),
          await ends(last),
          // What is between the two is no business of the room's.
          ...(how === "told apart" ? [await ends(last.slice(0, 1))] : []),
        ];
  return {
    known: [await certify(root, "device", laptop, "laptop"), await certify(laptop, "member", stolen, "alice")],
    events: [
      ...fine,
      asked,
      ...late,
      ...told.map((jws) => tell(jws, { kind: "key" }, KEY_STATEMENT)),
      tell("it is me"),
    ],
  };
}

/** The key's device puts another one in its place: the room is told of what all know, bob of what is between the two. */
async function replacing(last: readonly Last[]): Promise<readonly string[]> {
  const ends = { ...ABOUT, act: "revoke", by: laptop.key, key: stolen.key, next: hers.key } as const;
  return [
    await certify(laptop, "member", hers, "alice"),
    ...(await Promise.all(last.map((one) => state({ ...ends, last: [one] }, laptop)))),
  ];
}

/** What counts at bob's: what is shown as said, what waits, and what operators decided. */
async function whatCounts({ room, store }: Member): Promise<unknown> {
  const { lines } = must(await request({ room }, "history", { via: "cli", limit: 100 }));
  return {
    said: lines.flatMap((line) => (line.withheld === undefined && isKnownKind(line.kind) ? [line.text] : [])).sort(),
    card: must(await request({ room }, "card", {})).title,
    isRevoked: room.controls.isRevoked([GRANT_ID]),
    waits: Object.values(store.state.inbox).length,
    paused: room.controls.brake()?.act ?? "not",
  };
}

test.each(["revoked", "told apart", "replaced"] as const)(
  "of a key that was %s the same counts in whatever order statements and events come, and with any stamps [KEYCHAIN-4] [KEYCHAIN-9] [KEYCHAIN-12]",
  async (how) => {
    const { known, events } = await scene(bobs.key, how);
    const run = async (order: readonly number[], places: readonly number[]): Promise<unknown> => {
      const script = new ScriptedRelay();
      script.members = [{ name: "alice", key: stolen.key, online: true, since: 1, grant: "member", chain: known }];
      const place = makePlace("bob");
      try {
        await using bob = await place.open(1, { root: owner.key }, { dial: script.dial, pair: bobs });
        await until("her root is known", () => bob.pins.get("alice")?.root === root.key);
        // Twice: what was refused, since its key was a stranger's then, is healed later.
        for (const [n, which] of [...order, ...order].entries()) {
          const stamp = `${1_700_000_000_001 + places[n % places.length]!}-0`;
          script.give({ type: "event", room: "lobby", stamp, event: events[which]! });
        }
        await until("all is taken", () => Object.values(bob.store.state.keys).length >= 5);
        return await whatCounts(bob);
      } finally {
        place.remove();
      }
    };
    const all = events.map((_, n) => n);
    const anyOrder = fc.shuffledSubarray(all, { minLength: all.length });
    await fc.assert(
      fc.asyncProperty(anyOrder, anyOrder, async (order, at) => {
        const said = ["asked", "it is me", "one", "paused the room", "set the room's card:\nHers", "three"];
        expect(await run(order, at)).toEqual({ said, waits: 1, paused: "pause", card: "Hers", isRevoked: false });
      }),
      { numRuns: 12 },
    );
  },
);

test("a revocation whose consequences were not all written down, since the power failed, has them at the next start [KEYCHAIN-4]", async () => {
  const { known, events } = await scene(bobs.key, "revoked");
  const place = makePlace("bob");
  const open = async (): Promise<Member> => {
    const script = new ScriptedRelay();
    script.members = [{ name: "alice", key: stolen.key, online: true, since: 1, grant: "member", chain: known }];
    const bob = await place.open(1, { root: owner.key }, { dial: script.dial, pair: bobs });
    await until("her root is known", () => bob.pins.get("alice")?.root === root.key);
    for (const [n, event] of events.entries())
      script.give({ type: "event", room: "lobby", stamp: `${1_700_000_000_001 + n}-0`, event });
    return bob;
  };
  try {
    const before = await open();
    const counts = await whatCounts(before);
    before.crash();
    const journal = join(place.dir, "project", ".agora", "inbox.jsonl");
    const lines = readFileSync(journal, "utf8").split("\n");
    const first = lines.findIndex((line) => line.includes('"op":"disown"'));
    expect(first).toBeGreaterThan(0);
    for (const left of [first, first + 1]) {
      writeFileSync(journal, `${lines.slice(0, left).join("\n")}\n`);
      const again = await open();
      expect([left, await whatCounts(again)]).toEqual([left, counts]);
      again.crash();
    }
  } finally {
    place.remove();
  }
});

test("a question that a stolen key decided is open again for who else was asked, also after a restart [KEYCHAIN-4]", async () => {
  const carol = generateKeyPair();
  const asked = newId();
  const to: Draft["to"] = [
    { member: "alice", key: stolen.key, person: true },
    { member: "bob", key: bobs.key, person: true },
  ];
  const own = { author: "carol", kind: "question", to, expires: Date.now() + 3_600_000, id: asked };
  const question = speaker(carol)(JSON.stringify({ text: "Ship it?", pick: "text" }), own, QUESTION);
  const say = speaker(stolen);
  const about = { how: "answers", id: asked } as const;
  const readers = [
    { member: "bob", key: bobs.key },
    { member: "carol", key: carol.key },
  ];
  const fine = say("fine");
  const answer = say(JSON.stringify({ text: "yes" }), { kind: "answer", about, to: readers }, ANSWER);
  const ends = { ...ABOUT, act: "revoke", by: root.key, key: stolen.key, last: [placeOf("*", 1, fine)] } as const;
  const tell = speaker(hers);
  const told = await Promise.all([
    certify(root, "device", phone, "phone"),
    certify(phone, "member", hers, "alice"),
    state({ ...ends, last: [...ends.last] }, root),
  ]);
  const script = new ScriptedRelay();
  const chain = [await certify(root, "device", laptop, "laptop"), await certify(laptop, "member", stolen, "alice")];
  script.members = [{ name: "alice", key: stolen.key, online: true, since: 1, grant: "member", chain }];
  const place = makePlace("bob");
  try {
    const open = (): Promise<Member> => place.open(1, {}, { dial: script.dial, pair: bobs });
    const standing = (bob: Member) => bob.room.questions.standing(asked)?.state;
    let stamp = 1_900_000_000_000;
    const give = (...events: readonly SignedEvent[]): void => {
      for (const event of events) script.give({ type: "event", room: "lobby", stamp: `${(stamp += 1)}-0`, event });
    };
    {
      await using bob = await open();
      await until("her root is known", () => bob.pins.get("alice")?.root === root.key);
      give(fine, question);
      await until("bob is asked", () => bob.store.state.inbox[asked] !== undefined);
      give(answer);
      await until("it is answered", () => standing(bob) === "answered");
      expect(bob.store.state.inbox[asked]).toBeUndefined();
      give(...told.map((jws) => tell(jws, { kind: "key" }, KEY_STATEMENT)));
      await until("it is open again", () => standing(bob) === "open" && bob.store.state.inbox[asked] !== undefined);
    }
    await using bob = await open();
    expect(standing(bob)).toBe("open");
    must(await request(bob, "answer", { via: "cli", question: asked, text: "no" }));
    expect(bob.room.questions.standing(asked)?.answer?.answer.text).toBe("no");
  } finally {
    place.remove();
  }
});
