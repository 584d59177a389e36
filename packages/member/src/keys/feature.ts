// Keys: whose key each member key is. The statements come in events of kind `key` and with lines of presence; a member's own are told
// to the room once, and shown at each joining.
import type { Link } from "@agora/link";
import { CLOSE_CODES, ENDED_DEVICE, isUnderstood, ok, readHead, readStatement, type Statement } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { type HistoryRecord, toRecord } from "../kernel/record.ts";
import type { HeldStatement } from "./fold.ts";
import { createDevices } from "./devices.ts";
import { createSearches, disownedOf, isDisowned, ownedAgainOf } from "./disown.ts";
import { keysSlice } from "./slice.ts";
import { createKeys, type Keys } from "./keeper.ts";
import { ENDED_KEY } from "./refusal.ts";
import { shownStatements } from "./shown-statements.ts";
import type { KeyRing } from "./ring.ts";
import { tellFormer, tellRoom } from "./tell.ts";

const REVOKED =
  "This device was revoked from another one of yours, so it is out of the room for good: to come back, link it anew (agora link on the other one).";
const NO_DEVICES_THERE =
  "Another connection holds this name, and this relay is too old to let several devices of one person in: stop the other one, or have the relay updated.";

/** What later features use: what is known of keys, and telling the room what this device's person has stated. */
export interface KeysPart extends Keys {
  /** Resolves when all of it is on the disk, with the ids of what is on its way. */
  tellRoom(): Promise<readonly string[]>;
}

export const keys = defineFeature<KeysPart>({
  name: "keys",
  slice: keysSlice,
  start(kernel) {
    const { myKey, options, store, hooks, verifier } = kernel;
    /** Again, of one of which that broke off before: what follows from an event is the same the second time. */
    const disown = createSearches(kernel.clock, (ended) => {
      for (const { event, record } of disownedOf(store, new Set(ended.keys()), (one) => keeper.isEnded(one))) {
        if (!isDisowned(store, record) && !store.in({ op: "disown", id: record.id, at: record.at }).ok) return;
        hooks.tell((h) => h.disowned?.(event));
      }
      for (const one of ownedAgainOf(store, new Set(ended.keys()), (event) => keeper.isEnded(event))) {
        hooks.tell((h) => h.ownedAgain?.(one));
        if (!store.in({ op: "own", id: one.record.id }).ok) return;
      }
      for (const [key, words] of ended) store.in({ op: "disowned-key", key, words: verifier.sha256(words) });
    });
    const related = (): void => hooks.tell((h) => h.related?.());
    const keeper = createKeys({ ...kernel, ended: disown, related });
    const own = (): readonly string[] => options.person?.statements() ?? [];
    const { ring } = keeper;
    const ofEnded = endedIn(ring, () => ring.chain(myKey, kernel.me, options.person?.root?.key)?.root);
    /** A relay puts a device out once another one shows that it is revoked, and that is shown at joining. [DEVICE-2] */
    const isEnded = (key: string): boolean => keeper.chainOf(kernel.me, key)?.revoked !== undefined;
    const showRelay = (): void => {
      const here = kernel.members.devices(kernel.me) ?? [];
      if (!isEnded(myKey) && here.some(({ key }) => isEnded(key))) kernel.link().again();
    };
    /** Of an own device that its root has ended: it leaves, and comes back with new keys alone. [LINKING-5] */
    const isRevoked = (): boolean => {
      const device = options.person?.device.key;
      const chain = device === undefined ? undefined : keeper.ring.chain(myKey, kernel.me);
      if (chain?.revoked === undefined) return false;
      return keeper.ring.claims().some((c) => c.act === "revoke" && c.key === device && c.by === chain.root);
    };
    const take: Keys["take"] = (record) => {
      const isNew = keeper.take(record);
      if (isNew && readStatement(record.jws)?.act === "revoke" && isRevoked()) {
        kernel.link().stop();
        kernel.tell.connection();
      }
      return isNew;
    };
    const tellOwn = (): Promise<readonly string[]> => tellRoom(kernel, own());
    const devices = createDevices(kernel, keeper, options.person, tellOwn, showRelay);
    return {
      part: { ...keeper, tellRoom: tellOwn },
      requests: {
        devices: () => Promise.resolve(ok(devices.list())),
        device({ act, id = "", to = "", hash = "" }) {
          if (act === "revoke") return devices.revoke(id);
          if (act === "rename") return devices.rename(id, to);
          if (act === "rotate") return devices.rotate();
          return act === "commit" ? devices.commit(hash) : devices.renewed();
        },
      },
      hooks: {
        begin() {
          for (const jws of own()) keeper.take({ jws, by: myKey });
          // The daemon died, or the disk was full, before all that follows from a revocation was written down.
          for (const [key, words] of keeper.ended())
            if (store.state.disownedKeys[key] !== verifier.sha256(words)) disown(key, words);
        },
        introduced({ key, chain = [] }) {
          for (const jws of chain) take({ jws, by: key });
        },
        met({ name, key, online }) {
          keeper.met(name);
          if (online) keeper.isHere(name, key);
        },
        foretold(event, { stamp, by }) {
          const { head, body, signed } = event;
          if (head.kind !== "key" || !isUnderstood(head)) return;
          const handedBy = by === head.author ? undefined : by;
          const isNew = take({ jws: body, by: head.key, handedBy, event: signed, stamp });
          if (isNew && ofEnded().includes(body)) showRelay();
        },
        kept({ event: { head, body, signed }, isMine, record }) {
          if (!isMine) keeper.met(head.author);
          else if (head.kind === "key") keeper.take({ jws: body, by: myKey, event: signed, stamp: record.stamp });
        },
        kinship: (name, key) => keeper.kinship(name, key),
        rootOf: (name, key) => keeper.rootOf(name, key),
        out: () => (isRevoked() || isSaidRevoked(kernel.link().state) ? REVOKED : undefined),
        ended: ({ code }) =>
          code === CLOSE_CODES.nameTaken.code && !kernel.hasFeature("devices") && devices.areSeveral()
            ? NO_DEVICES_THERE
            : undefined,
        deviceName: (name, key) => keeper.chainOf(name, key)?.deviceName,
        refuses: (_head, _heard, event) => keeper.refusal(event),
        enduring: () => Object.values(kernel.store.state.keys).flatMap((held) => recordOf(held) ?? []),
        line: (line) => (isDisowned(store, line) ? { ...line, withheld: ENDED_KEY } : line),
        // A device that was revoked itself shows only whose it was, so that another one of its person puts it out.
        shown: () => ({
          chain: shownStatements([...new Set([...own(), ...(isEnded(myKey) ? [] : ofEnded())])], myKey),
        }),
        joined(_, { grant }) {
          if (grant === "observer") return;
          tellFormer(kernel, options.person?.former ?? []);
          void tellOwn();
        },
      },
    };
  },
});

/**
 * What a person's root says to all of keys that it revoked, also where it lies on another device, and what shows that they were that
 * person's; worked out when statements came.
 */
function endedIn(ring: KeyRing, root: () => string | undefined): () => readonly string[] {
  let read: readonly Statement[] | undefined;
  let words: readonly string[] = [];
  return () => {
    const all = ring.statements();
    if (all === read) return words;
    read = all;
    const by = root();
    const isRevocation = ({ claims: c }: Statement): boolean =>
      c.act === "revoke" && c.by === by && c.last.every(({ audience }) => audience === "*");
    const revoked = new Set(all.filter(isRevocation).map(({ claims: c }) => ("key" in c ? c.key : "")));
    const isOfThem = ({ claims: c }: Statement): boolean =>
      c.act === "certify" && (revoked.has(c.key) || revoked.has(c.by));
    words = all.filter((one) => isRevocation(one) || isOfThem(one)).map(({ jws }) => jws);
    return words;
  };
}

/** The relay was shown that this device is revoked, and hasn't passed the word itself on. */
function isSaidRevoked(state: Link["state"]): boolean {
  return state.at === "waiting" && state.why.code === CLOSE_CODES.nameTaken.code && state.detail === ENDED_DEVICE;
}

/** The event that brought a statement, as a line of the history. */
function recordOf({ event: signed, stamp }: HeldStatement): HistoryRecord | undefined {
  const head = signed === undefined ? undefined : readHead(signed.head);
  if (signed === undefined || stamp === undefined || head?.ok !== true) return undefined;
  return toRecord({ head: head.value, body: signed.body, signed }, stamp, 0, true);
}
