// The gateway's members: opened at their first request, kept in the room while they are used, released when idle or when
// their credentials end. A member stays joined between its requests: what is said to the whole room reaches only those
// present, and when a member that had left comes back, an author's laptop may be shut.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ensureFolder, fail, type Home, keyPair, ok, roomRoot, signGrant } from "@agora/user-config";
import { type Clock, fileLog, type Log } from "@agora/ports";
import { type Facts, isMemberName, type Result } from "@agora/protocol";
import type { GatewayConfig } from "../config.ts";
import { JOIN_WAIT_MS, MAILBOX_AGE_MS } from "../limits.ts";
import { openLiveMember, openMemberFolder, personOfMember, type Shared } from "../live-member.ts";
import type { RoomHost } from "../room-host.ts";
import { createGatewayMember, type GatewayMember } from "./member.ts";
import { type MemberFacts, readMemberFacts } from "./member-file.ts";
import type { Authenticator, Principal } from "./principal.ts";

export interface GatewayMembers extends AsyncDisposable {
  /** The member for these credentials, opened if necessary. */
  open(principal: Principal): Promise<Result<GatewayMember>>;
  /** Brings back the members that were here when the process ended. */
  restore(): Promise<void>;
  /** Looks for members that are idle, have too long a history, or are no longer entitled. */
  care(): Promise<void>;
  readonly count: number;
}

type Who = Pick<Principal, "name" | "room" | "person" | "grant">;

/** After a relay's refusal, the relay isn't asked again before this. */
const REFUSED_MS = 10_000;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Creates the list of members, empty. */
export function createGatewayMembers(options: {
  readonly home: Home;
  readonly rooms: readonly RoomHost[];
  readonly config: GatewayConfig;
  readonly shared: Shared;
  readonly auth: Authenticator;
  readonly log: Log;
}): GatewayMembers {
  const { rooms, config, shared, auth } = options;
  const { clock } = shared;
  const here = new Map<string, GatewayMember>();
  const opening = new Map<string, Promise<Result<GatewayMember>>>();
  const ending = new Map<string, Promise<void>>();
  const refused = new Map<string, { readonly until: number; readonly message: string }>();
  let closed = false;
  const keyOf = (who: Pick<Who, "name" | "room">): string => `${who.room}/${who.name}`;

  const end = (key: string): Promise<void> => {
    const member = here.get(key);
    if (member === undefined) return ending.get(key) ?? Promise.resolve();
    here.delete(key);
    const gone = Promise.resolve(member[Symbol.asyncDispose]()).finally(() => ending.delete(key));
    ending.set(key, gone);
    return gone;
  };

  const begin = async (host: RoomHost, who: Who, patient: boolean): Promise<Result<GatewayMember>> => {
    if (who.name === host.settings.name) {
      return fail("taken", `@${who.name} is the resident itself: the member needs a name of its own.`);
    }
    const others = new Set([...here.keys(), ...opening.keys()].filter((key) => key.startsWith(`${who.room}/`)));
    others.delete(keyOf(who));
    if (others.size >= config.maxMembers) {
      return fail("full", `${config.maxMembers} members are the most that this gateway keeps in a room.`);
    }
    const parent = ensureFolder(join(host.path, "members"));
    if (!parent.ok) return parent;
    const folder = openMemberFolder(join(host.path, "members", who.name));
    if (!folder.ok) return folder;
    const { path } = folder.value;
    const identity = { origin: host.settings.relay.origin, room: who.room, name: who.name };
    // Its own key, in its own folder: the same name may be a project's member on this machine, with another key.
    const keys = await keyPair({ path }, identity);
    if (!keys.ok) return keys;
    const pinned = host.pins.get(who.name)?.key;
    if (pinned !== undefined && pinned !== keys.value.key) {
      return fail("taken", `@${who.name} is known in the room by a key of its own: use another name at the gateway.`);
    }
    // An agent at the gateway is certified as one: what only persons decide is not taken from it. [KEYCHAIN-10]
    const person = await personOfMember(options.home, identity, who.person ? "member" : "agent", keys.value);
    if (!person.ok) return person;
    const token = await relayToken(options.home, host, who, keys.value.key);
    if (!token.ok) return token;
    const before = readMemberFacts(path);
    const facts: MemberFacts = {
      cursor: before?.cursor ?? 0,
      ...(before?.generation === undefined ? {} : { generation: before.generation }),
      usedAt: patient ? clock.now() : (before?.usedAt ?? clock.now()),
      person: who.person,
      ...(who.grant === undefined ? {} : { grant: who.grant }),
    };
    const log = fileLog(folder.value.log);
    const live = openLiveMember(
      {
        folder: folder.value,
        settings: {
          ...host.settings,
          name: who.name,
          token: token.value,
          // No person accepts items for an agent's mailbox: the brakes decide what it may act on.
          mode: who.person ? "manual" : "auto",
          mentionMaxAgeMs: MAILBOX_AGE_MS,
          maxFileBytes: 0,
          historyMaxBytes: Math.min(config.keepBytes, host.settings.historyMaxBytes ?? Infinity),
          share: { host: false, dir: false, branch: false, client: false, tool: false },
        },
        keys: keys.value,
        person: person.value,
        facts: presenceOf(host, who),
        log,
        leave: () => Promise.resolve(),
      },
      shared,
      host,
    );
    if (!live.ok) return live;
    const made = await createGatewayMember({
      name: who.name,
      room: who.room,
      key: keys.value.key,
      live: live.value,
      folder: path,
      facts,
      clock,
      log,
    });
    if (!made.ok) {
      await live.value[Symbol.asyncDispose]();
      return made;
    }
    const member = made.value;
    const kept = await member.acknowledge(0); // writes the facts down
    if (!kept.ok || closed) {
      await member[Symbol.asyncDispose]();
      return kept.ok ? fail("gone", "The gateway is stopping.") : kept;
    }
    here.set(keyOf(who), member);
    if (patient) await settled(member, clock);
    return ok(member);
  };

  /**
   * Never twice at once, nor before the previous one has let go: two with the same journals would give two events the same
   * number.
   */
  const open = (who: Who, patient: boolean): Promise<Result<GatewayMember>> => {
    const key = keyOf(who);
    const under = opening.get(key);
    if (under !== undefined) return under;
    const known = here.get(key);
    if (known !== undefined) return Promise.resolve(ok(known));
    const host = rooms.find((room) => room.name === who.room);
    if (closed || host === undefined) return Promise.resolve(fail("gone", "The gateway is stopping."));
    const left = ending.get(key) ?? Promise.resolve();
    const begun = left.then(() => begin(host, who, patient)).finally(() => opening.delete(key));
    opening.set(key, begun);
    return begun;
  };

  return {
    get count() {
      return here.size;
    },
    async open(principal) {
      const key = keyOf(principal);
      const wait = refused.get(key);
      if (wait !== undefined && clock.steady() < wait.until && principal.grant === undefined)
        return fail("refused", wait.message);
      const known = here.get(key);
      if (known !== undefined && isOutdated(known, principal)) await end(key);
      const opened = await open(principal, true);
      if (!opened.ok) return opened;
      const { connection } = opened.value;
      if (connection.state !== "refused") return opened;
      // Not entitled, or the name belongs to another: then its mail isn't for this caller either.
      await end(key);
      const message = `The room did not take @${principal.name} in: ${connection.reason ?? "the relay refused"}.`;
      refused.delete(key);
      refused.set(key, { until: clock.steady() + REFUSED_MS, message });
      if (refused.size > config.maxMembers * 4) refused.delete(refused.keys().next().value!);
      return fail("refused", message);
    },
    async restore() {
      for (const host of rooms) {
        for (const name of namesIn(join(host.path, "members"))) {
          const facts = readMemberFacts(join(host.path, "members", name));
          if (facts === undefined || isIdle(facts.usedAt, config, clock)) continue;
          const grant = facts.grant;
          const entitled = grant === undefined ? auth.isKnown(name, host.name) : (await auth.check(grant.jwt)).ok;
          if (!entitled) continue;
          const who: Who = { name, room: host.name, person: facts.person, ...(grant === undefined ? {} : { grant }) };
          const opened = await open(who, false);
          if (!opened.ok) options.log.warn("member-not-restored", { name, message: opened.message });
        }
      }
    },
    async care() {
      for (const [key, member] of here) {
        const { grant, room } = member;
        const entitled = grant === undefined ? auth.isKnown(member.name, room) : auth.isInTime(room, grant);
        if (!entitled || (member.streams === 0 && isIdle(member.usedAt, config, clock))) {
          options.log.info("member-left", { name: member.name, why: entitled ? "idle" : "not entitled any more" });
          await end(key);
        }
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.allSettled(opening.values());
      for (const key of here.keys()) await end(key);
      await Promise.allSettled(ending.values());
    },
  };
}

/** Whether a member must be reopened for these credentials: a newer grant, or a person's token instead of an agent's. */
function isOutdated(member: GatewayMember, { person, grant }: Principal): boolean {
  if (member.person !== person) return true;
  if (grant === undefined || grant.jwt === member.grant?.jwt) return false;
  return member.grant === undefined ? false : grant.iat > member.grant.iat || member.connection.state === "refused";
}

function isIdle(usedAt: number, { idleMs }: GatewayConfig, clock: Clock): boolean {
  return idleMs !== undefined && clock.now() - usedAt > idleMs;
}

function presenceOf(host: RoomHost, who: Who): Partial<Facts> {
  return { kind: who.person ? "person" : "agent", owner: host.settings.name, client: "via gateway" };
}

/** What opens the room at the relay: the member's own grant, one we can sign, or the room's shared token. */
async function relayToken(home: Home, host: RoomHost, who: Who, key: string): Promise<Result<string>> {
  if (who.grant !== undefined) return ok(who.grant.jwt);
  const { token, root } = host.settings;
  const own = roomRoot(home, who.room);
  // Bound to the member's key, kept only in memory: it may last as long as the member.
  if (own.ok && own.value.key === root) {
    const signed = await signGrant(home, { room: who.room, grant: "member", sub: who.name, key });
    return signed.ok ? ok(signed.value.jwt) : signed;
  }
  if (!JWT.test(token)) return ok(token);
  return fail(
    "refused",
    `The room ${who.room} is entered with grants, and this machine can't sign one: let @${who.name} send its own grant as the bearer.`,
  );
}

/** Resolves when the member has joined or was refused, or after a while. */
function settled(member: GatewayMember, clock: Clock): Promise<void> {
  const isSettled = (): boolean => member.connection.state === "joined" || member.connection.state === "refused";
  if (isSettled()) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      off();
      cancel();
      resolve();
    };
    const off = member.on("connection", () => {
      if (isSettled()) finish();
    });
    const cancel = clock.after(JOIN_WAIT_MS, finish);
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(isMemberName);
  } catch {
    return [];
  }
}
