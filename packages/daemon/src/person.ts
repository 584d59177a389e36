// The keys of the person whose member runs here, out of this user's home.
import { hostname } from "node:os";
import {
  editPerson,
  type Home,
  keyPair,
  type MemberKey,
  type PersonFile,
  personKeys,
  replaceKey,
} from "@agora/user-config";
import type { PersonKeys } from "@agora/member";
import { createSigner, generateKeyPair } from "@agora/ports";
import { keyProofText, ok, type Result, signStatement } from "@agora/protocol";

/** What others see of a machine whose name is not shared. */
const A_DEVICE = "a device";
const MAX_DEVICE_CHARS = 64;

/** Who the member is, and what for. */
export interface PersonsMember {
  readonly origin: string;
  readonly room: string;
  readonly name: string;
  /** A person's member, or an agent that is one itself. */
  readonly as: "member" | "agent";
  /** Whether others may see the machine's name. */
  readonly sharesHost: boolean;
}

/**
 * The person's root and device keys, made at the first time, and the statements that make this member's key that person's. The
 * same key gets the same statement each time.
 */
export async function openPerson(home: Home, who: PersonsMember, pair: MemberKey): Promise<Result<PersonKeys>> {
  const host = who.sharesHost ? hostname().slice(0, MAX_DEVICE_CHARS) : "";
  const opened = await personKeys(home, who, host === "" ? A_DEVICE : host);
  if (!opened.ok) return opened;
  let kept = await certified(opened.value, who, pair);
  const former = pair.before ?? [];
  return ok({
    former,
    get origin() {
      return kept.file.origin;
    },
    get root() {
      return kept.file.root === undefined ? undefined : createSigner(kept.file.root);
    },
    device: createSigner(kept.file.device),
    statements: () => [kept.own, ...kept.file.statements, ...former.flatMap(({ statements }) => statements)],
    async replaceKey(say) {
      const next = generateKeyPair();
      return replaceKey(home, who, next, await say(next.key), Date.now());
    },
    async add(statements) {
      const edited = await editPerson(home, who, (now) => ({
        ...now,
        statements: [...new Set([...now.statements, ...statements])],
      }));
      if (edited.ok) kept = { ...kept, file: edited.value };
      return edited;
    },
    async reload() {
      const read = await personKeys(home, who, A_DEVICE);
      if (read.ok) kept = await certified(read.value, who, pair);
      return read;
    },
  });
}

/** The key that a member signs with, and the keys of the person behind it. */
export async function openKeys(
  home: Home,
  who: PersonsMember,
): Promise<Result<{ readonly pair: MemberKey; readonly person: PersonKeys }>> {
  const pair = await keyPair(home, who);
  if (!pair.ok) return pair;
  const person = await openPerson(home, who, pair.value);
  return person.ok ? ok({ pair: pair.value, person: person.value }) : person;
}

/** A person's file, and the statement of its device about a member's key: the same each time. */
async function certified(
  file: PersonFile,
  { room, name, as }: PersonsMember,
  pair: MemberKey,
): Promise<{ readonly file: PersonFile; readonly own: string }> {
  const { origin } = file;
  const device = createSigner(file.device);
  const iat = Math.floor(Math.max(pair.at, file.at) / 1_000);
  const claims = { act: "certify", origin, room, by: device.key, iat, as, key: pair.key, name } as const;
  const proof = createSigner(pair).sign(keyProofText(claims));
  return { file, own: (await signStatement({ ...claims, proof }, device)).jws };
}
