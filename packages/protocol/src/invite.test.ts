import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeInvite, encodeInvite } from "./invite.ts";
import { MAX_INVITE_CHARS } from "./limits.ts";

const invite = fc.record(
  {
    v: fc.constant(1 as const),
    relay: fc.constantFrom("wss://relay.example.org", "ws://127.0.0.1:8080"),
    room: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,63}$/),
    root: fc.constant("A".repeat(43)),
    token: fc.stringMatching(/^[\x21-\x7e]{1,500}$/),
  },
  { requiredKeys: ["v", "relay", "room", "token"] },
);

test("an invite is one word, read as it was written [INVITE-1]", () => {
  fc.assert(
    fc.property(invite, (value) => {
      const word = encodeInvite(value);
      expect(word).toMatch(/^agora1\.[\w-]+$/);
      expect(decodeInvite(` ${word}\n`)).toEqual(value);
    }),
  );
});

test("an invite that is cut or changed leads nowhere else, and nothing throws [INVITE-1]", () => {
  fc.assert(
    fc.property(invite, fc.nat(), (value, at) => {
      const word = encodeInvite(value);
      const cut = decodeInvite(word.slice(0, at % word.length));
      expect(cut === undefined || JSON.stringify(cut) === JSON.stringify(value)).toBe(true);
    }),
  );
  const any = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.base64String(),
    fc.json().map((json) => Buffer.from(json).toString("base64url")),
  );
  fc.assert(
    fc.property(any, (text) => {
      expect(decodeInvite(`agora1.${text}`)).toBeUndefined();
    }),
  );
});

test("an invite without end is refused in a moment [INVITE-1]", () => {
  expect(decodeInvite(`agora1.${"A".repeat(50_000_000)}`)).toBeUndefined();
  expect(decodeInvite(`agora1.${"A".repeat(MAX_INVITE_CHARS)}`)).toBeUndefined();
});
