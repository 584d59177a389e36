// The quick reading never says yes where the schemas say no, and never gives something else than they do.
import { decodeFromClient, newId, readHead } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { glanceHead, glancePost } from "./glance.ts";

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
const sealed = (head: unknown) => ({ head: JSON.stringify(head), sig: `${"A".repeat(85)}Q`, body: "abc" });

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
  expect(glanceHead(sealed(good), by)).toEqual({ id: good.id, role: "agent", kind: "message", to: [] });
  expect(glanceHead(sealed({ ...good, seat: "claude.2", new: [1] }), by)).toBeDefined();
  const text = JSON.stringify({ type: "post", room: "lobby", event: sealed(good) });
  expect(glancePost(text, 10_000)).toEqual({ type: "post", room: "lobby", event: sealed(good) });
  expect(glancePost(text, 100)).toBeUndefined();
});

test("another's event, or one for others, is not", () => {
  expect(glanceHead(sealed(good), { ...by, name: "bob" })).toBeUndefined();
  expect(glanceHead(sealed(good), { ...by, key: `${"B".repeat(42)}E` })).toBeUndefined();
  expect(glanceHead(sealed(good), { ...by, room: { name: "other" } })).toBeUndefined();
  expect(glanceHead(sealed({ ...good, to: [{ member: "bob" }] }), by)).toBeUndefined();
  expect(glanceHead({ ...sealed(good), head: "nonsense" }, by)).toBeUndefined();
});

test("whatever stands in a head, a yes is the schema's yes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...fields), odd), { minLength: 1, maxLength: 3 }), (changes) => {
      const head = sealed({ ...good, ...Object.fromEntries(changes) });
      const glanced = glanceHead(head, by);
      const read = readHead(head.head);
      const said = read.ok
        ? { id: read.value.id, role: read.value.role, kind: read.value.kind, to: read.value.to }
        : undefined;
      expect(glanced === undefined || (read.ok && glanced)).toEqual(glanced === undefined || said);
    }),
    { numRuns: 2_000 },
  );
});

test("whatever stands in a frame, a yes is the decoder's yes", () => {
  const frame = fc.record({ room: odd, event: fc.oneof(fc.constant(sealed(good)), odd), more: odd });
  const event = fc.record({ head: odd, sig: fc.oneof(fc.constant(sealed(good).sig), odd), body: odd });
  fc.assert(
    fc.property(
      fc.oneof(
        frame,
        event.map((e) => ({ room: "lobby", event: e })),
      ),
      (value) => {
        const text = JSON.stringify({ type: "post", ...(value as object) });
        const glanced = glancePost(text, 10_000);
        const read = decodeFromClient(text, 10_000);
        expect(glanced ?? read).toEqual(glanced === undefined || !read.ok ? read : read.value);
      },
    ),
    { numRuns: 2_000 },
  );
});
