// What a member knows of whose key each key is: it takes statements from wherever they come, and tells by them whom a name belongs to.
import type { Pin, Pins } from "@agora/user-config";
import type { Log } from "@agora/ports";
import {
  audienceOf,
  type Chain,
  harmlessLine,
  isUntold,
  type OpenEvent,
  openStatement,
  type Verifier,
} from "@agora/protocol";
import { authorOf } from "../kernel/authors.ts";
import type { Kinship } from "../kernel/hooks.ts";
import type { Members } from "../kernel/members.ts";
import type { Notices } from "../kernel/notices.ts";
import type { Store } from "../kernel/store.ts";
import { isHeld, type StatementRecord } from "./fold.ts";
import { CERTIFIERS_KEY, ENDED_KEY, refusalOf } from "./refusal.ts";
import { createKeyRing, type KeyRing } from "./ring.ts";
import { isKnownDevice } from "./slice.ts";

export interface Keys {
  readonly ring: KeyRing;
  /** Takes a statement that somebody brought; false when it is none, or was there. [KEYCHAIN-1] */
  take(record: StatementRecord): boolean;
  /** Whose key it is, under this name: to the root that the name is known by. */
  chainOf(name: string, key: string): Chain | undefined;
  kinship(name: string, key: string): Kinship | undefined;
  /** The root of the person whose key it is, revoked or not; undefined unless the name is known to be theirs. */
  rootOf(name: string, key: string): string | undefined;
  /** Why an event of this key is not taken: its person ended the key before, or an agent's key says what only persons say. */
  refusal(event: OpenEvent): string | undefined;
  /** Whether an event that was kept counts no more, since its person has ended the key before. [KEYCHAIN-12] */
  isEnded(event: OpenEvent): boolean;
  /** Each key that its person ended, with up to where it counts. */
  ended(): ReadonlyMap<string, string>;
  /** A person's decision: whoever has this key is whom the name belongs to. */
  trust(name: string, key: string): void;
  /** A name is known by a key now: its root is kept with it. */
  met(name: string): void;
  /** A member is here with this key. */
  isHere(name: string, key: string): void;
}

/**
 * Makes the keeper. After a statement was taken, `ended` is called with each key that it ended and up to where that counts, and
 * `related` when by it another key is that of somebody who is known.
 */
export function createKeys(options: {
  readonly store: Store;
  readonly pins: Pins;
  readonly members: Pick<Members, "get">;
  readonly notices: Notices;
  readonly verifier: Verifier;
  readonly room: string;
  readonly me: string;
  readonly myKey: string;
  readonly log: Log;
  readonly ended: (key: string, words: string) => void;
  readonly related: () => void;
}): Keys {
  const { store, pins, notices, verifier, log, me } = options;
  const ring = createKeyRing(() => store.state.keys, verifier);

  /** The root of whoever has a name; one's own by what one's own device states. */
  const knownRoot = (name: string): string | undefined =>
    name === me ? ring.chain(options.myKey, me)?.root : pins.get(name)?.root;
  const chainOf = (name: string, key: string): Chain | undefined => ring.chain(key, name, knownRoot(name));

  const refusal = (event: OpenEvent): string | undefined => {
    if (ring.certifies(event.head.key)) return CERTIFIERS_KEY;
    const chain = chainOf(event.head.author, event.head.key);
    return chain === undefined ? undefined : refusalOf(chain, event, verifier);
  };

  const kinship = (name: string, key: string): Kinship | undefined => {
    const root = knownRoot(name);
    const chain = root === undefined ? undefined : ring.chain(key, name, root);
    if (chain === undefined) return undefined;
    return chain.revoked === undefined ? "current" : "former";
  };

  /** Keeps that a name speaks from a device; false if that was known, also before a restart. */
  const learn = (name: string, { device }: Chain): boolean => {
    if (isKnownDevice(store.state, name, device)) return false;
    store.in({ op: "know-device", name, device }); // if the disk doesn't take it, it is told once more after a restart
    return true;
  };

  /** The name's newest key is the one that is here: what is for that person goes to it. */
  const isHere = (name: string, key: string): void => {
    const pin = pins.get(name);
    if (pin === undefined || pin.key === key || kinship(name, key) !== "current") return;
    const before = ring.chain(pin.key, name, pin.root);
    pins.belongs(name, { ...pin, key });
    notices.forget(`key:${name}`);
    if (before !== undefined) learn(name, before);
    const now = ring.chain(key, name, pin.root)!;
    if (!learn(name, now)) return;
    notices.setCaused(
      `device:${name}`,
      `@${name} speaks from another device now: ${harmlessLine(now.deviceName, 64)}.`,
    );
    log.info("another-device", { name });
  };

  /** What the statements say of a name that is known. [KEYCHAIN-7] */
  const settle = (name: string, pin: Pin): void => {
    const chain = ring.chain(pin.key, name, pin.root);
    const other = chain ?? ring.chain(pin.key, name);
    if (chain !== undefined) notices.forget(`root:${name}`);
    if (chain === undefined && other !== undefined)
      notices.setCaused(
        `root:${name}`,
        `@${name} shows another root key than before, so this may be somebody else: check with them, then say \`agora trust ${name}\`.`,
      );
    else if (chain !== undefined && chain.root !== pin.root) {
      const isRenewed = pin.root !== undefined;
      const verified = isRenewed && pin.verified === pin.root ? { verified: chain.root } : {};
      pins.belongs(name, { key: pin.key, root: chain.root, ...verified });
      if (isRenewed) notices.setCaused(`renewed:${name}`, `@${name} renewed the root key with the recovery words.`);
    }
    const others = (ring.names().get(name) ?? []).filter((key) => key !== pin.key);
    if (others.some((key) => kinship(name, key) !== undefined)) notices.forget(`key:${name}`);
    const here = options.members.get(name);
    if (here !== undefined) isHere(name, here.key);
  };
  const settleAll = (): void => {
    for (const name of ring.names().keys()) {
      const pin = name === me ? undefined : pins.get(name);
      if (pin !== undefined) settle(name, pin);
    }
  };

  /** Each key that was ended, with up to where it counts; and each that is another one of somebody who is known. */
  const survey = (): { readonly ended: ReadonlyMap<string, string>; readonly kin: ReadonlySet<string> } => {
    const ended = new Map<string, string>();
    const kin = new Set<string>();
    for (const [name, keys] of ring.names())
      for (const key of keys) {
        const { root, revoked, superseded } = chainOf(name, key) ?? {};
        if (root !== undefined && root === knownRoot(name) && pins.get(name)?.key !== key) kin.add(key);
        // Of what ended with its root or device nobody says up to where it counts: what was kept before stays.
        if (revoked !== undefined && superseded === undefined) ended.set(key, JSON.stringify(revoked));
      }
    // What it said before that was known counts no more. [KEYCHAIN-3]
    for (const key of ring.certifiers())
      if (authorOf(store.state.authors, key) !== undefined) ended.set(key, "it certifies");
    return { ended, kin };
  };

  return {
    ring,
    take(record) {
      if (isHeld(store.state.keys, record)) return false;
      const opened = openStatement(record.jws, verifier);
      if (!opened.ok || opened.value.claims.room !== options.room) {
        log.warn("statement-refused", { by: record.by });
        return false;
      }
      if (!store.in({ op: "key", ...record }).ok) return false;
      const before = survey();
      ring.changed();
      settleAll();
      const { ended, kin } = survey();
      for (const [key, words] of ended) if (before.ended.get(key) !== words) options.ended(key, words);
      // What was refused before may count now: another key of somebody's, or one of which it is told now up to where it counts.
      const isMore = [...ended].some(([key, words]) => before.ended.has(key) && before.ended.get(key) !== words);
      if (isMore || [...kin].some((key) => !before.kin.has(key))) options.related();
      return true;
    },
    chainOf,
    kinship,
    rootOf(name, key) {
      const root = knownRoot(name);
      return root === undefined ? undefined : ring.chain(key, name, root)?.root;
    },
    refusal,
    isEnded(event) {
      const { author, key } = event.head;
      if (ring.certifies(key)) return true;
      const chain = chainOf(author, key);
      if (chain === undefined || isUntold(chain, audienceOf(event.head))) return false;
      return refusal(event) === ENDED_KEY;
    },
    ended: () => survey().ended,
    trust(name, key) {
      const root = ring.chain(key, name)?.root;
      pins.belongs(name, { key, ...(root === undefined ? {} : { root }) });
      for (const what of ["key", "root", "renewed"]) notices.forget(`${what}:${name}`);
    },
    met(name) {
      const pin = pins.get(name);
      if (pin !== undefined && pin.root === undefined) settle(name, pin);
    },
    isHere,
  };
}
