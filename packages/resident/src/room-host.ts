// One room the resident lives in: its settings, its pins, and the resident itself as a member that keeps the history. It
// claims a socket as a project's daemon does, so that two residents never write the same journals.
import { join } from "node:path";
import { readText } from "@agora/ports/read-text";
import {
  ensureFolder,
  type Env,
  fail,
  type Home,
  keyPair,
  ok,
  keepRelayKey,
  openPins,
  openRelayPins,
  resolveSettings,
  saveToken,
  type Settings,
} from "@agora/user-config";
import { lockWriter, openPerson } from "@agora/daemon";
import { takePlace } from "@agora/ipc";
import { createDial, fileLog, type Log } from "@agora/ports";
import { DEFAULT_LIMITS, type Result } from "@agora/protocol";
import { type LiveMember, openLiveMember, openMemberFolder, type Shared, type SharedRoom } from "./live-member.ts";

/** A room with the resident in it. */
export interface RoomHost extends SharedRoom, AsyncDisposable {
  readonly name: string;
  /** `<home>/resident/<room>`. */
  readonly path: string;
  /** Whether the resident is in the room. */
  readonly isJoined: () => boolean;
  /** The room's time, unix milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  /** Settles when it was asked to leave, or another resident took over. */
  readonly left: Promise<void>;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
const LEAVE_AFTER_MS = 50;

/** The folder of everything residents store. */
export function residentFolder(home: Home): string {
  return join(home.path, "resident");
}

/** One room's settings, from flags, environment and the home's files. */
export async function roomSettings(options: {
  readonly home: Home;
  readonly env: Env;
  readonly relay: string | undefined;
  readonly room: string | undefined;
  readonly name: string;
}): Promise<Result<Settings>> {
  const { home, env, relay, room, name } = options;
  const resolved = await resolveSettings({
    home,
    path: residentFolder(home),
    env,
    trustEnv: true,
    // No person is at a resident: what is addressed to it waits.
    typed: {
      name,
      mode: "manual",
      ...(relay === undefined ? {} : { relay }),
      ...(room === undefined ? {} : { room }),
    },
  });
  // There is no project to tell about.
  return resolved.ok
    ? ok({ ...resolved.value, share: { ...resolved.value.share, dir: false, branch: false } })
    : resolved;
}

/** Claims the room's socket, opens its memory and dials. `already-running`: another resident of this user has it. */
export async function openRoomHost(home: Home, settings: Settings, shared: Shared): Promise<Result<RoomHost>> {
  const name = settings.room;
  const parent = ensureFolder(residentFolder(home));
  if (!parent.ok) return parent;
  const path = join(residentFolder(home), name);
  const folder = openMemberFolder(path);
  if (!folder.ok) return folder;
  const log = fileLog(folder.value.log);
  const ca = readCa(settings.caFile);
  if (!ca.ok) return ca;

  let giveOwn: (own: LiveMember) => void = () => undefined;
  let failOwn: (error: Error) => void = () => undefined;
  const ready = new Promise<LiveMember>((resolve, reject) => {
    giveOwn = resolve;
    failOwn = reject;
  });
  const handlers = ready.then((own) => own.handlers);
  handlers.catch(() => undefined);
  const { version, clock } = shared;
  const server = await takePlace({ home, project: path, version, again: false, handlers, log, clock });
  const taken = fail("already-running", `Another resident of yours keeps the room ${name} already: stop it first.`);
  if (!server.ok) return server.code === "already-running" ? taken : server;
  let release = (): Promise<void> => Promise.resolve();
  const giveUp = async <T>(failure: Result<T> & { readonly ok: false }): Promise<typeof failure> => {
    failOwn(new Error(failure.message));
    await release();
    await server.value[Symbol.asyncDispose]();
    return failure;
  };

  // The socket decides among processes that see each other; the lock also among those that don't.
  const writer = await lockWriter(home, folder.value);
  if (!writer.ok) return giveUp(writer.code === "in-use" ? taken : writer);
  release = () => writer.value.release();
  const identity = { origin: settings.relay.origin, room: name, name: settings.name };
  const keys = await keyPair(home, identity);
  if (!keys.ok) return giveUp(keys);
  const whose = { ...identity, as: "member", sharesHost: settings.share.host } as const;
  const person = await openPerson(home, whose, keys.value);
  if (!person.ok) return giveUp(person);
  const pins = await openPins(home, identity.origin, name);
  if (!pins.ok) return giveUp(pins);
  if (settings.relayKey !== undefined) {
    const kept = await keepRelayKey(home, { origin: identity.origin, key: settings.relayKey });
    if (!kept.ok) return giveUp(kept);
  }
  const relayPins = openRelayPins(home, identity.origin, (message) => log.warn("relay-key-not-kept", { message }));
  if (!relayPins.ok) return giveUp(relayPins);
  const dial = createDial({
    maxFrameBytes: settings.maxPayloadBytes ?? DEFAULT_LIMITS.frameBytes * 2,
    handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
    ...(ca.value === undefined ? {} : { ca: [ca.value] }),
  });
  const room: SharedRoom = { settings, pins: pins.value, relayPins: relayPins.value, dial };
  let settleLeft: () => void = () => undefined;
  const left = new Promise<void>((resolve) => {
    settleLeft = resolve;
  });
  const own = openLiveMember(
    {
      folder: folder.value,
      settings,
      keys: keys.value,
      person: person.value,
      facts: { kind: "agent", status: "keeps the room's history" },
      log,
      keepToken: (token) => saveToken(home, { origin: identity.origin, room: name, token }),
      leave: () => {
        shared.clock.after(LEAVE_AFTER_MS, settleLeft);
        return Promise.resolve();
      },
      handOver: (to) => {
        log.info("handing-over", { to });
        void server.value.drain().then(settleLeft);
        return Promise.resolve();
      },
    },
    shared,
    room,
  );
  if (!own.ok) {
    await pins.value[Symbol.asyncDispose]();
    return giveUp(own);
  }
  void server.value.replaced.then(settleLeft);
  void writer.value.taken.then(settleLeft);
  giveOwn(own.value);
  log.info("resident-started", { pid: process.pid, version: shared.version, room: name });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await own.value[Symbol.asyncDispose]();
    await pins.value[Symbol.asyncDispose]();
    await release();
    await server.value[Symbol.asyncDispose]();
    log.info("resident-left");
  };
  const { room: live } = own.value;
  const isJoined = (): boolean => live.connection().state === "joined";
  const now = (): number => live.roomTime.now();
  return ok({ ...room, name, path, isJoined, now, log, left, [Symbol.asyncDispose]: () => (closing ??= close()) });
}

function readCa(path: string | undefined): Result<string | undefined, "bad-file"> {
  if (path === undefined) return ok(undefined);
  try {
    return ok(readText(path));
  } catch {
    return fail(
      "bad-file",
      `The file of certificate authorities ${path} can't be read: correct caFile in the settings.`,
    );
  }
}
