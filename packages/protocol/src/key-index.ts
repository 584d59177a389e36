// Claims about keys by what they are looked up by, worked out once for each list of them: a member asks of thousands whenever one
// more comes, and strangers may bring many.
import type { Verifier } from "./event.ts";
import type { Certify, KeyClaims, Revoke, Rotate } from "./key-statement.ts";

/** A root that took another one's place. */
export interface Renewal {
  readonly made: Rotate;
  /** The hash of the recovery key that signed it. */
  readonly hash: string;
}

/** Claims by what they are looked up by; each list in the order they came. */
export interface KeyIndex {
  /** Certificates of member keys, by `<key> <name>`. */
  readonly members: ReadonlyMap<string, readonly Certify[]>;
  /** Certificates of devices, by the device's key; and by the root that signed them. */
  readonly devices: ReadonlyMap<string, readonly Certify[]>;
  readonly devicesBy: ReadonlyMap<string, readonly Certify[]>;
  /** Revocations, by `<who signed> <key>`. */
  readonly revokes: ReadonlyMap<string, readonly Revoke[]>;
  /** The hash that each root committed to: the first word counts, since a thief's can only be a later one. */
  readonly recoveries: ReadonlyMap<string, string>;
  /** Renewals by the hash of who signed them; and the first of each new root. Oldest first. */
  renewals(verifier: Pick<Verifier, "sha256">): {
    readonly by: ReadonlyMap<string, readonly Renewal[]>;
    readonly of: ReadonlyMap<string, Renewal>;
  };
  /** What was worked out before, by root. */
  readonly currentRoots: Map<string, string>;
  readonly validDevices: Map<string, readonly Certify[]>;
}

const indexes = new WeakMap<readonly KeyClaims[], KeyIndex>();

/** The index of a list of claims, which nobody changes from then on. */
export function indexOf(claims: readonly KeyClaims[]): KeyIndex {
  const known = indexes.get(claims);
  if (known !== undefined) return known;
  const index = makeIndex(claims);
  indexes.set(claims, index);
  return index;
}

/** Of two words of one signer the later one counts; their clocks are one clock. */
export function isLater(a: KeyClaims, b: KeyClaims): boolean {
  return a.iat === b.iat ? textOf(a) > textOf(b) : a.iat > b.iat;
}

const texts = new WeakMap<KeyClaims, string>();

/** Claims that say they are of one second are compared by their text, which is made once. */
function textOf(claims: KeyClaims): string {
  const known = texts.get(claims);
  if (known !== undefined) return known;
  const text = JSON.stringify(claims);
  texts.set(claims, text);
  return text;
}

function makeIndex(claims: readonly KeyClaims[]): KeyIndex {
  const members = new Map<string, Certify[]>();
  const devices = new Map<string, Certify[]>();
  const devicesBy = new Map<string, Certify[]>();
  const revokes = new Map<string, Revoke[]>();
  const recoveries = new Map<string, string>();
  const rotations: Rotate[] = [];
  for (const claim of claims) {
    if (claim.act === "rotate") rotations.push(claim);
    else if (claim.act === "revoke") putIn(revokes, `${claim.by} ${claim.key}`, claim);
    else if (claim.act === "recovery") {
      if (!recoveries.has(claim.by)) recoveries.set(claim.by, claim.hash);
    } else if (claim.as === "device") {
      putIn(devices, claim.key, claim);
      putIn(devicesBy, claim.by, claim);
    } else putIn(members, `${claim.key} ${claim.name}`, claim);
  }
  let renewals: ReturnType<KeyIndex["renewals"]> | undefined;
  return {
    ...{ members, devices, devicesBy, revokes, recoveries },
    renewals: ({ sha256 }) => (renewals ??= renewalsOf(rotations, sha256)),
    currentRoots: new Map(),
    validDevices: new Map(),
  };
}

function renewalsOf(rotations: readonly Rotate[], sha256: Verifier["sha256"]): ReturnType<KeyIndex["renewals"]> {
  const by = new Map<string, Renewal[]>();
  const of = new Map<string, Renewal>();
  for (const made of rotations.toSorted((a, b) => (isLater(a, b) ? 1 : -1))) {
    const renewal = { made, hash: sha256(made.by) };
    putIn(by, renewal.hash, renewal);
    if (!of.has(made.key)) of.set(made.key, renewal);
  }
  return { by, of };
}

/** Adds one to the list that stands under a key. */
export function putIn<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [one]);
  else list.push(one);
}
