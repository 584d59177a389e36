// What a join costs before it is known to be anybody's.
import { createVerifier, generateKeyPair, systemClock } from "@agora/ports";
import { expect, test } from "vitest";
import { grant } from "../test/raw-member.ts";
import { Grants } from "./grants.ts";

test("a grant is verified once, and whose the keys are is looked at for one that holds alone [JOIN-2] [DEVICE-12]", () => {
  const [root, stranger] = [generateKeyPair(), generateKeyPair()];
  let verified = 0;
  const own = createVerifier();
  const verifier = {
    verify(by: string, text: string, sig: string) {
      verified += 1;
      return own.verify(by, text, sig);
    },
  };
  const rooms = new Map([["lobby", root.key]]);
  const grants = new Grants({ token: "a-shared-token", rooms, grantsOnly: false }, systemClock, verifier);
  let looked = 0;
  const kin = (): readonly string[] => {
    looked += 1;
    return [...Array.from({ length: 30 }, () => generateKeyPair().key), stranger.key];
  };
  const [hers, other] = [generateKeyPair().key, generateKeyPair().key];
  const admit = (token: string) =>
    grants.admit("lobby", { token, proof: undefined, greeting: undefined }, { name: "alice", key: hers, kin });
  for (const bad of ["no token", grant(stranger, { room: "lobby" }), grant(root, { room: "elsewhere" })])
    expect(admit(bad)).toMatchObject({ ok: false, code: "bad-token" });
  expect(admit("a-shared-token")).toEqual({ ok: true, value: { role: "member" } });
  expect(admit(grant(root, { room: "lobby", key: hers }))).toMatchObject({ value: { role: "member" } });
  expect([looked, verified]).toEqual([0, 3]);
  expect(admit(grant(root, { room: "lobby", key: stranger.key }))).toMatchObject({ value: { role: "member" } });
  expect(admit(grant(root, { room: "lobby", key: other }))).toMatchObject({ code: "bad-token" });
  expect([looked, verified]).toEqual([2, 5]);
});
