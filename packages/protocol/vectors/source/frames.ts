// Every frame in both directions, good and bad; and what a hello signs.
import { DEFAULT_LIMITS, helloText, MAX_CHANNELS, MAX_HEAL_MARKS, MAX_MARK_RANGES, MAX_RECEIPTS, proofText, welcomeText } from "../../src/index.ts";
import { alice, bob, carol, grantOf, otherTextOf, relay, verifier } from "./actors.ts";
import { admission, claim, message, pause, TIME } from "./events.ts";

type From = "client" | "relay";

interface FrameVector {
  readonly about: string;
  readonly check: "frame" | "hello" | "proof";
  readonly [more: string]: unknown;
}

function good(from: From, about: string, frame: object, read: object = frame): FrameVector {
  return { about, check: "frame", from, frame, read };
}

function bad(from: From, about: string, frame: object, refused = "bad-frame"): FrameVector {
  return { about, check: "frame", from, frame, refused };
}

function raw(from: From, about: string, text: string, refused = "bad-frame"): FrameVector {
  return { about, check: "frame", from, text, refused };
}

const nonce = "Zk3TqYw1p8Rb5NdXo2Lc7Vea";
const unsigned = { type: "hello", v: [1], name: "alice", key: alice.key, origin: "wss://relay.example.org" };
const signedText = helloText(unsigned, nonce);
const hello = { ...unsigned, sig: alice.sign(signedText), client: "agora/0.1.0" };
const ours = "p7QdT0cK5mYw2uXb8sVn1LhR";
const greeting = {
  challenge: { nonce, v: [1] },
  hello: { v: [1], name: "alice", key: alice.key, origin: "ws://127.0.0.1:8080", nonce: ours },
  welcome: { v: 1, life: "x4t9k2", key: relay.key, at: "127.0.0.1:8080" },
};
const welcomeSigned = welcomeText(greeting);
const welcome = {
  type: "welcome", relay: "agora/0.1.0", time: TIME, limits: DEFAULT_LIMITS, ...greeting.welcome, sig: relay.sign(welcomeSigned),
};
const proofToken = "8f2c61d0b7e94a35";
const id = "7k2m9q4xw0abc3de5fgh";
const stamp = `${TIME}-4`;
const room = "lab";
const join = { type: "join", room, token: "8f2c61d0" };
const receipt = { id, state: "seen", seat: "claude", at: TIME + 4000 };
const deliver = { type: "deliver", room, to: "bob", stamp, event: message };
const line = { name: "alice", key: alice.key, online: true, since: TIME, grant: "member" };
const want = { type: "file", room, to: "alice", step: "want", id, offset: 0 };
const seat = { seat: "claude", client: "Claude Code", connected: true, reachable: true, busy: false };
const facts = {
  kind: "agent", owner: "Alice", client: "Claude Code", host: "lovelace", dir: "web", branch: "main", status: "testing",
  mode: "auto", seats: [seat],
};

function helloVectors(): Record<string, FrameVector> {
  const signature = (about: string, fields: object, holds: boolean): FrameVector => ({
    about, check: "hello", seed: alice.seed, nonce, hello, signedText, holds, ...fields,
  });
  const proof = (about: string, fields: object, holds: boolean): FrameVector => ({
    about, check: "proof", seed: relay.seed, greeting, signedText: welcomeSigned, sig: welcome.sig, room: "lab", token: proofToken,
    proof: verifier.hmac(proofToken, proofText("lab", greeting)), ...fields, holds,
  });
  const { key: _key, ...withoutKey } = hello;
  return {
    "hello/valid": good("client", "Introduces alice.", hello),
    "hello/several-versions": good("client", "All versions the client speaks.", { ...hello, v: [2, 1] }),
    "hello/name-of-others": good("client", "A name that can't be one is read, and closed with 4012.", { ...hello, name: "Not A Name" }),
    "hello/no-key": bad("client", "The key is missing.", withoutKey),
    "welcome/proof-not-canonical": proof("The same signature and proof in other texts.", {
      sig: otherTextOf(welcome.sig), proof: otherTextOf(verifier.hmac(proofToken, proofText("lab", greeting))),
    }, false),
    "hello/signature-not-canonical": signature("The same signature in another text.", {
      hello: { ...hello, sig: otherTextOf(hello.sig) },
    }, false),
    "hello/key-not-canonical": bad("client", "The same key in another text.", { ...hello, key: otherTextOf(alice.key) }),
    "hello/version-word": bad("client", "Versions are numbers.", { ...hello, v: ["1"] }),
    "hello/signature": signature("Six lines are signed.", {}, true),
    "hello/signature-for-another-nonce": signature("An answer to another challenge.", { nonce: "AAAAAAAAAAAAAAAAAAAAAAAA" }, false),
    "hello/signature-for-another-relay": signature(
      "An answer that a false relay passes on.", { hello: { ...hello, origin: "wss://relay.example.com" } }, false,
    ),
    "hello/signature-by-another-key": signature("bob signs for alice's key.", { hello: { ...hello, sig: bob.sign(signedText) } }, false),
    "challenge/valid": good("relay", "What hello has to sign.", { type: "challenge", nonce, v: [1] }),
    "challenge/short-nonce": bad("relay", "Fewer than 128 bits.", { type: "challenge", nonce: "abc", v: [1] }),
    "challenge/nonce-of-two-lines": bad("relay", "A line feed would blur what is signed.", { type: "challenge", nonce: `${nonce}\nwss://x`, v: [1] }),
    "welcome/valid": good("relay", "Version, limits, life.", {
      type: "welcome", v: 1, relay: "agora/0.1.0", life: "x4t9k2", time: TIME, limits: DEFAULT_LIMITS,
    }),
    "challenge/key": good("relay", "The key that the relay will prove.", { type: "challenge", nonce, v: [1], key: relay.key }),
    "challenge/key-not-canonical": bad("relay", "The same key in another text.", {
      type: "challenge", nonce, v: [1], key: otherTextOf(relay.key),
    }),
    "hello/nonce": good("client", "What the relay has to sign.", { ...hello, nonce: ours }),
    "hello/nonce-of-two-lines": bad("client", "A line feed would blur what is signed.", { ...hello, nonce: `${ours}\nwss://x` }),
    "welcome/proven": good("relay", "The relay has proved its key.", welcome),
    "welcome/proof": proof("Twelve lines are signed, and the token proves itself by them.", {}, true),
    "welcome/proof-of-another-greeting": proof(
      "An old answer, played again.", { greeting: { ...greeting, challenge: { nonce: "A".repeat(24), v: [1] } } }, false,
    ),
    "welcome/proof-at-another-port": proof(
      "A program at another port passes it on.",
      { greeting: { ...greeting, hello: { ...greeting.hello, origin: "ws://127.0.0.1:9001" } } }, false,
    ),
    "welcome/no-limits": bad("relay", "A client may not rely on defaults.", { type: "welcome", v: 1, relay: "x", life: "y", time: TIME }),
  };
}

function joinVectors(): Record<string, FrameVector> {
  const joined = { type: "joined", room, name: "alice", grant: "member", stamp, gap: false, members: [line], controls: [] };
  return {
    "join/first": good("client", "The first time in a room.", join),
    "join/again": good("client", "Back again, with all that may be told.", { ...join, after: stamp, facts, controls: [pause] }),
    "join/channels": good("client", "Back in its channels.", { ...join, channels: ["build", "lunch"] }),
    "join/bad-channel": bad("client", "A channel's name is lower case.", { ...join, channels: ["Build"] }),
    "join/proof": good("client", "Proof in the place of the token.", {
      type: "join", room, proof: verifier.hmac(proofToken, proofText(room, greeting)),
    }),
    "join/short-proof": bad("client", "Not 32 bytes.", { type: "join", room, proof: "8f2c61d0" }),
    "join/no-room": bad("client", "Which room?", { type: "join", token: "8f2c61d0" }),
    "join/bad-room": bad("client", "A room's name is lower case.", { ...join, room: "The Lab" }),
    "join/bad-after": bad("client", "No stamp.", { ...join, after: "yesterday" }),
    "join/long-token": bad("client", "Longer than any token.", { ...join, token: "x".repeat(4097) }),
    "joined/valid": good("relay", "alice is in, alone.", joined),
    "joined/with-controls": good("relay", "An operator has paused the room.", {
      ...joined, grant: "observer", gap: true, members: [line, { ...line, name: "carol", key: carol.key, facts }], controls: [pause],
    }),
    "joined/with-channels": good("relay", "alice is in a channel.", { ...joined, members: [{ ...line, channels: ["build"] }] }),
    "joined/lobby": good("relay", "bob is in the lobby.", {
      ...joined, name: "bob", grant: "observer", lobby: true, stamp: "0-0", members: [{ name: "alice", key: alice.key, online: true, since: TIME }],
    }),
    "joined/grant-token": good("relay", "The grant that the operator's token stands for.", {
      ...joined, grant: "operator", grantToken: grantOf({ jti: "k2m9q4xw", room, grant: "operator", sub: "alice", key: alice.key, iat: 1_760_000_000 }),
    }),
    "joined/no-members": bad("relay", "Who is here?", { ...joined, members: undefined }),
    "leave/valid": good("client", "Leaves one room.", { type: "leave", room }),
    "leave/no-room": bad("client", "Which room?", { type: "leave" }),
  };
}

function eventFrames(): Record<string, FrameVector> {
  const stamped = { type: "stamped", room, id, stamp };
  const frame = { type: "event", room, stamp, event: message };
  const refused = { type: "refused", code: "rate", message: "Too fast." };
  return {
    "post/valid": good("client", "Hands in a message.", { type: "post", room, event: message }),
    "post/unknown-fields": good(
      "client", "Unknown fields are ignored, `__proto__` too.",
      { type: "post", room, event: { ...message, more: 1 }, later: true, constructor: 1 }, { type: "post", room, event: message },
    ),
    "post/no-event": bad("client", "Nothing to post.", { type: "post", room }),
    "post/no-signature": bad("client", "An event has three strings.", { type: "post", room, event: { head: "{}", body: "" } }),
    "deliver/valid": good("client", "Hands a stamped event to bob.", deliver),
    "deliver/bad-stamp": bad("client", "A stamp without its second number.", { ...deliver, stamp: "1760000000000" }),
    "deliver/to-nobody": bad("client", "Whom?", { ...deliver, to: undefined }),
    "stamped/valid": good("relay", "The event has its place.", stamped),
    "stamped/missed": good("relay", "bob was not there.", { ...stamped, missed: ["bob"] }),
    "stamped/bad-stamp": bad("relay", "A leading zero.", { ...stamped, stamp: "01760000000000-4" }),
    "event/valid": good("relay", "An event for this member.", frame),
    "event/late": good("relay", "Handed on by another member.", { ...frame, late: true }),
    "event/by": good("relay", "Delivered by bob, whose word the stamp is.", { ...frame, late: true, by: "bob" }),
    "event/by-nobody": bad("relay", "A name that can't be one.", { ...frame, late: true, by: "Not A Name" }),
    "event/no-stamp": bad("relay", "An event has a place.", { type: "event", room, event: message }),
    "refused/event": good("relay", "An event waits.", { ...refused, room, id, retryAfterMs: 400 }),
    "refused/busy": good("relay", "An event waits until the relay can take it.", {
      ...refused,
      code: "busy",
      message: "The relay can't do that for the moment.",
      room,
      id,
      retryAfterMs: 500,
    }),
    "refused/unknown-word": good("relay", "A word of a later version.", { ...refused, code: "tired" }),
    "refused/no-word": bad("relay", "Why?", { type: "refused", message: "No." }),
  };
}

function sideFrames(): Record<string, FrameVector> {
  const receipts = { type: "receipts", room, to: "alice", items: [receipt] };
  const told = { type: "receipts", room, from: "bob", key: bob.key, items: [receipt] };
  const many = Array.from({ length: MAX_RECEIPTS + 1 }, () => receipt);
  const ack = { type: "file", room, from: "bob", key: bob.key, step: "ack", id, offset: 65_536 };
  return {
    "receipts/from-client": good("client", "bob's model has seen it.", receipts),
    "receipts/rejected-with-reason": good("client", "An end with its reason.", {
      ...receipts, items: [{ id, state: "rejected", reason: "not mine", at: TIME }],
    }),
    "receipts/from-relay": good("relay", "The same, with the sender's name and key.", told),
    "receipts/state-of-the-author": bad("client", "`relayed` is not the recipient's to say.", { ...receipts, items: [{ ...receipt, state: "relayed" }] }),
    "receipts/too-many": bad("client", "501 receipts.", { ...receipts, items: many }),
    "receipts/without-key": bad("relay", "Whose word is it?", { ...told, key: undefined }),
    "presence/from-client": good("client", "Everything a member may tell.", { type: "presence", room, facts }),
    "presence/nothing": good("client", "Every fact may be left out.", { type: "presence", room, facts: {} }),
    "presence/from-relay": good("relay", "One is gone, one is here.", {
      type: "presence", room, members: [{ name: "bob", key: bob.key, online: false, since: TIME }, { ...line, facts }],
    }),
    "presence/devices": good("relay", "Alice is here with two devices: one line, and each of them.", {
      type: "presence", room, members: [{
        ...line, devices: [{ key: line.key, since: TIME, grant: "member", facts }, { key: carol.key, since: TIME + 1, grant: "member" }],
      }],
    }),
    "presence/too-many-devices": bad("relay", "A member has at most 8 devices.", {
      type: "presence", room, members: [{ ...line, devices: Array.from({ length: 9 }, () => ({ key: carol.key, since: TIME })) }],
    }),
    "presence/long-fact": bad("client", "A fact has at most 200 characters.", { type: "presence", room, facts: { status: "x".repeat(201) } }),
    "presence/bad-mode": bad("client", "There are two modes.", { type: "presence", room, facts: { mode: "yolo" } }),
    "channels/two": good("client", "The channels this member is in.", { type: "channels", room, channels: ["build", "lunch"] }),
    "channels/none": good("client", "It has left the last one.", { type: "channels", room, channels: [] }),
    "channels/too-many": bad("client", "101 channels.", {
      type: "channels", room, channels: Array.from({ length: MAX_CHANNELS + 1 }, (_, n) => `c${n}`),
    }),
    "channels/number": bad("client", "A channel's name begins with a letter.", { type: "channels", room, channels: ["12"] }),
    "file/want": good("client", "bob asks for the file.", want),
    "file/refuse": good("client", "Ended with a reason.", { ...want, step: "refuse", offset: undefined, reason: "gone" }, { type: "file", room, to: "alice", step: "refuse", id, reason: "gone" }),
    "file/from-relay": good("relay", "bob has written 64 KiB.", ack),
    "file/negative-offset": bad("client", "Before the beginning.", { ...want, offset: -1 }),
    "file/unknown-step": bad("client", "Four steps are known.", { ...want, step: "push" }),
  };
}

function healFrames(): Record<string, FrameVector> {
  const mark = { key: alice.key, audience: "*", ranges: [[1, 40], [42, 50]] };
  const asked = { type: "heal", room, to: "bob", step: "marks", since: stamp, marks: [mark] };
  const told = { type: "heal", room, from: "bob", key: bob.key, step: "done", more: false };
  const { to: _to, ...fromBob } = { ...asked, from: "bob", key: bob.key };
  const many = Array.from({ length: MAX_HEAL_MARKS + 1 }, () => ({ ...mark, ranges: [] }));
  const scattered = Array.from({ length: MAX_MARK_RANGES + 1 }, (_, n) => [2 * n + 1, 2 * n + 1]);
  const ranged = (ranges: unknown): object => ({ ...asked, marks: [{ ...mark, ranges }] });
  return {
    "heal/marks": good("client", "What alice has of her own words to the room, and asks bob for the rest.", asked),
    "heal/channels": good("client", "Since when alice is in a channel.", {
      ...asked, marks: [{ ...mark, audience: "#build" }], channels: { build: stamp },
    }),
    "heal/tail": good("client", "What alice knows of the places of bob's own words.", {
      ...asked,
      marks: [{ ...mark, key: bob.key, tail: { from: 42, digest: "A".repeat(43) } }],
    }),
    "heal/bad-tail": bad("client", "No hash.", { ...asked, marks: [{ ...mark, tail: { from: 42, digest: "same" } }] }),
    "heal/bad-channel": bad("client", "Not a channel.", { ...asked, channels: { "#build": stamp } }),
    "heal/bad-channel-since": bad("client", "No stamp.", { ...asked, channels: { build: "yesterday" } }),
    "heal/nothing": good("client", "Who has nothing asks for everything.", { type: "heal", room, to: "bob", step: "marks", marks: [] }),
    "heal/done": good("client", "There is more than was given.", { type: "heal", room, to: "bob", step: "done", more: true }),
    "heal/marks-from-relay": good("relay", "The same, with the sender's name and key.", fromBob),
    "heal/done-from-relay": good("relay", "That was all.", told),
    "heal/without-key": bad("relay", "Whose word is it?", { ...told, key: undefined }),
    "heal/to-nobody": bad("client", "Whom?", { ...asked, to: undefined }),
    "heal/unknown-step": bad("client", "Two steps are known.", { ...asked, step: "give" }),
    "heal/backward-range": bad("client", "It ends before it begins.", ranged([[5, 1]])),
    "heal/range-from-zero": bad("client", "Numbers begin at 1.", ranged([[0, 4]])),
    "heal/half-range": bad("client", "A range has two ends.", ranged([[3]])),
    "heal/absurd-range": bad("relay", "No whole number any more.", {
      ...fromBob, marks: [{ ...mark, ranges: [[1, 1e300]] }],
    }),
    "heal/too-many-marks": bad("client", "2,001 marks.", { ...asked, marks: many }),
    "heal/too-many-ranges": bad("client", "65 ranges.", ranged(scattered)),
    "heal/bad-since": bad("client", "No stamp.", { ...asked, since: "yesterday" }),
  };
}

function knockFrames(): Record<string, FrameVector> {
  return {
    "knock/asks": good("client", "From the lobby, to the one who decides.", { type: "knock", room, event: claim }),
    "knock/is-asked": good("relay", "The same, as it comes.", { type: "knock", room, event: claim }),
    "knock/answered": good("relay", "What the one who decides says to it.", { type: "knock", room, event: admission }),
    "knock/nothing": bad("client", "What is asked?", { type: "knock", room }),
  };
}

function broken(): Record<string, FrameVector> {
  return {
    "frame/not-json": raw("client", "Cut short.", '{"type":"leave"'),
    "frame/empty": raw("client", "Nothing.", ""),
    "frame/array": raw("client", "A frame is an object.", "[1]"),
    "frame/null": raw("client", "A frame is an object.", "null"),
    "frame/no-type": raw("client", "What is it?", '{"room":"lab"}'),
    "frame/type-number": raw("client", "A type is a word.", '{"type":1}'),
    "frame/unknown-type": raw("client", "A frame of a later version.", '{"type":"vote","room":"lab"}', "unknown-type"),
    "frame/unknown-type-from-relay": raw("relay", "A client passes it over.", '{"type":"vote","room":"lab"}', "unknown-type"),
    "frame/wrong-direction": raw("client", "Only a relay says this.", '{"type":"stamped","room":"lab"}', "unknown-type"),
    "frame/type-of-prototype": raw("client", "A name every object has.", '{"type":"constructor"}', "unknown-type"),
    "frame/prototype": raw("client", "`__proto__` lends no fields.", '{"type":"leave","__proto__":{"room":"lab"}}'),
  };
}

/** All vectors of frames, by path. */
export function frameVectors(): Record<string, FrameVector> {
  return { ...helloVectors(), ...joinVectors(), ...eventFrames(), ...sideFrames(), ...healFrames(), ...knockFrames(), ...broken() };
}
