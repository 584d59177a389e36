// Who may do what, right by role, and what a grant for one channel gives elsewhere: nothing.
import { expect, test } from "vitest";
import { alice, bob, carol, root, verifier } from "../vectors/source/actors.ts";
import { grantClaimsSchema, isWithin, jwtText, openGrant } from "./grant.ts";
import type { Signer } from "./event.ts";
import { gives, mayAs, type Right, RIGHTS } from "./rights.ts";

const EVERY = Object.keys(RIGHTS) as Right[];

test("each role gives what the table says, and only with a key [RIGHT-1] [RIGHT-3]", () => {
  const table = { observer: [], member: ["speak"], lead: ["speak", "channel", "card"], operator: EVERY } as const;
  for (const [role, rights] of Object.entries(table)) {
    const grant = role as keyof typeof table;
    expect(EVERY.filter((right) => mayAs(grant, right))).toEqual(rights);
    expect(EVERY.filter((right) => gives({ grant, key: bob.key }, right, "build"))).toEqual(rights);
    expect(EVERY.filter((right) => gives({ grant }, right, "build"))).toEqual([]);
  }
});

test("a grant for one channel gives what a channel needs, there alone [RIGHT-2]", () => {
  const lead = { grant: "lead", key: bob.key, channel: "build" } as const;
  expect(EVERY.filter((right) => gives(lead, right, "build"))).toEqual(["channel"]);
  expect(EVERY.filter((right) => gives(lead, right, "other"))).toEqual([]);
  expect(EVERY.filter((right) => gives(lead, right))).toEqual([]);
});

test("what is handed down from a grant for one channel is for that channel [RIGHT-2] [GRANT-9]", () => {
  const parent = { room: "lab", may: ["lead"], channel: "build" };
  const child = { room: "lab", grant: "lead" } as const;
  expect(isWithin({ ...child, channel: "build" }, parent)).toBe(true);
  expect(isWithin({ ...child, channel: "other" }, parent)).toBe(false);
  expect(isWithin(child, parent)).toBe(false);
  // A lead of the whole room may be given less of it.
  expect(isWithin({ ...child, channel: "build" }, { room: "lab", may: ["lead"] })).toBe(true);
});

test("a lead's grant holds when an operator hands it down, and not when a lead does [RIGHT-1] [GRANT-9]", () => {
  const sign = (by: Signer, claims: object): string => {
    const text = jwtText({ room: "lab", iat: 1_800_000_000, ...claims });
    return `${text}.${by.sign(text)}`;
  };
  const may = ["member", "observer", "lead"];
  const operator = sign(root, { jti: "operator-a", grant: "operator", key: alice.key, may });
  const lead = { jti: "lead-bob-1", grant: "lead", key: bob.key, may: ["member", "observer"], parent: operator };
  const open = (jwt: string) => openGrant(jwt, root.key, verifier, 1_800_000_000_000);
  expect(open(sign(alice, lead))).toMatchObject({ ok: true, value: { grant: "lead", key: bob.key } });
  const below = { jti: "lead-carol", grant: "lead", key: carol.key, parent: sign(alice, lead) };
  expect(open(sign(bob, below)).ok).toBe(false);
  expect(
    grantClaimsSchema.safeParse({ jti: "lead-bob-1", room: "lab", grant: "lead", iat: 1, channel: "12" }).success,
  ).toBe(false);
});
