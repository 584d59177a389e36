// People of tests: a root, devices, and the statements that make a member key theirs.
import { createSigner, generateKeyPair, type KeyPair } from "@agora/ports";
import { keyProofText, type KeyClaims, signStatement } from "@agora/protocol";

/** A device of somebody, with the member key that is used there. */
export interface TestDevice {
  readonly pair: KeyPair;
  readonly device: KeyPair;
  /** What it shows at `join`. */
  readonly chain: string[];
}

/** Somebody who may use several devices in the room "lobby". */
export interface TestPerson {
  readonly root: string;
  device(name?: string): Promise<TestDevice>;
  /** The root's word that ends a device, or a member key. */
  revoke(key: string): Promise<string>;
}

const ABOUT = { origin: "wss://relay.example.org", room: "lobby", iat: 1_760_000_000 } as const;

export function testPerson(): TestPerson {
  const root = generateKeyPair();
  const say = async (claims: KeyClaims, by: KeyPair): Promise<string> =>
    (await signStatement(claims, createSigner(by))).jws;
  const certify = (by: KeyPair, as: "device" | "member", key: KeyPair, name: string): Promise<string> => {
    const claims = { ...ABOUT, act: "certify", by: by.key, as, key: key.key, name } as const;
    return say({ ...claims, proof: createSigner(key).sign(keyProofText(claims)) }, by);
  };
  return {
    root: root.key,
    async device(name = "alice") {
      const [pair, device] = [generateKeyPair(), generateKeyPair()];
      const chain = [await certify(root, "device", device, "a device"), await certify(device, "member", pair, name)];
      return { pair, device, chain };
    },
    revoke: (key) => say({ ...ABOUT, act: "revoke", by: root.key, key, last: [] }, root),
  };
}
