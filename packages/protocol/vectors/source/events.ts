// Really signed events of every kind, and events that a reader must refuse.
import {
  ADMISSION, ANSWER, BUDGET, CARD, CHANNEL, CLAIM, CONTROL, DECISION, type Draft, EVENT_PREFIX, FILE_OFFER, GRANT, type Head, JOIN_REQUEST, MAX_ADDRESSES, MAX_HEAD_BYTES, OWN_STATE, QUESTION, signEvent, type SignedEvent, TEXT,
} from "../../src/index.ts";
import { type Actor, alice, bob, carol, grantOf, jwtBy, otherTextOf, verifier } from "./actors.ts";

const ROOM = "lab";
export const TIME = 1_760_000_000_000;

/** A draft with the fields every event has. */
export function draft(author: Actor, id: string, more: Partial<Draft> = {}): Draft {
  const whose = { id, room: ROOM, author: author.name, role: "user", kind: "message" } as const;
  return { ...whose, to: [], thread: id, chain: id, hop: 0, seq: 1, time: TIME, ...more };
}

export function seal(author: Actor, more: Draft, body: string, media: string = TEXT): SignedEvent {
  return signEvent(more, body, media, author, verifier).signed;
}

/** Alice's message, which other examples refer to. */
export const message = seal(alice, draft(alice, "7k2m9q4xw0abc3de5fgh"), "Is the build green?");

/** The operator's pause, with the grant that entitles carol's key. */
export const operatorGrant = grantOf({
  jti: "grant-carol-1", room: ROOM, grant: "operator", sub: "carol", key: carol.key, iat: 1_760_000_000, exp: 1_791_536_000,
});
export const pause = seal(
  carol,
  draft(carol, "c0ntr0ab23456789defg", { kind: "control" }),
  JSON.stringify({ act: "pause", reason: "Deploying.", grant: operatorGrant }),
  CONTROL,
);

export interface EventVector {
  readonly about: string;
  readonly check: "event";
  readonly seed: string;
  readonly event: SignedEvent;
  readonly head?: unknown;
  readonly refused?: "bad-event" | "too-big";
}

export function good(about: string, author: Actor, event: SignedEvent, head: unknown = JSON.parse(event.head)): EventVector {
  return { about, check: "event", seed: author.seed, event, head };
}

function bad(about: string, event: SignedEvent, refused: "bad-event" | "too-big" = "bad-event"): EventVector {
  return { about, check: "event", seed: alice.seed, event, refused };
}

/** Signs any text as a head, so that only its content can be wrong. */
function signed(head: string, body = "Is the build green?"): SignedEvent {
  return { head, sig: alice.sign(EVENT_PREFIX + head), body };
}

/** The head of `message` with some fields changed, signed. */
function changed(fields: Record<string, unknown>): SignedEvent {
  return signed(JSON.stringify({ ...(JSON.parse(message.head) as Head), ...fields }));
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { in: nested(depth - 1) };
}

function messages(): Record<string, EventVector> {
  const full = draft(alice, "9abcdefgh123456789jk", {
    seat: "claude.2",
    role: "agent",
    to: [{ member: "bob", key: bob.key }, { member: "carol", seat: "codex" }, { member: "bob", person: true }],
    thread: "7k2m9q4xw0abc3de5fgh",
    about: { how: "answers", id: "7k2m9q4xw0abc3de5fgh" },
    chain: "7k2m9q4xw0abc3de5fgh",
    hop: 2,
    expires: TIME + 60_000,
    ext: { client: "example" },
  });
  const withUnknown = changed({ mood: "fine" });
  const { mood: _mood, ...known } = JSON.parse(withUnknown.head) as Record<string, unknown>;
  const twice = message.head.replace('"hop":0', '"hop":7,"hop":0');
  const proto = message.head.replace('"v":1', '"v":1,"__proto__":{"role":"agent"},"ext":{"__proto__":{"hop":9}}');
  const protoRead = { ...(JSON.parse(message.head) as Head), ext: {} };
  return {
    "event-message/to-the-room": good("The least that a message has.", alice, message),
    "event-message/directed-answer": good("Every optional field.", alice, seal(alice, full, "Yes — see `ci` ✅\n")),
    "event-message/empty-body": good("An empty body has a hash too.", alice, seal(alice, draft(alice, "emptyb0dy234"), "")),
    "event-message/unicode-body": good(
      "length counts bytes of UTF-8, not characters.", alice, seal(alice, draft(alice, "xn1c0de12345"), "‮é 👩‍👩‍👧 \u0000 \ud83d\ude00"),
    ),
    "event-message/unknown-field": good("A field of a later version is passed over.", alice, withUnknown, known),
    "event-message/same-field-twice": good("Of a name that stands there twice the last counts.", alice, signed(twice)),
    "event-message/proto": good("`__proto__` is a name like any other, and no prototype.", alice, signed(proto), protoRead),
    "event-message/ext-at-limit": good("ext 16 deep.", alice, changed({ ext: nested(16) })),
    "event-unknown/kind": good("A kind of a later version can be read.", alice, changed({ kind: "poll", must: true })),
  };
}

function otherKinds(): Record<string, EventVector> {
  const offer = { name: "plan.md", size: 5, sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" };
  const file = draft(alice, "f11e0ffer123", { kind: "file", to: [{ member: "bob" }] });
  const chained = { seq: 2, prev: verifier.sha256(message.head) };
  const after = draft(alice, "cha1ned123456", chained);
  const anew = draft(alice, "anew1234567890abcdef", {
    ...chained, seq: TIME + 1, gap: { from: 2, to: TIME, why: "journals-lost" },
  });
  const refused = seal(alice, draft(alice, "ref5sed123456", chained), "Too much.");
  const standIn = draft(alice, "stand1n1234567890abc", {
    ...chained, kind: "void", replaces: verifier.sha256(refused.head), about: { how: "retracts", id: "ref5sed123456" },
  });
  const voided = draft(alice, "v01d12345678", { kind: "void", seq: 2, about: { how: "retracts", id: "7k2m9q4xw0abc3de5fgh" } });
  const kick = JSON.stringify({ act: "kick", member: "bob", grant: operatorGrant });
  return {
    "event-file/offer": good("The offer of a file, to bob.", alice, seal(alice, file, JSON.stringify(offer), FILE_OFFER)),
    "event-file/offer-with-text": good(
      "The author says something with it.", alice,
      seal(alice, { ...file, id: "f11e0ffer456" }, JSON.stringify({ ...offer, media: "text/markdown", text: "Please read." }), FILE_OFFER),
    ),
    "event-control/pause": good("An operator pauses the room.", carol, pause),
    "event-control/kick": good(
      "An operator removes bob.", carol, seal(carol, draft(carol, "k1ck12345678", { kind: "control", seq: 2 }), kick, CONTROL),
    ),
    "event-message/chained": good("It names the event before it.", alice, seal(alice, after, "And the tests?")),
    "event-message/after-a-gap": good("Its author lost its journals and numbers anew.", alice, seal(alice, anew, "Back.")),
    "event-message/prev-no-hash": bad("prev is no hash.", changed({ prev: "yesterday" })),
    "event-message/gap-without-reason": bad("A gap says why.", changed({ gap: { from: 2, to: 3 } })),
    "event-void/replaces": good("It names the event in whose place it stands.", alice, seal(alice, standIn, "")),
    "event-void/withdrawn": good("seq 2 was refused for good and is withdrawn.", alice, seal(alice, voided, "")),
  };
}

/** Events that bound automatic turns, make operators, and ask for a sign of life. [CHAIN-4] [GRANT-8] [PING-1] */
function upkeep(): Record<string, EventVector> {
  const chain = "7k2m9q4xw0abc3de5fgh";
  const toAlice = [{ member: "alice", key: alice.key, person: true as const }];
  const asks = { turns: 12, limit: 12, pattern: "@bob and @carol answer each other" };
  const asked = draft(bob, "b0dget1234567890asks", { kind: "budget", role: "agent", to: toAlice, thread: chain });
  const given = draft(alice, "b0dget1234567890g1ve", { kind: "budget", thread: chain });
  const granted = draft(alice, "grant1234567890abcde", { kind: "grant", must: true, to: [{ member: "carol", key: carol.key }] });
  const pinged = draft(alice, "p1ng1234567890abcdef", { kind: "ping", to: [{ member: "bob", key: bob.key }] });
  const own = draft(alice, "se1f1234567890abcdef", { kind: "self", role: "agent", must: true, to: [{ member: "alice", key: alice.key }] });
  const reacted = draft(bob, "reacted1234567890abc", {
    kind: "reaction", must: true, thread: chain, about: { how: "answers", id: chain },
  });
  return {
    "event-budget/asks": good(
      "bob's daemon asks alice, at whose the chain began.", bob, seal(bob, asked, JSON.stringify({ chain, turns: 0, asks }), BUDGET),
    ),
    "event-budget/gives": good("She gives it twelve turns more, for all to hear.", alice, seal(alice, given, JSON.stringify({ chain, turns: 12 }), BUDGET)),
    "event-grant/operator": good("The owner makes carol an operator.", alice, seal(alice, granted, operatorGrant, GRANT)),
    "event-reaction/emoji": good("bob says with one emoji what he thinks of it.", bob, seal(bob, reacted, "\u{1f44d}")),
    "event-reaction/taken-back": good(
      "He takes that back.", bob, seal(bob, { ...reacted, id: "reacted12345678back", seq: 2 }, ""),
    ),
    "event-self/read": good(
      "alice's devices: she has read the room so far.", alice,
      seal(alice, own, JSON.stringify({ place: "*", read: "1760000000000-3" }), OWN_STATE),
    ),
    "event-self/in": good(
      "And she is in #build on all of them.", alice,
      seal(alice, { ...own, id: "se1f1234567890charn1", seq: 2 }, JSON.stringify({ place: "#build", in: true }), OWN_STATE),
    ),
    "event-ping/asks": good("A sign of life is asked of bob's daemon.", alice, seal(alice, pinged, "")),
  };
}

/** A grant for the lobby, where alice decides; with a key of its own, here carol's. */
export const lobbyGrant = (more: object = { claim: carol.key }): string =>
  grantOf({
    jti: "invite-1234567", room: ROOM, grant: "lobby", gives: "member", by: { name: "alice", key: alice.key }, uses: 1,
    iat: 1_760_000_000, exp: 1_760_600_000, ...more,
  });

const toAlice = { to: [{ member: "alice", key: alice.key }] };
const claimed = { grant: lobbyGrant(), key: bob.key, name: "bob", room: ROOM, origin: "wss://relay.example.org" };
const given = grantOf({ jti: "admitted-bob-1", room: ROOM, grant: "member", sub: "bob", key: bob.key, iat: 1_760_000_100 });

/** bob claims an invite, and is let in. [LOBBY-4] [LOBBY-7] */
export const claim = seal(bob, draft(bob, "c1a1m1234567890abcde", { kind: "claim", ...toAlice }), jwtBy(carol, claimed), CLAIM);
export const admission = seal(
  alice,
  draft(alice, "adm1tted1234567890ab", { kind: "admission", to: [{ member: "bob", key: bob.key }] }),
  JSON.stringify({ about: "c1a1m1234567890abcde", state: "admitted", grant: given }),
  ADMISSION,
);

function lobby(): Record<string, EventVector> {
  const asked = draft(bob, "j01nreqvest123456789", { kind: "join-request", ...toAlice });
  const request = JSON.stringify({ grant: lobbyGrant({}), text: "Hi." });
  return {
    "event-claim/asks": good("bob claims an invite whose key is carol's.", bob, claim),
    "event-join-request/asks": good("bob asks alice to be let in.", bob, seal(bob, asked, request, JOIN_REQUEST)),
    "event-admission/admitted": good("alice lets him in.", alice, admission),
  };
}

/** A question with a form, bob's answer, and a decision. [QUESTION-2] [QUESTION-3] [QUESTION-7] */
function questions(): Record<string, EventVector> {
  const form = {
    text: "Which database?", pick: "one", choices: [{ id: "pg", label: "Postgres" }, { id: "lite", label: "SQLite", about: "One file." }],
    other: true, urgent: true, otherwise: "I take SQLite.",
  };
  const asked = draft(alice, "q1234567890abcdefghj", {
    kind: "question", role: "agent", seat: "claude", must: true, to: [{ member: "bob", key: bob.key, person: true as const }], expires: TIME + 600_000,
  });
  const answered = draft(bob, "answer1234567890bcde", {
    kind: "answer", to: [{ member: "alice", key: alice.key, seat: "claude" }], thread: asked.id,
    about: { how: "answers", id: asked.id }, time: TIME + 60_000,
  });
  const decided = draft(carol, "dec1s10n123456789abc", { kind: "decision" });
  const free = { ...asked, id: "qtext67890abcdefghjk", seq: 2, thread: "qtext67890abcdefghjk", chain: "qtext67890abcdefghjk" };
  return {
    "event-question/form": good("An agent asks bob, who picks one.", alice, seal(alice, asked, JSON.stringify(form), QUESTION)),
    "event-question/text": good(
      "The answer is written.", alice, seal(alice, free, JSON.stringify({ text: "What is it called?", pick: "text" }), QUESTION),
    ),
    "event-answer/picked": good("bob picks.", bob, seal(bob, answered, JSON.stringify({ picked: ["lite"] }), ANSWER)),
    "event-decision/recorded": good(
      "What carol decided without being asked.", carol,
      seal(carol, decided, JSON.stringify({ title: "No releases on Fridays", text: "Nobody is here then." }), DECISION),
    ),
  };
}

function refusedEvents(): Record<string, EventVector> {
  const many = Array.from({ length: MAX_ADDRESSES + 1 }, (_, i) => ({ member: `m${i}` }));
  const sig = message.sig;
  return {
    "event-message/body-changed": bad("The body is not the one that was signed.", { ...message, body: "Is the build red??" }),
    "event-message/body-same-length": bad("The same length and another hash.", { ...message, body: "Is the build gone?!" }),
    "event-message/head-changed": bad("One field of the head was changed.", { ...message, head: message.head.replace('"user"', '"agent"') }),
    "event-message/encoded-anew": bad("The same JSON with a space is another head.", { ...message, head: message.head.replace(",", ", ") }),
    "event-message/other-signature": bad("Signed by bob in alice's name.", { ...message, sig: bob.sign(EVENT_PREFIX + message.head) }),
    "event-message/without-prefix": bad("The prefix was not signed.", { ...message, sig: alice.sign(message.head) }),
    "event-message/signature-not-canonical": bad("The same signature in another text.", {
      ...message,
      sig: otherTextOf(message.sig),
    }),
    "event-message/key-not-canonical": bad("The same key in another text.", changed({ key: otherTextOf(alice.key) })),
    "event-message/lone-surrogate": bad("A lone surrogate has no bytes.", { ...message, body: "Is the build \ud800?" }),
    "event-message/signature-cut": bad("Not 64 bytes.", { ...message, sig: sig.slice(0, 80) }),
    "event-message/not-json": bad("The head is no JSON.", signed("{v:1}")),
    "event-message/no-object": bad("The head is no object.", signed("[1]")),
    "event-message/other-version": bad("A head of version 2.", changed({ v: 2 })),
    "event-message/bad-id": bad("An id with a capital.", changed({ id: "7K2M9Q4XW0ABC3DE5FGH" })),
    "event-message/bad-author": bad("A reserved name.", changed({ author: "system" })),
    "event-message/bad-role": bad("There are two roles.", changed({ role: "operator" })),
    "event-message/bad-seat": bad("`person` is no seat.", changed({ seat: "person" })),
    "event-message/bad-kind": bad("A kind is a lower-case word.", changed({ kind: "Message" })),
    "event-message/bad-how": bad("about.how is one of five.", changed({ about: { how: "likes", id: "7k2m9q4xw0abc3de5fgh" } })),
    "event-message/seq-zero": bad("seq begins at 1.", changed({ seq: 0 })),
    "event-message/hop-fraction": bad("hop is a whole number.", changed({ hop: 0.5 })),
    "event-message/too-many-addresses": bad("65 addresses.", changed({ to: many })),
    "event-message/ext-too-deep": bad("ext 17 deep.", changed({ ext: nested(17) })),
    "event-message/head-too-long": bad("A head of more than 16 KiB.", changed({ ext: { pad: "x".repeat(MAX_HEAD_BYTES) } }), "too-big"),
    "event-message/head-too-long-in-bytes": bad(
      "16 KiB are bytes, not characters.", changed({ ext: { pad: "é".repeat(MAX_HEAD_BYTES / 2) } }), "too-big",
    ),
  };
}

/** A channel is opened and used. [CHANNEL-6] */
function channelEvents(): Record<string, EventVector> {
  const opened = draft(alice, "0pench12345", { kind: "channel", channel: "build" });
  const said = draft(alice, "0pench67890", { channel: "build", seq: 2, to: [{ member: "bob", key: bob.key }] });
  return {
    "event-channel/open": good("alice opens #build.", alice, seal(alice, opened, JSON.stringify({ act: "open", text: "What breaks." }), CHANNEL)),
    "event-channel/message": good("She says something there, to bob.", alice, seal(alice, said, "Is it green?")),
    "event-channel/bad-name": bad("A channel's name begins with a letter.", changed({ channel: "12" })),
  };
}

/** The room's card, set by a lead. [CARD-1] [RIGHT-3] */
function cards(): Record<string, EventVector> {
  const grant = grantOf({
    jti: "grant-bob-lead", room: ROOM, grant: "lead", sub: "bob", key: bob.key, may: ["member", "observer"], iat: 1_760_000_000,
  });
  const set = draft(bob, "card12345678", { kind: "card" });
  const card = {
    title: "The shop",
    purpose: "Orders and payments.",
    repositories: [
      { url: "https://git.example.org/shop/web.git", label: "web" },
      { url: "git@git.example.org:shop/api.git", label: "api" },
    ],
    grant,
  };
  return { "event-card/set": good("A lead sets the room's card.", bob, seal(bob, set, JSON.stringify(card), CARD)) };
}

/** All vectors of events, by path. */
export function eventVectors(): Record<string, EventVector> {
  return { ...messages(), ...otherKinds(), ...upkeep(), ...lobby(), ...questions(), ...channelEvents(), ...cards(), ...refusedEvents() };
}
