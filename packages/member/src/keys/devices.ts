// What a person decides about the own devices: each decision is a statement, kept in the home and told to the room.
import type { DeviceState, DevicesResult, DeviceResult } from "@agora/ipc";
import {
  type Certify,
  type Chain,
  devicesOf,
  fail,
  isKey,
  type KeyClaims,
  KEY_STATEMENT,
  type LaterSigner,
  ok,
  recoveryOf,
  type Result,
  type Signer,
  signStatement,
} from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import type { PersonKeys } from "../kernel/person-keys.ts";
import type { Keys } from "./keeper.ts";
import { lastEventsOf } from "./last-events.ts";
import { rotateKey } from "./rotate.ts";
import { addressesOf } from "./tell.ts";

/** What an own device is called at most, characters. */
const MAX_NAME_CHARS = 64;
const ID_CHARS = 8;
/** How long it waits for the relay to take a statement, milliseconds; without that it is told later. */
const TOLD_WITHIN_MS = 1_500;

type Code = "not-allowed" | "unknown-recipient" | "ambiguous" | "bad-request" | "disk";

export interface Devices {
  list(): DevicesResult;
  /** Whether this member's person has another device, as far as it is known here. */
  areSeveral(): boolean;
  revoke(id: string): Promise<Result<DeviceResult, Code>>;
  /** This device gets another key to sign with, from its next start on. */
  rotate(): Promise<Result<DeviceResult, Code>>;
  rename(id: string, name: string): Promise<Result<DeviceResult, Code>>;
  commit(hash: string): Promise<Result<DeviceResult, Code>>;
  /** The root was renewed on this disk: what it certified elsewhere ends. */
  renewed(): Promise<Result<DeviceResult, Code>>;
}

const NO_ROOT = "The root key is not on this device: type this where `agora devices` shows it.";

/** Makes the decider; `tellRoom` tells what was not told yet, `showRelay` shows the relay which own devices are revoked. */
export function createDevices(
  kernel: Kernel,
  keeper: Keys,
  person: PersonKeys | undefined,
  tellRoom: () => Promise<readonly string[]>,
  showRelay: () => void,
): Devices {
  const { store, verifier, me, myKey, room, clock } = kernel;
  const { ring } = keeper;
  const own = (): Chain | undefined => ring.chain(myKey, me, person?.root?.key);
  const about = (origin: string): { origin: string; room: string; iat: number } => ({
    ...{ origin, room },
    iat: Math.floor(clock.now() / 1_000),
  });

  /** What devices speak under: the members that each certified. */
  const membersOf = (device: string): readonly Certify[] =>
    ring.claims().filter((c): c is Certify => c.act === "certify" && c.as !== "device" && c.by === device);
  const stateOf = ({ key, name, iat }: Certify, mine: string | undefined, isRevoked: boolean): DeviceState => ({
    id: key.slice(0, ID_CHARS),
    key,
    name,
    since: iat * 1_000,
    members: [...new Set(membersOf(key).map((one) => one.name))],
    ...(key === mine ? { this: true as const } : {}),
    ...(membersOf(key).some((one) => kernel.members.device(one.name, one.key) !== undefined)
      ? { here: true as const }
      : {}),
    ...(isRevoked ? { revoked: true as const } : {}),
  });
  const list = (): DevicesResult => {
    const chain = own();
    const base = { hasRoot: person?.root !== undefined, origin: kernel.relay, room };
    if (chain === undefined) return { ...base, hasRoot: false, hasWords: false, devices: [] };
    const claims = ring.claims();
    const valid = devicesOf(claims, chain.root);
    const certs = claims.filter((c): c is Certify => c.act === "certify" && c.as === "device" && c.by === chain.root);
    const gone = new Map(certs.filter((c) => !valid.some(({ key }) => key === c.key)).map((c) => [c.key, c]));
    return {
      ...base,
      root: chain.root,
      hasWords:
        recoveryOf(claims, chain.root) !== undefined || claims.some((c) => c.act === "rotate" && c.key === chain.root),
      devices: [
        ...valid.map((one) => stateOf(one, chain.device, false)),
        ...[...gone.values()].map((one) => stateOf(one, chain.device, true)),
      ],
    };
  };
  const find = (id: string): Result<DeviceState, Code> => {
    const found = list().devices.filter((one) => one.key.startsWith(id) && one.revoked === undefined);
    if (id === "" || found.length === 0)
      return fail("unknown-recipient", "There is no such device: `agora devices` shows the ids.");
    return found.length > 1 ? fail("ambiguous", "That id begins several keys: give more of it.") : ok(found[0]!);
  };

  /** Signs, keeps and tells; statements that are for some alone go to them, and are not kept in the home. */
  const state = async (claims: readonly KeyClaims[], signer: Signer | LaterSigner): Promise<Result<unknown, Code>> => {
    if (person === undefined) return fail("not-allowed", NO_ROOT);
    const made = await Promise.all(claims.map((one) => signStatement(one, signer)));
    const kept = await person.add(made.map(({ jws }) => jws));
    if (!kept.ok) return fail("disk", kept.message);
    for (const { jws } of made) keeper.take({ jws, by: myKey });
    const told = await tellRoom();
    await Promise.all(told.map((id) => kernel.outbox.settled(id, TOLD_WITHIN_MS)));
    return ok(undefined);
  };
  const toldNow = (device?: DeviceState): Result<DeviceResult, Code> =>
    ok({
      ...(device === undefined ? {} : { device }),
      state: kernel.connection().state === "joined" ? "relayed" : "queued",
    });

  /** Ends a member key: for all in the room's audience, and for the others in theirs, each in a copy of their own. */
  const end = async (key: string, root: Signer | LaterSigner, origin: string): Promise<Result<unknown, Code>> => {
    const last = lastEventsOf(store, key, verifier);
    const shared = last.filter(({ audience }) => audience === "*");
    const claims = { ...about(origin), act: "revoke", by: root.key, key } as const;
    // Before the room hears of it: by that alone nothing between the key and these members would count. Nothing of it is waited for.
    for (const one of last.filter(({ audience }) => audience !== "*")) {
      const { jws } = await signStatement({ ...claims, last: [...shared, one] }, root);
      keeper.take({ jws, by: myKey });
      const to = addressesOf(kernel, one.audience);
      const channel = one.audience.startsWith("#") ? one.audience.slice(1) : undefined;
      if (to.length === 0 && channel === undefined) continue; // it was between this person's own
      const copy = { role: "user", kind: "key", to, channel, body: jws, media: KEY_STATEMENT } as const;
      const names = to.map(({ member }) => member);
      const queued = await kernel.outbox.queue(kernel.events.make(copy), names, "");
      if (!queued.ok) return queued;
    }
    return state([{ ...claims, last: shared }], root);
  };
  return {
    list,
    areSeveral: () => list().devices.filter(({ revoked }) => revoked !== true).length > 1,
    async revoke(id) {
      const [found, root] = [find(id), person?.root];
      if (!found.ok) return found;
      if (root === undefined || person === undefined) return fail("not-allowed", NO_ROOT);
      const { key } = found.value;
      if (found.value.this === true)
        return fail(
          "not-allowed",
          "This is the device you are at: revoke it from another one, or with the recovery words.",
        );
      for (const member of membersOf(key)) {
        const ended = await end(member.key, root, person.origin);
        if (!ended.ok) return ended;
      }
      const claims = { ...about(person.origin), act: "revoke", by: root.key, key, last: [] } satisfies KeyClaims;
      const said = await state([claims], root);
      if (!said.ok) return said;
      const told = toldNow({ ...found.value, revoked: true });
      showRelay();
      return told;
    },
    async rotate() {
      const rotated = await rotateKey(kernel, keeper, person);
      return rotated.ok ? ok({ state: "queued" }) : rotated;
    },
    async rename(id, name) {
      const [found, root] = [find(id), person?.root];
      if (!found.ok) return found;
      if (root === undefined) return fail("not-allowed", NO_ROOT);
      if (name.trim() === "" || name.length > MAX_NAME_CHARS)
        return fail("bad-request", `A device's name has 1 to ${MAX_NAME_CHARS} characters.`);
      const cert = devicesOf(ring.claims(), root.key).find(({ key }) => key === found.value.key);
      if (cert === undefined) return fail("not-allowed", NO_ROOT);
      // The newest name counts: by a clock that was wrong, the last one may be ahead.
      const iat = Math.max(about(cert.origin).iat, newestIat(ring.claims(), cert) + 1);
      const said = await state([{ ...cert, iat, name: name.trim() }], root);
      return said.ok ? toldNow({ ...found.value, name: name.trim() }) : said;
    },
    async commit(hash) {
      const root = person?.root;
      if (root === undefined || person === undefined) return fail("not-allowed", NO_ROOT);
      if (!isKey(hash)) return fail("bad-request", "That is not the hash of a recovery key.");
      if (list().hasWords)
        return fail(
          "not-allowed",
          "There are recovery words already, and the first ones count: others would open nothing.",
        );
      const said = await state([{ ...about(person.origin), act: "recovery", by: root.key, hash }], root);
      return said.ok ? toldNow() : said;
    },
    async renewed() {
      const read = (await person?.reload()) ?? fail("not-allowed", NO_ROOT);
      if (!read.ok) return fail("disk", read.message);
      for (const jws of person!.statements()) keeper.take({ jws, by: myKey });
      const root = person!.root;
      if (root === undefined) return fail("not-allowed", NO_ROOT);
      void tellRoom();
      // What the old root certified elsewhere counts no more; what was said by it before, as far as it is known here, does.
      const mine = own()?.device;
      const others = ring.claims().filter((c): c is Certify => c.act === "certify" && c.as !== "device");
      for (const { key, name, by } of others) {
        if (by === mine || ring.chain(key, name, root.key) === undefined) continue;
        const ended = await end(key, root, person!.origin);
        if (!ended.ok) return ended;
      }
      const told = toldNow();
      showRelay();
      return told;
    },
  };
}

function newestIat(claims: readonly KeyClaims[], cert: Certify): number {
  return claims.reduce(
    (newest, c) => (c.act === "certify" && c.key === cert.key ? Math.max(newest, c.iat) : newest),
    0,
  );
}
