// The keys of the person who uses this browser, in one room: a root and a device key, which can't be exported either. Members of
// several names in the room share them.
import type { PersonKeys } from "@agora/member";
import { keyProofText, type KeyClaims, ok, signStatement } from "@agora/protocol";
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
  const known = identities.find((one) => one.room === room && one.person !== undefined)?.person;
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
  const [root, device] = [createLaterSigner(person.root), createLaterSigner(person.device)];
  const about = { act: "certify", origin, room, iat: Math.floor(person.at / 1_000) } as const;
  const devices = { ...about, by: root.key, as: "device", key: device.key, name: DEVICE_NAME } as const;
  const members = { ...about, by: device.key, as: "member", key, name } as const;
  const certify = async (claims: typeof devices | typeof members, proof: string, by: typeof root): Promise<string> =>
    (await signStatement({ ...claims, proof } satisfies KeyClaims, by)).jws;
  const own = await Promise.all([
    device.signLater(keyProofText(devices)).then((proof) => certify(devices, proof, root)),
    createLaterSigner({ key, pair })
      .signLater(keyProofText(members))
      .then((proof) => certify(members, proof, device)),
  ]);
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
