// Whether a newcomer may share a name with whoever is there under it: several devices of one person may. [JOIN-4]
import { CLOSE_CODES, currentRoot, MAX_DEVICES, readChain, type Verifier } from "@agora/protocol";
import type { Member } from "./member.ts";
import type { ShownChain } from "./shown-chain.ts";

const ENDED = "Its person has revoked this device, or renewed the root key that certified it.";

/**
 * Whether a newcomer may enter beside the devices that are here under its name. One of them that the newcomer shows to have ended,
 * revoked by the same person or certified by a root that this person renewed, is closed, so that a stolen device can't keep its
 * owner out. [DEVICE-1] [DEVICE-2]
 */
export function mayShare(
  newcomer: { readonly key: string; readonly name: string; readonly shown: ShownChain },
  here: readonly Member[],
  verifier: Verifier,
): boolean {
  if (here.length === 0) return true;
  // What was shown here before counts first: no newcomer's word on a recovery key takes the place of one that is known.
  const claims = [...here.map(({ shown }) => shown), newcomer.shown].flatMap((shown) => shown.claims);
  const rootOf = ({ root }: ShownChain): string | undefined =>
    root === undefined ? undefined : currentRoot(claims, root, verifier);
  const root = rootOf(newcomer.shown);
  if (root === undefined || here.some(({ shown }) => rootOf(shown) !== root)) return false;
  const hasEnded = (key: string): boolean => {
    const chain = readChain(claims, key, newcomer.name, verifier, root);
    if (!chain.ok || chain.value.revoked === undefined) return false;
    // A person's ninth device does not count either, but nobody has ended it.
    const { device } = chain.value;
    return (
      claims.some((claim) => claim.act === "revoke" && (claim.key === key || claim.key === device)) ||
      !claims.some((claim) => claim.act === "certify" && claim.key === device && claim.by === root)
    );
  };
  if (hasEnded(newcomer.key)) return false;
  const [out, left] = [here.filter(({ key }) => hasEnded(key)), here.filter(({ key }) => !hasEnded(key))];
  for (const { connection } of out) connection.close(CLOSE_CODES.nameTaken, ENDED);
  return left.length < MAX_DEVICES;
}
