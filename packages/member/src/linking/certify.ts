// Making a key that somebody showed another device of this person, by the root that lies here.
import {
  type Certify,
  devicesOf,
  fail,
  type KeyClaims,
  MAX_DEVICES,
  ok,
  readStatement,
  type Result,
  signStatement,
} from "@agora/protocol";
import type { KeysPart } from "../keys/feature.ts";
import type { Kernel } from "../kernel/kernel.ts";

type Code = "not-allowed" | "disk";

/** The root that certifies here, and where it was made. */
export interface Rooted {
  readonly root: string;
  readonly origin: string;
}

/** Statements on the root itself, and on what ended, that a new device is given. */
const MAX_GIVEN = 8;
const NO_ROOT = "Your root key does not lie on this device: say it where agora devices shows it.";
const TOO_MANY = `You have ${MAX_DEVICES} devices in this room, which is as many as count: revoke one first (agora devices revoke ID).`;

/** Whether another device can be certified here. [KEYCHAIN-6] */
export function mayCertify({ options }: Kernel, { ring }: Pick<KeysPart, "ring">): Result<Rooted, Code> {
  const { person } = options;
  if (person?.root === undefined) return fail("not-allowed", NO_ROOT);
  const { key: root } = person.root;
  if (devicesOf(ring.claims(), root).length >= MAX_DEVICES) return fail("not-allowed", TOO_MANY);
  return ok({ root, origin: person.origin });
}

/** Certifies a device, keeps that and tells the room; gives what the device shows of it. One that is certified is not certified again. */
export async function certify(
  kernel: Kernel,
  keys: Pick<KeysPart, "ring" | "take" | "tellRoom">,
  { key, proof, name }: Pick<Certify, "key" | "proof" | "name">,
): Promise<Result<readonly string[], Code>> {
  const { options, clock, room, myKey } = kernel;
  const { person } = options;
  const before = certificateOf(person?.statements() ?? [], key, person?.root?.key);
  if (person?.root === undefined) return fail("not-allowed", NO_ROOT);
  if (before !== undefined) return ok([before, ...given(person.statements(), before, person.device.key, myKey)]);
  const may = mayCertify(kernel, keys);
  if (!may.ok) return may;
  const { root, origin } = may.value;
  const iat = Math.floor(clock.now() / 1_000);
  const claims: KeyClaims = { act: "certify", as: "device", origin, room, by: root, iat, key, name, proof };
  const { jws } = await signStatement(claims, person.root);
  const kept = await person.add([jws]);
  if (!kept.ok) return fail("disk", kept.message);
  keys.take({ jws, by: myKey });
  void keys.tellRoom();
  return ok([jws, ...given(person.statements(), jws, person.device.key, myKey)]);
}

function certificateOf(statements: readonly string[], key: string, root: string | undefined): string | undefined {
  return statements.find((one) => {
    const claims = readStatement(one);
    return claims?.act === "certify" && claims.as === "device" && claims.key === key && claims.by === root;
  });
}

/** What shows whose the first device is, so that a grant for its key lets the new one in too [DEVICE-12]; and what ended. */
function given(statements: readonly string[], jws: string, device: string, member: string): readonly string[] {
  const others = statements.filter((one) => one !== jws);
  const ofKey = (key: string): readonly string[] =>
    others.filter((one) => {
      const claims = readStatement(one);
      return claims?.act === "certify" && claims.key === key;
    });
  // Each new name of a device is one more statement: the newest says enough.
  const ofHere = [...ofKey(device).slice(-1), ...ofKey(member).slice(-1)];
  const ofRoot = others.filter((one) => readStatement(one)?.act !== "certify");
  return [...ofHere, ...ofRoot.slice(0, MAX_GIVEN)];
}
