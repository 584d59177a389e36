// People of tests: a root, devices, and the statements that make a member key theirs.
import { createSigner, createVerifier, generateKeyPair, type KeyPair } from "@agora/ports";
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
  /** Another device; `pair` is its member key, a new one unless given. */
  device(name?: string, pair?: KeyPair): Promise<TestDevice>;
  /** The root's word that ends a device, or a member key. */
  revoke(key: string): Promise<string>;
  readonly recovery: string;
  /** The root's word on the recovery key, or on another one. */
  commit(to?: string): Promise<string>;
  /** The root's certificate for a device. */
  certify(device: TestDevice): Promise<string>;
  /** The same person after the root was renewed: each of its devices shows that. */
  renew(): Promise<TestPerson>;
}

const ABOUT = { origin: "wss://relay.example.org", room: "lobby", iat: 1_760_000_000 } as const;

export function testPerson(): TestPerson {
  return personOf(generateKeyPair(), generateKeyPair(), []);
}

function personOf(root: KeyPair, recovery: KeyPair, shown: readonly string[]): TestPerson {
  const say = async (claims: KeyClaims, by: KeyPair): Promise<string> =>
    (await signStatement(claims, createSigner(by))).jws;
  const certify = (by: KeyPair, as: "device" | "member", key: KeyPair, name: string): Promise<string> => {
    const claims = { ...ABOUT, act: "certify", by: by.key, as, key: key.key, name } as const;
    return say({ ...claims, proof: createSigner(key).sign(keyProofText(claims)) }, by);
  };
  return {
    root: root.key,
    async device(name = "alice", pair = generateKeyPair()) {
      const device = generateKeyPair();
      const chain = [
        await certify(root, "device", device, "a device"),
        await certify(device, "member", pair, name),
        ...shown,
      ];
      return { pair, device, chain };
    },
    recovery: recovery.key,
    certify: ({ device }) => certify(root, "device", device, "a device"),
    commit: (to = recovery.key) =>
      say({ ...ABOUT, act: "recovery", by: root.key, hash: createVerifier().sha256(to) }, root),
    async renew() {
      const next = generateKeyPair();
      const claims = { ...ABOUT, act: "rotate", by: recovery.key, key: next.key } as const;
      const proof = createSigner(next).sign(keyProofText(claims));
      return personOf(next, recovery, [await say({ ...claims, proof }, recovery)]);
    },
    revoke: (key) => say({ ...ABOUT, act: "revoke", by: root.key, key, last: [] }, root),
  };
}
