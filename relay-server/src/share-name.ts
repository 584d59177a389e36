// Whether a newcomer may share a name with whoever is there under it: several devices of one person may. [JOIN-4]
import { CLOSE_CODES, MAX_DEVICES, readChain, type Verifier } from "@agora/protocol";
import type { Member } from "./member.ts";
import type { ShownChain } from "./shown-chain.ts";

/**
 * Whether a newcomer may enter beside the devices that are here under its name. One of them that the newcomer shows to be revoked by
 * the same person is closed, so that a stolen device can't keep its owner out. [DEVICE-1] [DEVICE-2]
 */
export function mayShare(
  newcomer: { readonly key: string; readonly name: string; readonly shown: ShownChain },
  here: readonly Member[],
  verifier: Verifier,
): boolean {
  const { root } = newcomer.shown;
  if (here.length === 0) return true;
  if (root === undefined || here.some((device) => device.shown.root !== root)) return false;
  const claims = [newcomer.shown, ...here.map(({ shown }) => shown)].flatMap((shown) => shown.claims);
  const isRevoked = (key: string): boolean => {
    const chain = readChain(claims, key, newcomer.name, verifier, root);
    if (!chain.ok || chain.value.revoked === undefined) return false;
    // A person's ninth device does not count either, but nobody has revoked it.
    const { device } = chain.value;
    return claims.some((claim) => claim.act === "revoke" && (claim.key === key || claim.key === device));
  };
  if (isRevoked(newcomer.key)) return false;
  const [out, left] = [here.filter(({ key }) => isRevoked(key)), here.filter(({ key }) => !isRevoked(key))];
  for (const { connection } of out) connection.close(CLOSE_CODES.nameTaken, "Its person has revoked this device.");
  return left.length < MAX_DEVICES;
}
