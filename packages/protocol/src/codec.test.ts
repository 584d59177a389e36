import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFromClient, decodeFromRelay, encode } from "./codec.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { DELIVERY_STATES } from "./receipt.ts";

const MAX = DEFAULT_LIMITS.frameBytes;
const id = fc.stringMatching(/^[0-9a-hjkmnp-tv-z]{20}$/);
const stamp = fc.tuple(fc.nat(), fc.nat()).map(([ms, n]) => `${ms}-${n}`);
const key = fc.constant("A".repeat(43));
const event = fc.record({ head: fc.string(), sig: fc.constant("A".repeat(86)), body: fc.string({ unit: "binary" }) });
const told = fc.constantFrom(...DELIVERY_STATES.filter((s) => s !== "queued" && s !== "relayed"));
const receipt = fc.record(
  { id, state: told, at: fc.nat(), reason: fc.string({ maxLength: 99 }) },
  { requiredKeys: ["id", "state", "at"] },
);
const room = fc.constant("lab");
const member = fc.constantFrom("alice", "bob");

const fromClient = fc.oneof(
  fc.record({ type: fc.constant("post" as const), room, event }),
  fc.record({ type: fc.constant("deliver" as const), room, to: member, stamp, event }),
  fc.record({ type: fc.constant("receipts" as const), room, to: member, items: fc.array(receipt, { maxLength: 5 }) }),
  fc.record({ type: fc.constant("leave" as const), room }),
);
const fromRelay = fc.oneof(
  fc.record(
    { type: fc.constant("event" as const), room, stamp, event, late: fc.boolean() },
    { requiredKeys: ["type", "room", "stamp", "event"] },
  ),
  fc.record({ type: fc.constant("stamped" as const), room, id, stamp, missed: fc.array(member, { maxLength: 3 }) }),
  fc.record({
    type: fc.constant("receipts" as const),
    room,
    from: member,
    key,
    items: fc.array(receipt, { maxLength: 5 }),
  }),
  fc.record({ type: fc.constant("refused" as const), code: fc.string(), message: fc.string({ unit: "binary" }) }),
);

describe("a frame", () => {
  test("is read as it was written [FRAME-1]", () => {
    fc.assert(
      fc.property(fromClient, (frame) => {
        expect(decodeFromClient(encode(frame), MAX)).toEqual({ ok: true, value: frame });
      }),
    );
    fc.assert(
      fc.property(fromRelay, (frame) => {
        expect(decodeFromRelay(encode(frame), MAX)).toEqual({ ok: true, value: frame });
      }),
    );
  });

  test("may have any unknown field, which is ignored [FRAME-2]", () => {
    const known = new Set(["type", "room", "event", "to", "key", "stamp", "items"]);
    const more = fc.dictionary(
      fc.string().filter((name) => !known.has(name)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fromClient, more, (frame, fields) => {
        expect(decodeFromClient(JSON.stringify({ ...fields, ...frame }), MAX)).toEqual({ ok: true, value: frame });
      }),
    );
  });

  test("of any JSON or text is read or refused with a sentence, never thrown [FRAME-3]", () => {
    const types = fc.constantFrom("hello", "join", "post", "presence", "file", "event", "joined", "toString");
    const shaped = fc.dictionary(
      fc.constantFrom("room", "event", "to", "items", "facts", "v", "__proto__"),
      fc.jsonValue(),
    );
    const almost = fc.tuple(types, shaped).map(([type, fields]) => JSON.stringify({ ...fields, type }));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json(), almost), (text) => {
        for (const read of [decodeFromClient(text, MAX), decodeFromRelay(text, MAX)]) {
          expect(read.ok || (read.message.endsWith(".") && read.message.length < 200)).toBe(true);
        }
      }),
    );
  });

  test("may be nested as deep as it likes [FRAME-3]", () => {
    const depth = 200_000;
    expect(decodeFromClient("[".repeat(depth) + "]".repeat(depth), MAX).ok).toBe(false);
    const facts = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    expect(decodeFromClient(`{"type":"presence","room":"lab","facts":${facts}}`, MAX)).toEqual({
      ok: true,
      value: { type: "presence", room: "lab", facts: {} },
    });
  });

  test("is measured in bytes, before anything in it is read [CLOSE-3]", () => {
    const text = encode({ type: "leave", room: "lab" });
    expect(decodeFromClient(text, text.length).ok).toBe(true);
    expect(decodeFromClient(text, text.length - 1)).toMatchObject({ ok: false, code: "too-big" });
    const wide = text.replace("}", ',"x":"é"}');
    expect(decodeFromClient(wide, wide.length + 1).ok).toBe(true);
    expect(decodeFromClient(wide, wide.length)).toMatchObject({ ok: false, code: "too-big" });
  });

  test("of an unknown type is named without what could act on a terminal [FRAME-2] [SHOW-1]", () => {
    const read = decodeFromClient('{"type":"\\u001b[2J\\u202e"}', MAX);
    expect(read).toMatchObject({ ok: false, code: "unknown-type", message: /"⟨U\+001B⟩\[2J⟨U\+202E⟩"/ });
  });
});
