// The grants of a model's room, signed by its root key.
import type { Owner } from "@agora/member";
import { createSigner, type KeyPair } from "@agora/ports";
import { ROOM } from "./relay.ts";

/** A grant that holds from the beginning and for ever. */
export function grantBy(
  root: KeyPair,
  claims: { readonly jti: string; readonly grant: string; readonly sub: string; readonly key?: string },
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "EdDSA" })}.${part({ room: ROOM, iat: 1, ...claims })}`;
  return `${text}.${createSigner(root).sign(text)}`;
}

/** The room's owner under a name, as an operator with this key. */
export function ownerOf(root: KeyPair, name: string, key: string): Owner {
  const grant = grantBy(root, { jti: "model-grant", grant: "operator", sub: name, key });
  const nobody = (): Promise<never> => Promise.reject(new Error("nobody else is given a grant"));
  return { root: root.key, signer: createSigner(root), grant, sign: nobody };
}
