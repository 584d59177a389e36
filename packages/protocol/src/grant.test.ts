import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alice as olga, bob, carol as lea, root, verifier } from "../vectors/source/actors.ts";
import { type GrantClaims, grantClaimsSchema, jwtText, MAY, openGrant } from "./grant.ts";
import type { Signer } from "./event.ts";
import { newId } from "./ids.ts";

test("a grant says what it is for [GRANT-1]", () => {
  const claims = { jti: "grant-carol-1", room: "lab", grant: "operator", iat: 1_760_000_000 };
  const bound = { ...claims, exp: 1_791_536_000, sub: "carol", key: "A".repeat(43) };
  expect(grantClaimsSchema.safeParse(claims).success).toBe(true);
  expect(grantClaimsSchema.safeParse({ ...bound, aud: "ignored" }).data).toEqual(bound);
  for (const wrong of [
    { jti: "short" },
    { room: "The Lab" },
    { grant: "king" },
    { sub: "all" },
    { key: "x" },
    { exp: "never" },
    { iat: 0.5 },
  ]) {
    expect(grantClaimsSchema.safeParse({ ...bound, ...wrong }).success).toBe(false);
  }
});

describe("a grant that was handed down [GRANT-9]", () => {
  const NOW_S = 1_800_000_000;
  const sign = (by: Signer, claims: Partial<GrantClaims>): string => {
    const text = jwtText({ jti: newId(), room: "lab", grant: "member", iat: NOW_S, ...claims });
    return `${text}.${by.sign(text)}`;
  };
  const open = (jwt: string) => openGrant(jwt, root.key, verifier, NOW_S * 1_000);
  const operator: Partial<GrantClaims> = { grant: "operator", key: olga.key, may: [...MAY], exp: NOW_S + 1_000 };
  const given = sign(root, operator);
  const end = { exp: NOW_S + 1_000 };

  test("counts with its whole line, down to the third", () => {
    const below = sign(olga, { parent: given, key: lea.key, may: ["member"], ...end });
    const opened = open(sign(lea, { parent: below, sub: "bob", key: bob.key, exp: NOW_S + 10 }));
    expect(opened).toMatchObject({ ok: true, value: { grant: "member", sub: "bob", key: bob.key } });
    expect(opened.ok && opened.value.lineage.map(({ key }) => key)).toEqual([olga.key, lea.key, bob.key]);
    const fourth = sign(bob, { parent: sign(lea, { parent: below, key: bob.key, may: ["member"], ...end }), ...end });
    expect(open(fourth)).toMatchObject({ ok: false, code: "bad-grant" });
  });

  test("is never wider, never longer, and never by another key", () => {
    const small = sign(root, { key: olga.key, may: ["observer"], ...end });
    const wrong: Readonly<Record<string, string>> = {
      "by another key": sign(lea, { parent: given, ...end }),
      "by the root, with a parent": sign(root, { parent: given, ...end }),
      "another room": sign(olga, { parent: given, room: "den", ...end }),
      "an operator": sign(olga, { parent: given, grant: "operator", key: lea.key, ...end }),
      "another role": sign(olga, { parent: small, ...end }),
      "more words": sign(olga, { parent: small, grant: "observer", may: ["observer", "member"], ...end }),
      "no end": sign(olga, { parent: given }),
      "a later end": sign(olga, { parent: given, exp: NOW_S + 1_001 }),
      "no word": sign(olga, { parent: sign(root, { key: olga.key }), ...end }),
      "bound to no key": sign(olga, { parent: sign(root, { may: [...MAY] }), ...end }),
      "a parent that nobody vouches for": sign(lea, { parent: sign(olga, { key: lea.key, may: [...MAY] }) }),
      "a parent that is not a grant": sign(olga, { parent: "a.b.c", ...end }),
    };
    for (const [why, jwt] of Object.entries(wrong)) expect([why, open(jwt).ok]).toEqual([why, false]);
    expect(open(sign(olga, { parent: given, ...end })).ok).toBe(true);
    expect(open(sign(olga, { parent: small, grant: "observer", may: ["observer"], ...end })).ok).toBe(true);
  });

  test("ends with the grant above", () => {
    const old = sign(root, { ...operator, exp: NOW_S - 100 });
    expect(open(sign(olga, { parent: old, exp: NOW_S - 100 }))).toMatchObject({ code: "expired-grant" });
  });

  const words = fc.subarray([...MAY]);
  test("a line of any grants lets nobody have what the first does not give", () => {
    const role = fc.constantFrom("member" as const, "observer" as const);
    fc.assert(
      fc.property(words, words, role, role, (first, second, one, two) => {
        const top = sign(root, { key: olga.key, may: first });
        const middle = sign(olga, { parent: top, key: lea.key, grant: one, may: second });
        const { ok } = open(sign(lea, { parent: middle, key: bob.key, grant: two }));
        const isRight = [one, ...second].every((word) => first.includes(word)) && second.includes(two);
        expect(ok).toBe(isRight);
      }),
      { numRuns: 60 },
    );
  });
});
