// A new root in the place of a lost one: signed by the recovery key, kept on this device, and this device certified by it.
import type { KeyPair } from "@agora/ports";
import type { Result } from "@agora/protocol";
import type { Home, HomeCode } from "./directory.ts";
import { editPerson, type PersonFile, personKeys } from "./person-keys.ts";

/**
 * Renews a person's root in a room by the recovery key.
 *
 * @param now unix milliseconds
 */
export async function renewPerson(
  home: Home,
  { origin: relay, room }: { readonly origin: string; readonly room: string },
  recovery: KeyPair,
  now: number,
): Promise<Result<PersonFile, HomeCode>> {
  const { createSigner, generateKeyPair } = await import("@agora/ports/keys");
  const { keyProofText, readStatement, signStatement } = await import("@agora/protocol");
  const file = await personKeys(home, { origin: relay, room }, "a device");
  if (!file.ok) return file;
  const { device, name } = file.value;
  const root = generateKeyPair();
  const about = { origin: relay, room, iat: Math.floor(now / 1_000) } as const;
  const renewal = { ...about, act: "rotate", by: recovery.key, key: root.key } as const;
  const certificate = { ...about, act: "certify", by: root.key, as: "device", key: device.key, name } as const;
  const said = await Promise.all([
    signStatement({ ...certificate, proof: createSigner(device).sign(keyProofText(certificate)) }, createSigner(root)),
    signStatement({ ...renewal, proof: createSigner(root).sign(keyProofText(renewal)) }, createSigner(recovery)),
  ]);
  const [certified, renewed] = said.map(({ jws }) => jws) as [string, string];
  return editPerson(home, { origin: relay, room }, (kept) => ({
    ...kept,
    origin: relay,
    root,
    // What was committed and ended before is still needed to follow the way from the old root.
    statements: [certified, renewed, ...kept.statements.filter((jws) => readStatement(jws)?.act !== "certify")],
  }));
}
