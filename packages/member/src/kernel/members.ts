// Who is in the room, as the relay tells it, and who was: the pinned keys. What is known is kept for others to read, coalesced.
import type { DeviceHere, Member } from "@agora/ipc";
import type { Pin, Pins } from "@agora/user-config";
import type { Clock, Log } from "@agora/ports";
import { harmlessLine, type Presence, type PresentDevice, safeJson } from "@agora/protocol";
import { type Came, type CameBy, cameBy } from "./came.ts";
import { type Gone, type GoneBy, isNews } from "./gone.ts";

export interface Members {
  /** The relay's whole list, at joining. */
  replace(members: readonly Presence[]): void;
  /** Lines that changed. */
  update(members: readonly Presence[]): void;
  /** Nobody is known to be online: the relay is away. */
  clear(): void;
  get(name: string): Presence | undefined;
  /** The id of the grant that a key came in with under this name; undefined: by a token, or not known. */
  grantIdOf(name: string, key: string): string | undefined;
  /** The members that were seen to come with this grant. */
  byGrant(grantId: string): readonly { readonly name: string; readonly key: string }[];
  /** Whether the member is here under the key it was pinned by. */
  isHere(name: string): boolean;
  /** Every name a message can be addressed to: here now, or pinned. */
  names(): readonly string[];
  /** The device that a member is here with under this key. */
  device(name: string, key: string): PresentDevice | undefined;
  /** Whether the relay says that this member only looks on. */
  isObserver(name: string, key: string): boolean;
  /** The devices that a member is here with, as surfaces show them; undefined: not several. */
  devices(name: string): readonly DeviceHere[] | undefined;
  online(): readonly string[];
  /** The others who are here under the key they were pinned by. */
  others(): Iterable<Presence>;
  /** A member said or confirmed something. */
  heard(name: string): void;
  list(): readonly Member[];
}

const WRITE_WITHIN_MS = 200;
/** Members that are here, whatever the relay tells. */
const MAX_HERE = 2_000;
/** Members who are away and are still listed: of a kind those known longest, so that nobody's many names hide them. */
const MAX_AWAY = 1_000;
/** Nothing heard of a member for this long shows as idle. */
const IDLE_MS = 15 * 60_000;

/** Creates the list; `cameBack` is called for each member that was away and is here, under the key it was pinned by. */
export function createMembers(options: {
  readonly me: string;
  readonly myKey: string;
  readonly pins: Pins;
  /** By which grants members came, and what keeps one more of them. */
  readonly came: CameBy;
  readonly noteCame: (came: Came) => void;
  /** Who left when, and what keeps one more leaving. */
  readonly gone: GoneBy;
  readonly noteGone: (gone: Gone) => void;
  /** Keeps the list, as JSON for people. */
  readonly keep: (text: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether an operator holds this member. */
  readonly isPaused: (name: string) => boolean;
  readonly cameBack: (member: Presence) => void;
  /** What its person calls the device of a member key. */
  readonly deviceName: (name: string, key: string) => string | undefined;
  /** The relay tells a line: asked before its key is compared. */
  readonly introduced: (member: Presence) => void;
  /** The same, after that. */
  readonly met: (member: Presence) => void;
}): Members {
  const { pins, clock, log, me, myKey, came } = options;
  let here = new Map<string, Presence>();
  const heardAt = new Map<string, number>();
  /** Who was here when the relay was last heard, under which key. */
  const lastHere = new Map<string, string>();
  let cancelWrite: (() => void) | undefined;

  const writeSoon = (): void => {
    cancelWrite ??= clock.after(WRITE_WITHIN_MS, () => {
      cancelWrite = undefined;
      const text = `${safeJson({ at: clock.now(), members: list() }, 2)}\n`;
      options.keep(text).catch((error: unknown) => log.warn("presence", { message: String(error) }));
    });
  };
  const see = (presence: Presence): void => {
    const { name } = presence;
    for (const device of devicesIn(presence)) {
      options.introduced({ ...presence, ...device });
      const { key, grantId } = device;
      if (grantId !== undefined && cameBy(came, name, key)?.grantId !== grantId)
        options.noteCame({ name, key, grantId });
    }
    if (presence.name === me) return;
    const verdict = pins.pin(presence.name, presence.key, "presence");
    if (verdict === "changed") log.warn("key-changed", { name: presence.name });
    options.met(presence);
  };
  const left = (name: string, key: string): void => {
    lastHere.delete(name);
    const gone = { name, key, at: clock.now() };
    if (name !== me && isNews(options.gone, gone)) options.noteGone(gone);
  };
  const isPinned = (p: Presence): boolean =>
    p.name === me ? devicesIn(p).some(({ key }) => key === myKey) : pins.get(p.name)?.key === p.key;
  const list = (): readonly Member[] => {
    const names = new Set([...here.keys(), me, ...away()]);
    return [...names].sort().map((name) => toMember(name, here.get(name)));
  };
  /** Who spoke or was addressed comes before whom the relay or another member only named. */
  const away = (): readonly string[] => {
    const [spoke, named]: [string[], string[]] = [[], []];
    for (const [name, { only }] of pins.all()) (only === undefined ? spoke : named).push(name);
    return [...spoke, ...named].slice(0, MAX_AWAY);
  };
  const devices = (name: string): readonly DeviceHere[] | undefined => {
    const present = here.get(name)?.devices ?? [];
    if (present.length < 2) return undefined;
    return present.map(({ key, since, facts }) => {
      const [called, host] = [text(options.deviceName(name, key)), text(facts?.host)];
      return {
        key,
        ...(called === undefined ? {} : { name: called }),
        ...(host === undefined ? {} : { host }),
        since,
        ...(key === myKey ? { this: true as const } : {}),
      };
    });
  };
  const toMember = (name: string, p: Presence | undefined): Member => {
    const facts = p?.facts;
    const several = devices(name);
    const told = {
      owner: text(facts?.owner),
      client: text(facts?.client),
      host: text(facts?.host),
      dir: text(facts?.dir),
      branch: text(facts?.branch),
      status: text(facts?.status),
    };
    return {
      name,
      you: name === me,
      online: p?.online ?? false,
      key: p?.key ?? pins.get(name)?.key ?? myKey,
      seats: facts?.seats ?? [],
      ...(several === undefined ? {} : { devices: several }),
      ...(p?.channels === undefined ? {} : { channels: p.channels }),
      ...(p === undefined ? awaySince(name) : { since: p.since }),
      ...(p?.grant === undefined ? {} : { grant: p.lead === true ? ("lead" as const) : p.grant }),
      ...(facts?.kind === undefined ? {} : { kind: facts.kind }),
      ...(facts?.mode === undefined ? {} : { mode: facts.mode }),
      ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
      ...(p !== undefined && name !== me && isIdle(name) ? { idle: true as const } : {}),
      ...personOf(pins.get(name)),
      ...(options.isPaused(name) ? { paused: true as const } : {}),
      ...(p !== undefined && !isPinned(p) ? { keyChanged: true } : {}),
    };
  };

  const awaySince = (name: string): Pick<Member, "awaySince"> => {
    const gone = Object.hasOwn(options.gone, name) ? options.gone[name] : undefined;
    return gone === undefined || gone.key !== pins.get(name)?.key ? {} : { awaySince: gone.at };
  };
  const isHere = (name: string): boolean => {
    const p = here.get(name);
    return p !== undefined && isPinned(p);
  };
  const cameBack = (name: string): void => {
    const member = here.get(name);
    if (member !== undefined && isHere(name)) options.cameBack(member);
  };

  const device = (name: string, key: string): PresentDevice | undefined => {
    const presence = here.get(name);
    return presence === undefined ? undefined : devicesIn(presence).find((one) => one.key === key);
  };
  const isIdle = (name: string): boolean => clock.now() - (heardAt.get(name) ?? 0) > IDLE_MS;

  return {
    heard(name) {
      if (here.has(name)) heardAt.set(name, clock.now());
    },
    replace(members) {
      const before = here;
      here = new Map(
        members
          .filter((m) => m.online)
          .slice(0, MAX_HERE)
          .map((m) => [m.name, m]),
      );
      for (const name of heardAt.keys()) if (!here.has(name)) heardAt.delete(name);
      for (const [name, key] of lastHere) if (!here.has(name)) left(name, key);
      for (const { name, key } of here.values()) lastHere.set(name, key);
      for (const m of here.values()) {
        see(m);
        if (!heardAt.has(m.name)) heardAt.set(m.name, clock.now());
      }
      writeSoon();
      for (const name of here.keys()) if (!before.has(name) && name !== me) cameBack(name);
    },
    update(members) {
      const back: string[] = [];
      for (const m of members) {
        if (m.online && here.size >= MAX_HERE && !here.has(m.name)) continue;
        see(m);
        const before = here.get(m.name);
        if (!m.online) {
          here.delete(m.name);
          left(m.name, m.key);
        } else {
          here.set(m.name, m);
          lastHere.set(m.name, m.key);
          heardAt.set(m.name, clock.now()); // it told something of itself
        }
        if (m.online && m.name !== me && (before === undefined || before.key !== m.key || before.since !== m.since))
          back.push(m.name);
      }
      writeSoon();
      for (const name of back) cameBack(name);
    },
    clear() {
      here = new Map();
      writeSoon();
    },
    get: (name) => here.get(name),
    grantIdOf: (name, key) => cameBy(came, name, key)?.grantId,
    byGrant: (grantId) => Object.values(came).filter((one) => one.grantId === grantId),
    isHere,
    device,
    devices,
    isObserver: (name, key) => device(name, key)?.grant === "observer",
    *others() {
      for (const [name, member] of here) if (name !== me && isHere(name)) yield member;
    },
    names: () => [...new Set([...here.keys(), ...pins.all().keys()])].filter((n) => n !== me),
    online: () => [...here.keys()].sort(),
    list,
  };
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : harmlessLine(value, 80);
}

/** Whose key a name has, as far as it was shown. */
function personOf(pin: Pin | undefined): Pick<Member, "root" | "verified"> {
  if (pin?.root === undefined) return {};
  return { root: pin.root, ...(pin.verified === pin.root ? { verified: true as const } : {}) };
}

/** The devices that a member is here with. [DEVICE-5] */
export function devicesIn(presence: Presence): readonly PresentDevice[] {
  return presence.devices ?? [presence];
}
