// Of a person's many statements, those are shown at a join that others need.
import { createSigner, createVerifier, generateKeyPair, type KeyPair } from "@agora/ports";
import {
  chainOf,
  type Certify,
  keyProofText,
  type KeyClaims,
  MAX_CHAIN_STATEMENTS,
  signStatement,
} from "@agora/protocol";
import { expect, test } from "vitest";
import { shownStatements } from "./shown-statements.ts";

const ABOUT = { origin: "wss://relay.example.org", room: "lobby", iat: 1_760_000_000 } as const;
const state = async (claims: KeyClaims, by: KeyPair): Promise<string> =>
  (await signStatement(claims, createSigner(by))).jws;
const certify = (
  by: KeyPair,
  as: Certify["as"],
  key: KeyPair,
  name: string,
  iat: number = ABOUT.iat,
): Promise<string> => {
  const claims = { ...ABOUT, iat, act: "certify", by: by.key, as, key: key.key, name } as const;
  return state({ ...claims, proof: createSigner(key).sign(keyProofText(claims)) }, by);
};

test("of more statements than a chain has, the key's own, the recovery key and what ended last are shown [KEYCHAIN-6] [KEYCHAIN-8]", async () => {
  const [root, device, member, stolen] = [generateKeyPair(), generateKeyPair(), generateKeyPair(), generateKeyPair()];
  const own = [await certify(device, "member", member, "alice"), await certify(root, "device", device, "laptop")];
  const many: string[] = [];
  for (let n = 0; n < MAX_CHAIN_STATEMENTS; n += 1)
    many.push(await certify(root, "device", generateKeyPair(), `${n}`, ABOUT.iat + n + 1));
  const word = await state({ ...ABOUT, act: "recovery", by: root.key, hash: root.key }, root);
  const end = await state({ ...ABOUT, act: "revoke", by: root.key, key: stolen.key, last: [] }, root);
  const shown = shownStatements([...own, ...many, word, end], member.key);
  expect(shown).toHaveLength(MAX_CHAIN_STATEMENTS);
  expect(shown).toEqual(expect.arrayContaining([...own, word, end, many.at(-1)]));
  const at = { room: "lobby", name: "alice" };
  const chain = chainOf(shown, member.key, at, createVerifier());
  expect(chain).toMatchObject({ ok: true, value: { device: device.key } });
  expect(chain).not.toHaveProperty("value.revoked");
  expect(shownStatements(own, member.key)).toEqual(own);
});
