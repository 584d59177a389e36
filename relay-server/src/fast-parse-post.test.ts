// The quick reading never says yes where the schemas say no, and never gives something else than they do.
import { decodeFromClient, newId, readHead } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fastParseHead, fastParsePost } from "./fast-parse-post.ts";

const key = `${"A".repeat(42)}E`;
const by = { name: "alice", key, room: { name: "lobby" } };
const good = {
  v: 1,
  id: newId(),
  room: "lobby",
  author: "alice",
  key,
  role: "agent",
  kind: "message",
  to: [],
  thread: newId(),
  chain: newId(),
  hop: 0,
  seq: 1,
  time: 1_700_000_000_000,
  body: { hash: key, length: 3, media: "text/plain" },
};
const signed = (head: unknown) => ({ head: JSON.stringify(head), sig: `${"A".repeat(85)}Q`, body: "abc" });

/** Values that are nearly right, for any field. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    1,
    -1,
    1.5,
    2 ** 53,
    "",
    "lobby",
    "alice",
    "person",
    "claude.2",
    "user",
    "message",
    "control",
    key,
    "A".repeat(43),
    "A".repeat(44),
    [],
    {},
    [{ member: "bob" }],
    newId(),
    "text/plain",
    "text/plain\n",
    { how: "answers", id: newId() },
    { hash: key, length: -1, media: "x" },
    { hash: "x", length: 1, media: "x" },
    { hash: key, length: 1, media: "" },
  ),
  fc.anything(),
);
const fields = [...Object.keys(good), "seat", "about", "channel", "expires", "must", "ext", "new"];

test("a message to the room is read at a glance", () => {
  expect(fastParseHead(signed(good), by)).toEqual({ id: good.id, role: "agent", kind: "message", to: [] });
  expect(fastParseHead(signed({ ...good, seat: "claude.2", new: [1] }), by)).toBeDefined();
  const text = JSON.stringify({ type: "post", room: "lobby", event: signed(good) });
  expect(fastParsePost(text, 10_000)).toEqual({
    type: "post",
    room: "lobby",
    event: signed(good),
    text: JSON.stringify(signed(good)),
  });
  expect(fastParsePost(text, 100)).toBeUndefined();
});

test("another's event, or one for others, is not", () => {
  expect(fastParseHead(signed(good), { ...by, name: "bob" })).toBeUndefined();
  expect(fastParseHead(signed(good), { ...by, key: `${"B".repeat(42)}E` })).toBeUndefined();
  expect(fastParseHead(signed(good), { ...by, room: { name: "other" } })).toBeUndefined();
  expect(fastParseHead(signed({ ...good, to: [{ member: "bob" }] }), by)).toBeUndefined();
  expect(fastParseHead({ ...signed(good), head: "nonsense" }, by)).toBeUndefined();
});

test("whatever stands in a head, a yes is the schema's yes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...fields), odd), { minLength: 1, maxLength: 3 }), (changes) => {
      const head = signed({ ...good, ...Object.fromEntries(changes) });
      const glanced = fastParseHead(head, by);
      const read = readHead(head.head);
      const said = read.ok
        ? { id: read.value.id, role: read.value.role, kind: read.value.kind, to: read.value.to }
        : undefined;
      expect(glanced === undefined || (read.ok && glanced)).toEqual(glanced === undefined || said);
    }),
    { numRuns: 2_000 },
  );
});

test("whatever stands in a frame, a yes is the decoder's yes, and the text says the same to any reader", () => {
  const { head, sig } = signed(good);
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom('","sig":"', '"}}', '\\","x', "\\", head),
  );
  const member = (name: string, values: fc.Arbitrary<unknown>) =>
    values.map((v) => `${JSON.stringify(name)}:${JSON.stringify(v ?? null)}`);
  const anySig = fc.oneof({ weight: 5, arbitrary: fc.constant<unknown>(sig) }, odd);
  // Members in any number and order, some twice, with blanks: what a hostile author could write.
  const event = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(member("head", text), member("sig", anySig), member("body", text)) },
    fc.array(fc.oneof(member("head", text), member("sig", anySig), member("body", text), member("x", odd)), {
      maxLength: 6,
    }),
  );
  const comma = fc.constantFrom(",", ",", ",", ", ", " ,");
  const frame = fc.tuple(
    fc.constantFrom("lobby", "lobby", "../x", 'lob"by'),
    event,
    comma,
    fc.constantFrom("}}", "}}", "} }", '},"room":"x"}'),
  );
  fc.assert(
    fc.property(frame, ([room, members, between, end]) => {
      const line = `{"type":"post","room":${JSON.stringify(room)},"event":{${members.join(between)}${end}`;
      const glanced = fastParsePost(line, 100_000);
      const read = decodeFromClient(line, 100_000);
      const { text: raw, ...post } = glanced ?? { text: undefined };
      expect(glanced === undefined || (read.ok && post)).toEqual(glanced === undefined || (read.ok && read.value));
      // Not one byte more than the three strings: no second "head" that another JSON reader might prefer.
      const tokens = (raw ?? "").match(/"(?:[^"\\]|\\.)*"|./gs) ?? [];
      const fixed = tokens.filter((_, at) => at % 4 !== 3).join("");
      expect(glanced === undefined || [tokens.length, fixed]).toEqual(
        glanced === undefined || [13, '{"head":,"sig":,"body":}'],
      );
    }),
    { numRuns: 5_000 },
  );
});
