import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alice, bob, verifier } from "../vectors/source/actors.ts";
import { type Draft, EVENT_PREFIX, openEvent, readHead, signEvent, type SignedEvent } from "./event.ts";
import { KINDS } from "./kinds.ts";
import { newId } from "./ids.ts";
import { MAX_HEAD_BYTES } from "./limits.ts";

const id = "7k2m9q4xw0abc3de5fgh";
const draft: Draft = {
  id,
  room: "lab",
  author: "alice",
  role: "user",
  kind: "message",
  to: [],
  thread: id,
  chain: id,
  hop: 0,
  seq: 1,
  time: 1_760_000_000_000,
};

const open = (signed: SignedEvent): ReturnType<typeof openEvent> => openEvent(signed, verifier);
const signed = (head: string, body = ""): SignedEvent => ({ head, sig: alice.sign(EVENT_PREFIX + head), body });

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const bytesOf = (text: string): Buffer => Buffer.from(text, "base64url");

describe("an event", () => {
  test("opens as it was signed, whatever its text [EVENT-1] [EVENT-3] [EVENT-6]", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const event = signEvent(draft, text, "text/plain", alice, verifier);
        expect(open(event.signed)).toEqual({ ok: true, value: event });
        expect(event.body).toBe(text.toWellFormed());
      }),
      { numRuns: 50 },
    );
  });

  test("does not open when one character of it is another [EVENT-6]", () => {
    const { signed } = signEvent(
      { ...draft, to: [{ member: "bob" }] },
      "Is the build green?",
      "text/plain",
      alice,
      verifier,
    );
    const part = fc.constantFrom("head" as const, "sig" as const, "body" as const);
    fc.assert(
      fc.property(part, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (name, at, other) => {
        const text = signed[name];
        const place = at % text.length;
        const changed = text.slice(0, place) + other + text.slice(place + 1);
        fc.pre(changed !== text);
        expect(open({ ...signed, [name]: changed }).ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test("opens with no other spelling of its signature's bytes [EVENT-6] [KEY-1]", () => {
    const { signed } = signEvent(draft, "x", "text/plain", alice, verifier);
    const { sig } = signed;
    const spare = Array.from(ALPHABET).filter((c) => bytesOf(`${sig.slice(0, -1)}${c}`).equals(bytesOf(sig)));
    expect(spare).toHaveLength(16);
    const others = [
      ...spare.map((c) => `${sig.slice(0, -1)}${c}`),
      ...["=", "==", "\n", " "].map((end) => sig + end),
      ` ${sig}`,
      bytesOf(sig).toString("base64"),
    ].filter((text) => text !== sig);
    for (const text of others) expect({ text, ok: open({ ...signed, sig: text }).ok }).toEqual({ text, ok: false });
  });

  test("does not open under another key [EVENT-6]", () => {
    const { signed } = signEvent(draft, "x", "text/plain", bob, verifier);
    expect(open(signed).ok).toBe(true);
    expect(open({ ...signed, head: signed.head.replace(bob.key, alice.key) })).toMatchObject({
      ok: false,
      code: "bad-event",
    });
  });

  test("of any three strings opens or not, without throwing [EVENT-6]", () => {
    const json = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.json().map((text) => text.replace("{", '{"__proto__":{},')),
    );
    fc.assert(
      fc.property(json, fc.string(), fc.string({ unit: "binary" }), (head, sig, body) => {
        expect(open({ head, sig, body }).ok).toBe(false);
      }),
    );
  });

  test("with any value in any field opens or not, without throwing [EVENT-4] [EVENT-6]", () => {
    const { head } = signEvent(draft, "", "text/plain", alice, verifier);
    const field = fc.constantFrom(...Object.keys(head), "seat", "about", "expires", "must", "ext", "channel");
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) => {
        const read = open(signed(JSON.stringify({ ...head, [name]: value })));
        expect(read.ok || read.message.endsWith(".")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("that is signed with any bytes as its key does not open and does not throw [KEY-1]", () => {
    const { head } = signEvent(draft, "", "text/plain", alice, verifier);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = Buffer.from(bytes).toString("base64url");
        expect(open(signed(JSON.stringify({ ...head, key }))).ok).toBe(key === alice.key);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a head", () => {
  test("of unknown kind is read: whether to act is the reader's to decide [EVENT-4]", () => {
    const { signed } = signEvent({ ...draft, kind: "poll", must: true }, "", "text/plain", alice, verifier);
    expect(readHead(signed.head)).toMatchObject({ ok: true, value: { kind: "poll", must: true } });
    expect(KINDS).not.toContain("poll");
  });

  test("has no prototype of its author's making [EVENT-4]", () => {
    const { signed } = signEvent(draft, "", "text/plain", alice, verifier);
    const read = readHead(
      signed.head.replace('"v":1', '"v":1,"__proto__":{"must":true},"ext":{"__proto__":{"x":1},"toString":1}'),
    );
    expect(read.ok && "must" in read.value).toBe(false);
    expect(read.ok && read.value.ext !== undefined && "x" in read.value.ext).toBe(false);
    expect("must" in {}).toBe(false);
  });

  test("is bounded in bytes and depth, so that whoever writes it out again can [EVENT-2]", () => {
    const { head } = signEvent(draft, "", "text/plain", alice, verifier);
    const pad = MAX_HEAD_BYTES - JSON.stringify({ ...head, ext: { pad: "" } }).length;
    expect(readHead(JSON.stringify({ ...head, ext: { pad: "x".repeat(pad) } })).ok).toBe(true);
    expect(readHead(JSON.stringify({ ...head, ext: { pad: "x".repeat(pad + 1) } }))).toMatchObject({ code: "too-big" });
    const deep = `{"a":${"[".repeat(7_000)}${"]".repeat(7_000)}}`;
    expect(readHead(JSON.stringify({ ...head, ext: 1 }).replace('"ext":1', `"ext":${deep}`))).toMatchObject({
      code: "bad-event",
    });
  });
});

test("ids are made of letters that are not misread, and don't repeat [EVENT-4]", () => {
  const made = new Set(Array.from({ length: 1_000 }, () => newId()));
  expect(made.size).toBe(1_000);
  for (const one of made) expect(one).toMatch(/^[0-9a-hjkmnp-tv-z]{20}$/);
  expect(newId((bytes) => bytes.fill(255))).toBe("z".repeat(20));
});
