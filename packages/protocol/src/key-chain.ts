// What statements about keys amount to: whose key a member key is, and up to where it counts. Pure, and the same in whatever order
// statements came, but for the first commitment of a root to its recovery key.
import type { Verifier } from "./event.ts";
import { indexOf, isLater, putIn } from "./key-index.ts";
import { type Certify, type KeyClaims, type Last, openStatement, type Statement } from "./key-statement.ts";
import { MAX_CHAIN_STATEMENTS, MAX_DEVICES, MAX_ROTATIONS } from "./limits.ts";
import { fail, ok, type Result } from "./result.ts";

/** Whose key a member key is: person root, device, member. */
export interface Chain {
  /** The person's root, as it is now. */
  readonly root: string;
  readonly device: string;
  /** What its person calls the device. */
  readonly deviceName: string;
  readonly member: string;
  /** A person's key, or that of an agent which is a member itself. */
  readonly as: "member" | "agent";
  /** When the device was certified, by its person's clock, seconds. */
  readonly since: number;
  /** If the key was revoked: the last events of it that count. */
  readonly revoked?: readonly Last[];
  /** It ended, and nobody has said up to where it counts: with its device, or with the root before. */
  readonly superseded?: true;
  /** Another key took its place: of an audience that `revoked` does not name, what was kept before counts. [KEYCHAIN-12] */
  readonly replaced?: true;
}

/** Verified claims, in the order they came. */
type Claims = readonly KeyClaims[];

/**
 * The chain of a member key under a name, from statements as they came; those that don't hold, or are of another room, count for
 * nothing. [KEYCHAIN-3]
 */
export function chainOf(
  statements: readonly string[],
  member: string,
  at: { readonly room: string; readonly name: string },
  verifier: Pick<Verifier, "verify" | "sha256">,
): Result<Chain, "no-chain"> {
  const claims = openStatements(statements, at.room, verifier).map((statement) => statement.claims);
  return readChain(claims, member, at.name, verifier);
}

/** The statements of a room that hold, of the first `MAX_CHAIN_STATEMENTS`, each once. [KEYCHAIN-6] */
export function openStatements(
  statements: readonly string[],
  room: string,
  verifier: Pick<Verifier, "verify">,
): readonly Statement[] {
  return [...new Set(statements.slice(0, MAX_CHAIN_STATEMENTS))].flatMap((jws) => {
    const opened = openStatement(jws, verifier);
    return opened.ok && opened.value.claims.room === room ? [opened.value] : [];
  });
}

/**
 * Like `chainOf`, of verified claims of one room.
 *
 * @param pinned the root that the name is known by: no chain to another one counts
 */
export function readChain(
  claims: Claims,
  member: string,
  name: string,
  verifier: Pick<Verifier, "sha256">,
  pinned?: string,
): Result<Chain, "no-chain"> {
  const wanted = pinned === undefined ? undefined : currentRoot(claims, pinned, verifier);
  let ended: Chain | undefined;
  for (const cert of indexOf(claims).members.get(`${member} ${name}`) ?? [])
    for (const chain of chainsBy(cert, claims, verifier, wanted)) {
      if (chain.revoked === undefined) return ok(chain);
      ended ??= chain;
    }
  return ended === undefined ? fail("no-chain", `The key of @${name} is not certified by its person.`) : ok(ended);
}

/**
 * The root that has taken the place of `root`, or `root` itself. Whoever has the recovery key renews again and again, one after the
 * other, until a root commits to another one. [KEYCHAIN-5]
 */
export function currentRoot(claims: Claims, root: string, verifier: Pick<Verifier, "sha256">): string {
  const { currentRoots } = indexOf(claims);
  const current = currentRoots.get(root) ?? followRenewals(claims, root, verifier);
  currentRoots.set(root, current);
  return current;
}

function followRenewals(claims: Claims, root: string, verifier: Pick<Verifier, "sha256">): string {
  const { by, of } = indexOf(claims).renewals(verifier);
  const origin = of.get(root);
  let [current, hash, since] = [root, recoveryOf(claims, root) ?? origin?.hash, origin?.made];
  for (let step = 0; step < MAX_ROTATIONS; step += 1) {
    const next = by
      .get(hash ?? "")
      ?.find(({ made }) => made.key !== current && (since === undefined || isLater(made, since)));
    if (next === undefined) return current;
    current = next.made.key;
    since = next.made;
    hash = recoveryOf(claims, current) ?? hash;
  }
  return current;
}

/** The hash of the recovery key that a root has committed to: the first word counts, since a thief's can only be a later one. */
export function recoveryOf(claims: Claims, root: string): string | undefined {
  return indexOf(claims).recoveries.get(root);
}

/** The devices of a person that count: the first `MAX_DEVICES`, revoked ones aside, each with its newest name. [KEYCHAIN-6] */
export function devicesOf(claims: Claims, root: string): readonly Certify[] {
  const { devicesBy, revokes, validDevices } = indexOf(claims);
  const known = validDevices.get(root);
  if (known !== undefined) return known;
  const devices = new Map<string, Certify[]>();
  for (const cert of devicesBy.get(root) ?? []) if (!revokes.has(`${root} ${cert.key}`)) putIn(devices, cert.key, cert);
  const valid = [...devices.values()]
    .map((certs) => ({
      first: certs.reduce((a, b) => (isLater(a, b) ? b : a)),
      newest: certs.reduce((a, b) => (isLater(a, b) ? a : b)),
    }))
    .sort((a, b) => (isLater(a.first, b.first) ? 1 : -1))
    .slice(0, MAX_DEVICES)
    .map(({ first, newest }) => ({ ...newest, iat: first.iat }));
  validDevices.set(root, valid);
  return valid;
}

/**
 * What two persons hash to compare their roots: the same for both. The first 66 bits of its SHA-256 are six words of 11 bits each.
 * [KEYCHAIN-11]
 */
export function verificationText(root: string, other: string): string {
  return ["agora-verify-v1", ...[root, other].sort()].join("\n");
}

/** Whether an event of a revoked key counts: it is not behind the last that its person accepts. Stamps say nothing. [KEYCHAIN-4] */
export function isAccepted(revoked: readonly Last[], event: Last): boolean {
  const last = revoked.find(({ audience }) => audience === event.audience);
  if (last === undefined || event.seq > last.seq) return false;
  return event.seq < last.seq || event.hash === last.hash;
}

/** Whether it is not told yet up to where a replaced key counts in an audience: what was kept of it before stays. [KEYCHAIN-12] */
export function isUntold({ replaced, revoked = [] }: Pick<Chain, "replaced" | "revoked">, audience: string): boolean {
  return replaced === true && !revoked.some((last) => last.audience === audience);
}

/** The chains that a member key's certificate is part of; to this root alone, where one is wanted. */
function* chainsBy(
  cert: Certify,
  all: Claims,
  verifier: Pick<Verifier, "sha256">,
  wanted: string | undefined,
): Generator<Chain> {
  const seen = new Set<string>();
  for (const c of indexOf(all).devices.get(cert.by) ?? []) {
    if (c.origin !== cert.origin) continue;
    const root = currentRoot(all, c.by, verifier);
    if (seen.has(root) || (wanted !== undefined && root !== wanted)) continue;
    seen.add(root);
    const device = devicesOf(all, root).find(({ key, origin }) => key === cert.by && origin === cert.origin);
    const revoked = revokedAt(cert, all, root, device !== undefined);
    const { key, name, iat } = device ?? c;
    yield {
      root,
      device: key,
      deviceName: name,
      member: cert.key,
      as: cert.as === "agent" ? "agent" : "member",
      since: iat,
      ...(revoked === undefined ? {} : { revoked: revoked.last }),
      ...(revoked?.isSaid === false ? { superseded: true } : {}),
      ...(revoked?.isReplaced === true ? { replaced: true } : {}),
    };
  }
}

/**
 * Up to where a member key counts, if it was revoked: by its person's root, or by its own device while that counts. Of a device
 * that does not count any more nothing counts but what the root accepts. [KEYCHAIN-4]
 */
function revokedAt(
  cert: Certify,
  claims: Claims,
  root: string,
  deviceCounts: boolean,
): { readonly last: readonly Last[]; readonly isSaid: boolean; readonly isReplaced: boolean } | undefined {
  const { revokes } = indexOf(claims);
  const signers = deviceCounts ? [root, cert.by] : [root];
  const words = signers.flatMap((by) => revokes.get(`${by} ${cert.key}`) ?? []);
  if (words.length === 0) return deviceCounts ? undefined : { last: [], isSaid: false, isReplaced: false };
  const last = new Map<string, Last>();
  // Several words on one audience: the one that accepts least, so that their order says nothing.
  for (const one of words.flatMap((word) => word.last)) {
    const known = last.get(one.audience);
    if (known === undefined || one.seq < known.seq || (one.seq === known.seq && one.hash < known.hash))
      last.set(one.audience, one);
  }
  return {
    last: [...last.values()].sort((a, b) => (a.audience < b.audience ? -1 : 1)),
    isSaid: true,
    isReplaced: deviceCounts && words.every(({ next }) => next !== undefined),
  };
}
