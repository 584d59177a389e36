// Whose key each author's is: what a journal states of keys holds, each name has one key or the keys of one person, and no event
// was said with a key that had ended, or by an agent what is for persons.
import {
  audienceOf,
  type Chain,
  currentRoot,
  isUnderstood,
  isUntold,
  type KeyClaims,
  openStatement,
  type Verifier,
} from "@agora/protocol";
import { foldStatement, type HeldStatements } from "../keys/fold.ts";
import { AGENTS_KEY, ENDED_KEY, refusalOf } from "../keys/refusal.ts";
import { createKeyRing, type KeyRing } from "../keys/ring.ts";
import type { CertifiedKey, Finding } from "./finding.ts";
import type { EventLine } from "./verify-line.ts";

/** What is known of names beside the journal. */
export interface KnownNames {
  /** The key by which a name is known here; without one the first key of a name counts. */
  readonly keyOf?: ((name: string) => string | undefined) | undefined;
  /** The root by which a name is known here; without one the first that the name's key leads to. */
  readonly rootOf?: ((name: string) => string | undefined) | undefined;
  /** Statements about keys that came otherwise, and the keys of those who brought them: with presence, or in what is gone by now. */
  readonly statements?: readonly { readonly jws: string; readonly by: string }[];
}

/** What the keys of a journal show. */
export interface KeysFound {
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
  /** The keys that said something and are certified by a person. */
  readonly keys: readonly CertifiedKey[];
  /** The events that count for nothing, since their key may not say them. */
  readonly refused: ReadonlySet<EventLine>;
}

type Verifying = Pick<Verifier, "verify" | "sha256">;

/** Verifies the keys of a journal's events, and what is stated of them, in the order of its lines. */
export function verifyKeys(events: readonly EventLine[], known: KnownNames, verifier: Verifying): KeysFound {
  const stated = readStatements(events, known.statements ?? [], verifier);
  const ring = createKeyRing(() => stated.held, verifier);
  const chainOf = createChains(events, known, ring, verifier);
  const certified = verifyCertifiers(events, ring);
  const ended = verifyChains(events, chainOf, verifier);
  const others = verifyNames(events, known, chainOf);
  return {
    faults: [...stated.faults, ...others.faults, ...certified.faults, ...ended.faults],
    notes: [...others.notes, ...ended.notes],
    keys: ended.keys,
    refused: new Set([...certified.refused, ...ended.refused]),
  };
}

/** The statements that hold, bounded as a member bounds them, and what does not hold. [KEYCHAIN-1] [KEYCHAIN-9] */
function readStatements(
  events: readonly EventLine[],
  others: NonNullable<KnownNames["statements"]>,
  verifier: Verifying,
): { readonly held: HeldStatements; readonly faults: readonly Finding[] } {
  const held: HeldStatements = {};
  const faults: Finding[] = [];
  const take = (jws: string, by: string): void => foldStatement(held, { jws, by }, () => ({ standing: "met" }));
  const room = events[0]?.event.head.room;
  for (const { jws, by } of others) {
    const opened = openStatement(jws, verifier);
    if (opened.ok && opened.value.claims.room === room) take(jws, by);
  }
  for (const { event, where } of events) {
    const { head, body: jws } = event;
    if (head.kind !== "key" || !isUnderstood(head)) continue;
    const opened = openStatement(jws, verifier);
    if (opened.ok && opened.value.claims.room === head.room) take(jws, head.key);
    else
      faults.push({
        ...{ code: "bad-statement", where },
        message: `${head.id} by @${head.author} states something of a key that doesn't hold: ${opened.ok ? "it is for another room" : "whoever it names didn't sign it"}.`,
      });
  }
  return { held, faults };
}

/** Whose a key under a name is: of the person that the name is known by, and nobody else's. [KEYCHAIN-7] */
type ChainOf = (name: string, key: string) => Chain | undefined;

function createChains(
  events: readonly EventLine[],
  { keyOf, rootOf }: KnownNames,
  ring: KeyRing,
  verifier: Verifying,
): ChainOf {
  const keys = new Map<string, string>();
  for (const { event } of events)
    if (!keys.has(event.head.author)) keys.set(event.head.author, keyOf?.(event.head.author) ?? event.head.key);
  const roots = new Map<string, string | undefined>();
  const root = (name: string): string | undefined => {
    if (!roots.has(name)) roots.set(name, rootOf?.(name) ?? firstRoot(ring.claims(), name, keys.get(name), verifier));
    return roots.get(name);
  };
  return (name, key) => {
    const person = root(name);
    return person === undefined ? undefined : ring.chain(key, name, person);
  };
}

/** The root of the first certificates that lead to this key: a thief's can only be later ones. */
function firstRoot(
  claims: readonly KeyClaims[],
  name: string,
  key: string | undefined,
  verifier: Verifying,
): string | undefined {
  for (const cert of claims) {
    if (cert.act !== "certify" || cert.as === "device" || cert.key !== key || cert.name !== name) continue;
    for (const device of claims)
      if (device.act === "certify" && device.as === "device" && device.key === cert.by && device.origin === cert.origin)
        return currentRoot(claims, device.by, verifier);
  }
  return undefined;
}

/** Each name has one key, or those of one person; a pinned one may have followed an older one that a person let go. [PIN-1] */
function verifyNames(
  events: readonly EventLine[],
  { keyOf }: KnownNames,
  chainOf: ChainOf,
): { readonly faults: readonly Finding[]; readonly notes: readonly Finding[] } {
  const faults: Finding[] = [];
  const notes: Finding[] = [];
  const known = new Map<string, { readonly key: string; isPinned: boolean; spoke: boolean }>();
  const told = new Set<string>();
  for (const { event, where } of events) {
    const { author, key, id } = event.head;
    const pin = keyOf?.(author);
    const one = known.get(author) ?? { key: pin ?? key, isPinned: pin !== undefined, spoke: false };
    known.set(author, one);
    if (key === one.key) one.spoke = true;
    else if (chainOf(author, key) !== undefined) continue;
    else if (!one.isPinned || one.spoke)
      faults.push({
        ...{ code: "another-key", where },
        message: `${id} is signed with another key than @${author}'s.`,
      });
    else if (!told.has(`${author} ${key}`)) {
      told.add(`${author} ${key}`);
      notes.push({
        ...{ code: "another-key", where },
        message: `From here on @${author} spoke with an older key than the one trusted now.`,
      });
    }
  }
  return { faults, notes };
}

/** Nothing is said by a key that certifies others; what it states of keys is signed itself. [KEYCHAIN-3] */
function verifyCertifiers(
  events: readonly EventLine[],
  ring: KeyRing,
): { readonly faults: readonly Finding[]; readonly refused: readonly EventLine[] } {
  const refused = events.filter(({ event }) => ring.certifies(event.head.key));
  const faults = refused.map(({ event: { head }, where }): Finding => {
    const message = `${head.id} by @${head.author} is signed with a key that certifies others: such a key says nothing itself.`;
    return { code: "certifiers-key", where, message };
  });
  return { faults, refused };
}

/** No event stands behind the last of an ended key that counts, wherever its end stands, and agents say what agents may. [KEYCHAIN-4] [KEYCHAIN-10] */
function verifyChains(events: readonly EventLine[], chainOf: ChainOf, verifier: Verifying): KeysFound {
  const faults: Finding[] = [];
  const notes: Finding[] = [];
  const refused = new Set<EventLine>();
  const keys = new Map<string, CertifiedKey>();
  const untold = new Set<string>();
  for (const line of events) {
    const { event, where } = line;
    const { author, key, id, kind } = event.head;
    const whose = chainOf(author, key);
    if (whose === undefined) continue;
    const { root, device, as, revoked, superseded } = whose;
    keys.set(`${author} ${key}`, {
      ...{ author, key, root, device, as },
      ...(revoked === undefined ? {} : { ended: true as const }),
    });
    const refusal = refusalOf(whose, event, verifier);
    if (refusal === ENDED_KEY && isUntold(whose, audienceOf(event.head))) continue; // its readers alone are told
    if (refusal === AGENTS_KEY) {
      refused.add(line);
      faults.push({
        ...{ code: "agents-key", where },
        message: `${id} is for a person to say, and @${author}'s key is an agent's.`,
      });
    } else if (refusal === ENDED_KEY && superseded === true) {
      if (untold.has(key)) continue;
      untold.add(key);
      notes.push({
        ...{ code: "unchecked", where },
        message: `This key of @${author} ended with its device or root: which of its events came before that can't be told.`,
      });
    } else if (refusal === ENDED_KEY && !(kind === "key" && isUnderstood(event.head))) {
      // What it states of keys is signed itself, whoever brought it.
      refused.add(line);
      faults.push({
        ...{ code: "ended-key", where },
        message: `${id} stands behind what counts of this key of @${author}: its person revoked the key.`,
      });
    }
  }
  return { faults, notes, refused, keys: [...keys.values()] };
}
