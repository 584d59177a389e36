// The keys of the person who uses this browser, in one room: a root and a device key, which can't be exported either. Members of
// several names in the room share them. In a browser that was linked by another device the root is not there, and the device key is
// for one name.
import type { PersonKeys } from "@agora/member";
import { type Certify, keyProofText, type LaterSigner, ok, signStatement } from "@agora/protocol";
import type { KeptIdentity, KeptPerson } from "./database.ts";
import { createLaterSigner, createMemberKey, type MemberKey } from "./member-key.ts";

/** What others see of it. */
const DEVICE_NAME = "a browser";

/** The person of a room, as one of the identities has it, or a new one; undefined where the browser can't make keys. */
export async function findPerson(
  identities: readonly KeptIdentity[],
  origin: string,
  room: string,
  now: number,
): Promise<KeptPerson | undefined> {
  const known = identities.find((one) => one.room === room && one.person?.root !== undefined)?.person;
  if (known !== undefined) return known;
  const [root, device] = await Promise.all([createMemberKey(), createMemberKey()]);
  if (!root.ok || !device.ok) return undefined;
  return { origin, root: root.value, device: device.value, at: now, statements: [] };
}

/** The person's keys for a member, with the statements that make the member's key theirs. */
export async function openPerson(
  person: KeptPerson,
  { room, name, key, pair }: MemberKey & { readonly room: string; readonly name: string },
  keep: (person: KeptPerson) => Promise<void>,
): Promise<PersonKeys> {
  const { origin } = person;
  const root = person.root === undefined ? undefined : createLaterSigner(person.root);
  const device = createLaterSigner(person.device);
  const about = { act: "certify", origin, room, iat: Math.floor(person.at / 1_000) } as const;
  const members = { ...about, by: device.key, as: "member", key, name } as const;
  const certify = async (claims: Omit<Certify, "proof">, its: LaterSigner, by: LaterSigner): Promise<string> =>
    (await signStatement({ ...claims, proof: await its.signLater(keyProofText(claims)) }, by)).jws;
  const ofDevice =
    root === undefined
      ? []
      : [certify({ ...about, by: root.key, as: "device", key: device.key, name: DEVICE_NAME }, device, root)];
  const own = await Promise.all([...ofDevice, certify(members, createLaterSigner({ key, pair }), device)]);
  let { statements } = person;
  return {
    origin,
    root,
    device,
    statements: () => [...own, ...statements],
    reload: () => Promise.resolve(ok(undefined)),
    async add(more) {
      statements = [...new Set([...statements, ...more])];
      await keep({ ...person, statements });
      return ok(undefined);
    },
  };
}
