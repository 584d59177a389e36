// The word of a link, and what both sides work out of it.
import { createSigner, createVerifier, generateKeyPair, keyPairOf } from "@agora/ports";
import {
  decodeDeviceLink,
  type DeviceLink,
  encodeDeviceLink,
  isLobbyToken,
  linkGrantText,
  linkSeed,
  linkWordsText,
  newLinkSecret,
  openLobbyGrant,
} from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";

const NOW_S = 1_800_000_000;
const maker = generateKeyPair();
const verifier = createVerifier();

function makeLink(more: Partial<DeviceLink> = {}): DeviceLink {
  const secret = newLinkSecret();
  const claim = keyPairOf(linkSeed(secret, verifier)).key;
  const by = { name: "alice", key: maker.key };
  const made = { secret, iat: NOW_S, by, room: "lab", root: generateKeyPair().key, origin: "wss://relay.example.org" };
  return { ...made, sig: createSigner(maker).sign(linkGrantText({ ...made, ...more }, claim)), ...more };
}

test("a link says the same after its way, in few enough characters for a code that fits a terminal [LINKING-1]", () => {
  const link = makeLink();
  const word = encodeDeviceLink(link);
  expect(decodeDeviceLink(word)).toEqual(link);
  expect(word.length).toBeLessThan(300);
  const names = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,31}$/);
  fc.assert(
    fc.property(names, fc.integer({ min: 0, max: 4_294_967_295 }), fc.webUrl(), (name, iat, origin) => {
      const one = { ...link, iat, origin, by: { name, key: link.by.key } };
      expect(decodeDeviceLink(encodeDeviceLink(one))).toEqual(one);
    }),
    { numRuns: 50 },
  );
});

test("both sides write the grant that the relay takes [LINKING-1] [LOBBY-8]", () => {
  const link = makeLink();
  const { key } = keyPairOf(linkSeed(link.secret, verifier));
  const grant = `${linkGrantText(decodeDeviceLink(encodeDeviceLink(link))!, key)}.${link.sig}`;
  expect(isLobbyToken(grant)).toBe(true);
  const judge = { root: "", verifier, nowMs: NOW_S * 1_000 };
  expect(openLobbyGrant(grant, judge)).toMatchObject({ ok: true, value: { gives: "device", uses: 1, claim: key } });
  expect(openLobbyGrant(grant, { ...judge, nowMs: (NOW_S + 700) * 1_000 })).toMatchObject({ ok: false });
});

test("no other word is a link, whatever it is", () => {
  const word = encodeDeviceLink(makeLink());
  const broken = ["", "x", word.slice(0, -60), word.slice(0, 200), `${word}=`, `B${word.slice(1)}`, "A".repeat(2_000)];
  for (const one of broken) expect(decodeDeviceLink(one)).toBeUndefined();
  for (const bad of [
    { room: "no room" },
    { origin: "" },
    { origin: "a\nb" },
    { by: { name: "Not A Name", key: maker.key } },
  ])
    expect(decodeDeviceLink(encodeDeviceLink({ ...makeLink(), ...bad }))).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (any) => void decodeDeviceLink(any)),
    { numRuns: 200 },
  );
});

test("each key that takes part changes what the words are made of [LINKING-3]", () => {
  const link = makeLink();
  const claim = generateKeyPair().key;
  const asker = { member: "m", device: "d", box: "b" };
  const others = [
    linkWordsText({ ...link, claim }, asker),
    linkWordsText({ ...link, root: claim, claim }, asker),
    linkWordsText({ ...link, by: { name: "alice", key: claim }, claim }, asker),
    linkWordsText({ ...link, claim: maker.key }, asker),
    linkWordsText({ ...link, claim }, { ...asker, member: "x" }),
    linkWordsText({ ...link, claim }, { ...asker, device: "x" }),
    linkWordsText({ ...link, claim }, { ...asker, box: "x" }),
  ];
  expect(new Set(others).size).toBe(others.length);
});
