import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  admittedBy,
  endOf,
  foldLobby,
  isFull,
  type LobbyInvite,
  type LobbyRecord,
  MAX_ASKING,
  MAX_INVITES,
  noLobby,
} from "./fold.ts";

const NOW = 1_800_000_000_000;
const invite: LobbyInvite = {
  id: "invite-1",
  gives: "member",
  uses: 2,
  at: NOW,
  exp: NOW / 1_000 + 60,
  used: [],
  beyond: [],
};
const key = fc.integer({ min: 0, max: 80 }).map((n) => `key-${n}`);
const admittedOf = (one: string) => ({ name: one, key: one, jti: `grant-of-${one}`, iat: NOW / 1_000, at: NOW });
const record: fc.Arbitrary<LobbyRecord> = fc.oneof(
  key.map((one) => ({ op: "admitted", invite: invite.id, admitted: admittedOf(one) }) as const),
  key.map((one) => ({ op: "beyond", invite: invite.id, beyond: { name: one, key: one, at: NOW } }) as const),
  key.map(
    (one) => ({ op: "asking", asking: { about: one, invite: invite.id, name: one, key: one, at: NOW } }) as const,
  ),
  key.map((one) => ({ op: "asked-enough", key: one }) as const),
  fc.constant({ op: "invite", invite } as const),
  fc.constant({ op: "beyond-seen", invite: invite.id } as const),
  fc.constant({ op: "invite-revoked", id: invite.id } as const),
  fc.constant({ op: "invite-revoked", id: "another" } as const),
);

test("whatever is written: each key has one place and keeps its grant, and what others ask is bounded [LOBBY-6]", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 300 }), (records) => {
      const state = noLobby();
      const first = new Map<string, string>();
      let isRevoked = false;
      for (const one of [{ op: "invite", invite } as const, ...records]) {
        foldLobby(state, JSON.parse(JSON.stringify(one)) as LobbyRecord);
        const now = state.invites[invite.id]!;
        isRevoked ||= one.op === "invite-revoked" && one.id === invite.id;
        expect(now.revoked === true).toBe(isRevoked);
        if (one.op === "admitted") {
          first.set(one.admitted.key, first.get(one.admitted.key) ?? one.admitted.jti);
          expect(admittedBy(now, one.admitted.key)?.jti).toBe(first.get(one.admitted.key));
          expect(state.asking[one.admitted.key]).toBeUndefined();
        }
        expect(now.used.map((used) => used.key)).toEqual([...first.keys()]);
        expect(now.beyond.length).toBeLessThanOrEqual(10);
        expect(Object.keys(state.asking).length).toBeLessThanOrEqual(MAX_ASKING);
        if (isRevoked) expect(endOf(now, NOW)).toBe("revoked");
        else expect(endOf(now, NOW)).toBe(first.size >= invite.uses ? "used" : undefined);
      }
    }),
    { numRuns: 100 },
  );
});

test("an invite ends with its time, and one for a name is never used up", () => {
  expect(endOf(invite, NOW + 60_000)).toBe("expired");
  const used = [admittedOf("bob")];
  expect(endOf({ ...invite, uses: 1, used }, NOW)).toBe("used");
  expect(endOf({ ...invite, uses: 1, used, name: "bob" }, NOW)).toBeUndefined();
});

test("an invite that lets in still is forgotten for no other one: its uses would begin anew [LOBBY-6]", () => {
  const state = noLobby();
  const put = (id: string, more: Partial<LobbyInvite> = {}, now = NOW): void =>
    foldLobby(state, { op: "invite", invite: { ...invite, id, ...more }, now: now / 1_000 });
  for (let n = 0; n < MAX_INVITES; n += 1) put(`live-${n}`, n === 3 ? { name: "bob" } : {});
  expect(isFull(state, NOW)).toBe(false);
  // One for a name needs nobody to count.
  put("another");
  expect(isFull(state, NOW)).toBe(true);
  put("one more");
  expect(Object.keys(state.invites)).toHaveLength(MAX_INVITES);
  expect(state.invites).toHaveProperty("live-0");
  expect(state.invites).toHaveProperty("another");
  expect(state.invites).not.toHaveProperty("one more");
  expect(state.invites).not.toHaveProperty("live-3");
  const later = NOW + 10 * 60_000;
  expect(isFull(state, later)).toBe(false);
  put("of later", { exp: later / 1_000 + 60 }, later);
  expect(state.invites).toHaveProperty("of later");
  expect(state.invites).not.toHaveProperty("live-0");
});
