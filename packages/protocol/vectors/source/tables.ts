// Chunks of files, invites, and input/result tables for the small functions of the wire.
import { encodeChunk, encodeInvite } from "../../src/index.ts";
import { root } from "./actors.ts";

const ROOM = "lab";
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const table = (about: string, name: string, cases: readonly (readonly [unknown, unknown])[]): object => ({
  about, check: "table", function: name, cases,
});

function chunkVectors(): Record<string, object> {
  const header = { room: ROOM, to: "bob", id: "f11e0ffer123", offset: 65_536 };
  const bytes = Buffer.from("Hello, file.\n");
  const frame = hex(encodeChunk(header, bytes));
  const withText = (text: string): string => {
    const head = Buffer.from(text, "latin1");
    return Buffer.concat([Buffer.from([head.length >> 8, head.length & 255]), head, bytes]).toString("hex");
  };
  const bad = (about: string, hexFrame: string, refused = "bad-frame"): object => ({ about, check: "chunk", hex: hexFrame, refused });
  const good = (about: string, hexFrame: string, read: object, rest: Uint8Array): object => ({
    about, check: "chunk", hex: hexFrame, header: read, bytes: hex(rest),
  });
  const { to: _to, ...shared } = header;
  const told = { ...shared, from: "alice" };
  return {
    "chunk/from-client": good("Two bytes of length, header, bytes.", frame, header, bytes),
    "chunk/from-relay": good("The relay says from whom.", hex(encodeChunk(told, bytes)), told, bytes),
    "chunk/no-bytes": good("The last chunk of an empty file.", hex(encodeChunk(header, new Uint8Array())), header, new Uint8Array()),
    "chunk/unknown-field": {
      ...good("Unknown fields are ignored.", withText(JSON.stringify({ ...header, more: [1] })), header, bytes), unknown: ["more"],
    },
    "chunk/at-limit": good("16 bytes were allowed.", hex(encodeChunk(header, Buffer.alloc(16, 7))), header, Buffer.alloc(16, 7)),
    "chunk/empty": bad("No length.", ""),
    "chunk/one-byte": bad("Half a length.", "00"),
    "chunk/cut-header": bad("The header is longer than the frame.", frame.slice(0, 40)),
    "chunk/header-too-long": bad("A header of 1025 bytes.", withText(`${JSON.stringify(header)}${" ".repeat(1025 - JSON.stringify(header).length)}`)),
    "chunk/not-json": bad("The header is no JSON.", withText("room=lab")),
    "chunk/not-utf8": bad("The header is not UTF-8.", withText('{"room":"\u00ff"}')),
    "chunk/no-id": bad("Of which file?", withText('{"room":"lab","to":"bob","offset":0}')),
    "chunk/negative-offset": bad("Before the beginning.", withText('{"room":"lab","to":"bob","id":"f11e0ffer123","offset":-1}')),
    "chunk/too-big": bad("17 bytes, and 16 were allowed.", hex(encodeChunk(header, Buffer.alloc(17, 7))), "too-big"),
  };
}

function inviteCases(): object {
  const invite = { v: 1, relay: "wss://relay.example.org", room: ROOM, root: root.key, token: "8f2c61d0" } as const;
  const { root: _root, ...plain } = invite;
  const word = encodeInvite(invite);
  const of = (value: unknown): string => `agora1.${Buffer.from(JSON.stringify(value)).toString("base64url")}`;
  return table("An invite is one word to paste; what is wrong with one gives null.", "decodeInvite", [
    [word, invite],
    [`  ${word}\n`, invite],
    [of(plain), plain],
    [of({ ...plain, relay: "ws://127.0.0.1:8080" }), { ...plain, relay: "ws://127.0.0.1:8080" }],
    [of({ ...plain, later: true }), plain],
    ["", null],
    ["agora1.", null],
    [word.slice(7), null],
    [word.slice(0, -9), null],
    [word.replace("agora1", "agora2"), null],
    [`${word}!`, null],
    [of({ ...plain, v: 2 }), null],
    [of({ ...plain, relay: "ws://relay.example.org" }), null],
    [of({ ...plain, relay: "wss://alice:secret@relay.example.org" }), null],
    [of({ ...plain, relay: "file:///etc/passwd" }), null],
    [of({ ...plain, room: "../lab" }), null],
    [of({ ...plain, root: "short" }), null],
    [of({ ...plain, token: "" }), null],
    [of({ ...plain, token: "two\nlines" }), null],
    [of([plain]), null],
    [`agora1.${Buffer.from([0xff, 0xfe, 0x7b]).toString("base64url")}`, null],
    [of({ ...plain, token: "x".repeat(4097) }), null],
    [of({ ...plain, pad: "x".repeat(8192) }), null],
  ]);
}

const NAMES = {
  "table/member-names": table("What a member may be called.", "isMemberName", [
    ["alice", true], ["a", true], ["0x", true], ["my-app_2", true], ["x".repeat(32), true],
    ["", false], ["Alice", false], ["x".repeat(33), false], ["-a", false], ["_a", false], ["a b", false], ["a.b", false],
    ["a/b", false], ["@a", false], ["é", false], ["аlice", false], ["a\n", false], ["alice\u200b", false], ["all", false],
    ["everyone", false], ["system", false], ["user", false], ["agent", false], ["person", false], ["agora", false],
  ]),
  "table/seat-names": table("What a seat may be called.", "isSeatName", [
    ["claude", true], ["codex.2", true], ["a-b", true], ["x".repeat(16), true], ["x.9999", true],
    ["person", false], ["", false], ["2x", false], ["claude.", false], ["claude.x", false], ["claude.12345", false],
    ["Claude", false], ["x".repeat(17), false], ["a b", false],
  ]),
  "table/room-names": table("What a room may be called.", "isRoomName", [
    ["lab", true], ["team.web-2_x", true], ["0", true], ["x".repeat(64), true],
    ["", false], ["Lab", false], [".lab", false], ["../lab", false], ["a/b", false], ["x".repeat(65), false], ["lab\n", false],
  ]),
  "table/suggested-names": table("A name near to a wish; null when nothing of it can be kept.", "suggestMemberName", [
    ["alice", "alice"], ["My Project", "my-project"], ["  --x--  ", "x"], ["Café Müller", "cafe-muller"], ["all", "all-1"],
    ["node_modules", "node_modules"], ["", null], ["проект", null], ["💥", null], ["x".repeat(40), "x".repeat(32)],
    ["_private", "private"], ["a.b.c", "a-b-c"],
  ]),
};

const ADDRESSES = {
  "table/addresses": table("One address; null when it is none.", "parseAddress", [
    ["@alice", { member: "alice" }], ["alice", { member: "alice" }], ["@alice/codex", { member: "alice", seat: "codex" }],
    ["alice/claude.2", { member: "alice", seat: "claude.2" }], ["@alice/person", { member: "alice", person: true }],
    ["", null], ["@", null], ["@@alice", null], ["@Alice", null], ["@alice/", null], ["@alice/Codex", null], ["@alice/a/b", null],
    ["@all", null], ["@alice ", null], ["/codex", null],
  ]),
  "table/leading-channel": table("A leading #name, and the text after it, verbatim.", "leadingChannel", [
    ["#build is it green?", { channel: "build", text: "is it green?" }],
    ["  #Build: look", { channel: "build", text: "look" }],
    ["#build\n  indented", { channel: "build", text: "  indented" }],
    ["#build @bob look", { channel: "build", text: "@bob look" }],
    ["#build", { channel: "build", text: "" }],
    ["#12 is open", { text: "#12 is open" }],
    ["# Heading", { text: "# Heading" }],
    ["## build", { text: "## build" }],
    ["#a.b", { text: "#a.b" }],
    ["#!/bin/sh", { text: "#!/bin/sh" }],
    ["see #build", { text: "see #build" }],
    [`#${"x".repeat(33)} y`, { text: `#${"x".repeat(33)} y` }],
  ]),
  "table/channel-name": table("What a channel may be called.", "isChannelName", [
    ["build", true], ["a", true], ["ci-2_x", true], ["constructor", true], ["x".repeat(32), true],
    ["", false], ["2nd", false], ["-x", false], ["Build", false], ["#build", false], ["a.b", false], ["x".repeat(33), false], ["\u00fcb", false],
  ]),
  "table/leading-addresses": table("The leading run of @names, and the text after it, verbatim.", "leadingAddresses", [
    ["hello", { addresses: [], text: "hello" }],
    ["  hello", { addresses: [], text: "  hello" }],
    ["@bob look", { addresses: ["bob"], text: "look" }],
    ["@bob, @carol/codex look", { addresses: ["bob", "carol/codex"], text: "look" }],
    ["@bob,@carol: look", { addresses: ["bob", "carol"], text: "look" }],
    ["  @Bob\n@CAROL/person\n  indented", { addresses: ["bob", "carol/person"], text: "  indented" }],
    ["@bob", { addresses: ["bob"], text: "" }],
    ["@bob ask @carol", { addresses: ["bob"], text: "ask @carol" }],
    ["ask @bob", { addresses: [], text: "ask @bob" }],
    ["@bob!", { addresses: [], text: "@bob!" }],
    ["@bob's idea", { addresses: [], text: "@bob's idea" }],
    ["@bob@carol hi", { addresses: [], text: "@bob@carol hi" }],
    ["@ bob", { addresses: [], text: "@ bob" }],
    ["@all hi", { addresses: ["all"], text: "hi" }],
    ["@types/node is old", { addresses: ["types/node"], text: "is old" }],
    ["", { addresses: [], text: "" }],
  ]),
  "table/audiences": table("The audience in which an author counts an event.", "audienceOf", [
    [{ to: [] }, "*"],
    [{ to: [{ member: "bob" }] }, "@bob"],
    [{ to: [{ member: "carol" }, { member: "bob", seat: "codex" }, { member: "bob", person: true }] }, "@bob,carol"],
    [{ to: [{ member: "b" }, { member: "a-b" }, { member: "a_b" }, { member: "a0" }] }, "@a-b,a0,a_b,b"],
    [{ to: [], channel: "build" }, "#build"],
    [{ to: [{ member: "bob" }], channel: "build" }, "#build"],
  ]),
  "table/relay-addresses": table("A relay's address as people write it; null when it is none.", "parseRelayAddress", [
    ["relay.example.org", { url: "wss://relay.example.org/ws", origin: "wss://relay.example.org", loopback: false }],
    ["wss://Relay.Example.org:443/", { url: "wss://relay.example.org/ws", origin: "wss://relay.example.org", loopback: false }],
    ["https://relay.example.org/agora", { url: "wss://relay.example.org/agora", origin: "wss://relay.example.org", loopback: false }],
    ["localhost:8080", { url: "ws://localhost:8080/ws", origin: "ws://localhost:8080", loopback: true }],
    ["localhost:443", { url: "ws://localhost:443/ws", origin: "ws://localhost:443", loopback: true }],
    ["ws://127.0.0.1:8080/ws", { url: "ws://127.0.0.1:8080/ws", origin: "ws://127.0.0.1:8080", loopback: true }],
    ["wss://[::1]:8443", { url: "wss://[::1]:8443/ws", origin: "wss://[::1]:8443", loopback: true }],
    ["http://127.1:1", { url: "ws://127.0.0.1:1/ws", origin: "ws://127.0.0.1:1", loopback: true }],
    ["", null], [" ", null], ["ws://relay.example.org", null], ["http://10.0.0.5:8080", null], ["ftp://relay.example.org", null],
    ["javascript:alert(1)", null], ["file:///etc/passwd", null], ["wss://", null], ["wss://alice@relay.example.org", null],
    ["wss://alice:secret@relay.example.org", null], ["relay.example.org?token=1", null], ["relay.example.org#token", null],
    ["wss://localhost.example.org@evil.example", null], ["ws://127.0.0.1.example.org", null], ["ws://0.0.0.0:8080", null],
    ["wss://exa\nmple.org", null], ["wss://exa\u202emple.org", null], ["wss:\\\\relay.example.org", null], ["wss://a\u0000b", null],
    [`wss://${"a".repeat(300)}.example.org`, null],
  ]),
};

const ORDER = {
  "table/stamps": table("What a stamp looks like.", "isStamp", [
    ["0-0", true], ["1760000000000-0", true], ["1760000000000-12", true], ["999999999999999-999999999999999", true],
    ["", false], ["1760000000000", false], ["-1-0", false], ["01-0", false], ["1-00", false], ["1-", false], ["1-2-3", false],
    ["1e3-0", false], [" 1-0", false], ["1-0\n", false], ["1000000000000000-0", false], ["１-0", false],
  ]),
  "table/stamp-order": table("Which of two stamps comes first, as numbers: -1, 0 or 1.", "compareStamps", [
    [["1-0", "1-0"], 0], [["1-0", "1-1"], -1], [["2-0", "1-9"], 1], [["9-0", "10-0"], -1], [["1-9", "1-10"], -1],
    [["999999999999999-999999999999999", "0-0"], 1],
  ]),
  "table/next-stamps": table("The stamp after one, at a time.", "nextStamp", [
    [["0-0", 1_760_000_000_000], "1760000000000-0"],
    [["1760000000000-0", 1_760_000_000_000], "1760000000000-1"],
    [["1760000000000-7", 1_750_000_000_000], "1760000000000-8"],
    [["1760000000000-7", 1_760_000_000_001], "1760000000001-0"],
    [["1760000000000-999999999999999", 1_760_000_000_000], "1760000000001-0"],
  ]),
  "table/versions": table("The version both sides speak, by the order of the second.", "chooseVersion", [
    [[[1], [1]], 1], [[[3, 2, 1], [2, 1]], 2], [[[1, 2], [2, 1]], 2], [[[2], [1]], null], [[[], [1]], null],
  ]),
  "table/receipts": table("Whether the second state may follow the first.", "advances", [
    [["queued", "relayed"], true], [["relayed", "stored"], true], [["stored", "held"], true], [["held", "handed"], true],
    [["stored", "seen"], true], [["handed", "seen"], true], [["seen", "answered"], true], [["held", "rejected"], true],
    [["held", "expired"], true], [["expired", "answered"], true], [["seen", "handed"], false], [["seen", "seen"], false],
    [["answered", "rejected"], false], [["relayed", "queued"], false],
  ]),
};

const TEXTS = {
  "table/harmless": table("Text made harmless: what acts or hides is shown, emoji stay whole.", "harmless", [
    ["plain\ttext\n", "plain\ttext\n"],
    ["a\r\nb", "a\nb"],
    ["a\rb", "a⟨U+000D⟩b"],
    ["\u001b[31mred\u001b[0m", "⟨U+001B⟩[31mred⟨U+001B⟩[0m"],
    ["\u009b31m", "⟨U+009B⟩31m"],
    ["\u0000\u0007\u007f", "⟨U+0000⟩⟨U+0007⟩⟨U+007F⟩"],
    ["abc\u202edef\u202c", "abc⟨U+202E⟩def⟨U+202C⟩"],
    ["\u2066x\u2069\u200e\u200f\u061c", "⟨U+2066⟩x⟨U+2069⟩⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"],
    ["pay\u200bpal \u2060\ufeff", "pay⟨U+200B⟩pal ⟨U+2060⟩⟨U+FEFF⟩"],
    ["a\u200db", "a⟨U+200D⟩b"],
    ["\u200d👩", "⟨U+200D⟩👩"],
    ["👩\u200d", "👩⟨U+200D⟩"],
    ["👩\u200d\u200d👧", "👩⟨U+200D⟩⟨U+200D⟩👧"],
    ["👩‍👩‍👧‍👦 🧑🏽‍🚀 🏳️‍🌈 🏴‍☠️ ❤️‍🔥 👁️‍🗨️", "👩‍👩‍👧‍👦 🧑🏽‍🚀 🏳️‍🌈 🏴‍☠️ ❤️‍🔥 👁️‍🗨️"],
    ["🇩🇪🇫🇷 1️⃣ #️⃣ ☎︎ ✔️", "🇩🇪🇫🇷 1️⃣ #️⃣ ☎︎ ✔️"],
    ["🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
    ["🏴\u{e0068}\u{e0069}\u{e007f}", "🏴⟨U+E0068⟩⟨U+E0069⟩⟨U+E007F⟩"],
    ["\u{e0041}\u{e0042}", "⟨U+E0041⟩⟨U+E0042⟩"],
    ["😀\ufe0f\ufe0f", "😀\ufe0f⟨U+FE0F⟩"],
    ["😀\u{e0100}\u{e0101}", "😀⟨U+E0100⟩⟨U+E0101⟩"],
    ["a\ufe0f 1\ufe0f \ufe00", "a⟨U+FE0F⟩ 1⟨U+FE0F⟩ ⟨U+FE00⟩"],
    ["\u00ad\u034f\u115f\u3164\uffa0\u2800", "⟨U+00AD⟩⟨U+034F⟩⟨U+115F⟩⟨U+3164⟩⟨U+FFA0⟩⟨U+2800⟩"],
    ["\u2028\u2029\u0085", "⟨U+2028⟩⟨U+2029⟩⟨U+0085⟩"],
    ["\ud800 \udc00", "⟨U+D800⟩ ⟨U+DC00⟩"],
    ["é e\u0301 中文 עברית العربية ไทย हिन्दी", "é e\u0301 中文 עברית العربية ไทย हिन्दी"],
  ]),
  "table/harmless-lines": table("On one line, at most so many characters.", "harmlessLine", [
    [["  a\n\tb  ", 20], "a b"],
    [["abcdef", 6], "abcdef"],
    [["abcdefg", 6], "abcde…"],
    [["abcd😀😀", 6], "abcd…"],
    [["ab👩‍👩‍👧", 6], "ab…"],
    [["\u001b[2J", 20], "⟨U+001B⟩[2J"],
  ]),
};

/** All these vectors, by path. */
export function tableVectors(): Record<string, object> {
  return { ...chunkVectors(), "table/invites": inviteCases(), ...NAMES, ...ADDRESSES, ...ORDER, ...TEXTS };
}
