// Whose key each key is, by the statements that are held. Worked out when it is asked for, and anew when a statement came.
import { type Chain, type KeyClaims, readChain, type Statement, type Verifier } from "@agora/protocol";
import type { HeldStatements } from "./fold.ts";

export interface KeyRing {
  /** All that is stated, each once, in the order it came. */
  statements(): readonly Statement[];
  claims(): readonly KeyClaims[];
  /** The names under which keys are certified, each with these keys. */
  names(): ReadonlyMap<string, readonly string[]>;
  /** Whether a key certifies others: a root or a device key. Only its owner can make it one. [KEYCHAIN-3] */
  certifies(key: string): boolean;
  certifiers(): ReadonlySet<string>;
  /** The chain of a key under a name; to this root alone, or what took its place, where one is given. */
  chain(key: string, name: string, root?: string): Chain | undefined;
  /** A statement came. */
  changed(): void;
}

/** Answers that are remembered. */
const MAX_REMEMBERED = 4_000;

/** Makes the ring over what is held. */
export function createKeyRing(held: () => HeldStatements, verifier: Pick<Verifier, "sha256">): KeyRing {
  let all: readonly Statement[] | undefined;
  let said: readonly KeyClaims[] = [];
  let named: ReadonlyMap<string, readonly string[]> = new Map();
  let certifying: ReadonlySet<string> = new Set();
  const chains = new Map<string, Chain | undefined>();
  const statements = (): readonly Statement[] => {
    if (all !== undefined) return all;
    const once = new Map(Object.values(held()).map(({ jws, claims }) => [jws, { jws, claims }]));
    all = [...once.values()];
    said = all.map((one) => one.claims);
    named = namesOf(said);
    certifying = new Set(said.flatMap(certifiersIn));
    return all;
  };
  const claims = (): readonly KeyClaims[] => {
    statements();
    return said;
  };
  return {
    statements,
    claims,
    names() {
      statements();
      return named;
    },
    certifiers() {
      statements();
      return certifying;
    },
    certifies(key) {
      statements();
      return certifying.has(key);
    },
    chain(key, name, root) {
      if (claims().length === 0) return undefined;
      const asked = `${key} ${root ?? ""} ${name}`;
      if (chains.has(asked)) return chains.get(asked);
      const read = readChain(claims(), key, name, verifier, root);
      const chain = read.ok ? read.value : undefined;
      if (chains.size >= MAX_REMEMBERED) chains.clear();
      chains.set(asked, chain);
      return chain;
    },
    changed() {
      all = undefined;
      chains.clear();
    },
  };
}

/** The keys that a statement makes a root or a device's; all of them have signed it. A member key that signs one makes nothing so. */
function certifiersIn(claim: KeyClaims): readonly string[] {
  if (claim.act === "rotate") return [claim.key];
  return claim.act === "certify" && claim.as === "device" ? [claim.by, claim.key] : [];
}

function namesOf(claims: readonly KeyClaims[]): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string[]>();
  for (const claim of claims) {
    if (claim.act !== "certify" || claim.as === "device") continue;
    const keys = named.get(claim.name);
    if (keys === undefined) named.set(claim.name, [claim.key]);
    else keys.push(claim.key);
  }
  return named;
}
