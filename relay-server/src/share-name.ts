// Whether a newcomer may share a name with whoever is there under it: several devices of one person may. [JOIN-4]
import { CLOSE_CODES, currentRoot, ENDED_DEVICE, MAX_DEVICES, readChain, type Verifier } from "@agora/protocol";
import type { Member } from "./member.ts";
import type { ShownChain } from "./shown-chain.ts";

/**
 * Whether a newcomer may enter beside the devices that are here under its name. One of them that the newcomer shows to have ended,
 * revoked by the same person or certified by a root that this person renewed, is closed, so that a stolen device can't keep its
 * owner out. `ended`: the newcomer is such a one. [DEVICE-1] [DEVICE-2]
 */
export function mayShare(
  newcomer: { readonly key: string; readonly name: string; readonly shown: ShownChain },
  here: readonly Member[],
  verifier: Verifier,
): "yes" | "no" | "ended" {
  if (here.length === 0) return "yes";
  // What was shown here before counts first: no newcomer's word on a recovery key takes the place of one that is known.
  const claims = [...here.map(({ shown }) => shown), newcomer.shown].flatMap((shown) => shown.claims);
  const rootOf = ({ root }: ShownChain): string | undefined =>
    root === undefined ? undefined : currentRoot(claims, root, verifier);
  const root = rootOf(newcomer.shown);
  if (root === undefined) return "no";
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
  if (hasEnded(newcomer.key)) return "ended";
  const [out, left] = [here.filter(({ key }) => hasEnded(key)), here.filter(({ key }) => !hasEnded(key))];
  // Not before what has ended is left out: it may show nothing of whose it is, or another root that it made.
  if (left.some(({ shown }) => rootOf(shown) !== root)) return "no";
  for (const { connection } of out) connection.close(CLOSE_CODES.nameTaken, ENDED_DEVICE);
  return left.length < MAX_DEVICES ? "yes" : "no";
}
