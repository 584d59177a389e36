// A member in a browser: the same room, handlers and folds as in the daemon, over this browser's database, keys and
// WebSocket.
import { createHandlers, createMember, openStoreOn } from "@agora/member";
import { argumentsOf } from "@agora/console-server/requests";
import type { Settings } from "@agora/user-config";
import { type Carrier, carryOut, type Handlers, type Session } from "@agora/ipc/carry-out";
import type { Push, RequestName } from "@agora/ipc/messages";
import { REQUESTS } from "@agora/ipc/requests";
import type { Log } from "@agora/ports";
import { scopedClock } from "@agora/ports/clock";
import { fail, type Facts, ok, type RelayAddress, type Result } from "@agora/protocol";
import { browserClock } from "./clock.ts";
import { createBrowserDial } from "./connection.ts";
import { type MemberDatabase, openMemberDatabase } from "./database.ts";
import { openBrowserDisk } from "./disk.ts";
import { openBrowserFiles } from "./files.ts";
import type { BrowserIdentity } from "./identities.ts";
import { browserInviteKeys, createBrowserVerifier } from "./keys.ts";
import { HISTORY_CHARS, MAX_FILE_BYTES, MAX_FILES_BYTES } from "./limits.ts";
import { createLaterSigner } from "./member-key.ts";
import { openBrowserPins } from "./pins.ts";
import { openBrowserRelayPins } from "./relay-pins.ts";
import { personsHandlers } from "./persons-handlers.ts";
import { createWriter } from "./writer.ts";

export interface BrowserMember {
  /** Makes a request as a person who clicks and types here. */
  request(name: RequestName, args: Readonly<Record<string, unknown>>): Promise<Result<unknown>>;
  upload(file: File): Result<string, "refused">;
  /** Where an event's file can be loaded from; undefined if it isn't here. */
  fileUrl(id: string): string | undefined;
  /**
   * Resolves once the relay has let this member in; fails with the relay's sentence if it refused for good, or when the time
   * is up.
   */
  ready(ms: number): Promise<Result<unknown>>;
  /** Leaves, and writes what is left. */
  close(): Promise<void>;
}

const PLACE = "this browser";
const CLIENT = "browser";
const NO_LOG: Log = { info: () => undefined, warn: () => undefined };

/** Opens the member's storage and dials. Only one tab may have it open. */
export async function openMember(options: {
  readonly identity: BrowserIdentity;
  readonly token: string;
  /** Keeps the grant by which the member was let in. */
  readonly keepToken?: (token: string) => Promise<Result<unknown>>;
  /** The relay's key, if an invite named it. */
  readonly relayKey?: string | undefined;
  readonly relay: RelayAddress;
  readonly version: string;
  readonly push: (push: Push) => void;
}): Promise<Result<BrowserMember, "disk">> {
  const { identity, relay, version, push } = options;
  const { room: roomName, name } = identity;
  const clock = scopedClock(browserClock);
  let db: MemberDatabase;
  try {
    db = await openMemberDatabase(roomName, name);
  } catch (error) {
    return fail("disk", `This browser does not open what it keeps of the room (${String(error)}): try again.`);
  }
  const writer = createWriter(db, browserClock);
  const disk = await openBrowserDisk(db, writer);
  if (disk.isNewer) {
    db.close();
    return fail("disk", "What this browser keeps was written by a newer version of this page: reload it.");
  }
  // If a key was used before and its journal is gone, its numbers start above all old ones.
  const seqBase = identity.isOld && disk.mark === undefined ? { seqBase: clock.now() } : {};
  const mark = disk.mark ?? { origin: relay.origin, room: roomName, name, ...seqBase };
  if (disk.mark === undefined) disk.noteRoom(mark);
  const verifier = createBrowserVerifier();
  const keep = { maxBytes: HISTORY_CHARS };
  const store = openStoreOn({ disk, place: PLACE, mark, clock, log: NO_LOG, hasher: verifier, keep });
  if (!store.ok) return store;
  const files = await openBrowserFiles(db, clock);

  const room = createMember(
    {
      project: { path: PLACE, name },
      folder: { path: PLACE },
      settings: settingsOf(identity, relay, options.token),
      store: store.value,
      pins: await openBrowserPins(db, writer),
      inviteKeys: browserInviteKeys,
      ...(options.keepToken === undefined ? {} : { keepToken: options.keepToken }),
      relayPins: await openBrowserRelayPins(db, writer, options.relayKey),
      signer: createLaterSigner(identity),
      ...(identity.person === undefined ? {} : { person: identity.person }),
      verifier,
      laterVerifier: verifier,
      dial: createBrowserDial(writer, clock),
      clock,
      log: NO_LOG,
      version,
    },
    {
      files,
      timersMayLag: true,
      facts: (): Facts => ({ kind: "person", client: CLIENT, mode: "manual", seats: [] }),
      keepPresence: () => Promise.resolve(),
    },
  );
  const handlers = createHandlers({
    room: () => Promise.resolve(room),
    version,
    pid: 0,
    startedAt: clock.now(),
    leave: () => Promise.resolve(),
    adapt: (all) => personsHandlers(room, all),
  });
  const { session, end } = createSession(push);
  const carrier = createCarrier(handlers, version);
  room.start();
  await carryOut("watch", {}, session, carrier);
  void carryOut("watchState", { via: "console" }, session, carrier);

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    end();
    room.stop();
    store.value.close();
    clock.end();
    await writer.close();
  };
  return ok({
    async request(name, args) {
      const allowed = argumentsOf(name, args, (upload) => upload);
      if (allowed === undefined) return fail("bad-request", "That is not in this console.");
      return carryOut(name, allowed, session, carrier);
    },
    upload: (file) => files.upload(file),
    fileUrl(id) {
      const file = room.files.stateOf(id);
      return file === undefined ? undefined : files.urlOf(file.sha256);
    },
    ready: (ms) => carryOut("ready", { timeoutMs: ms }, session, carrier),
    close: () => (closing ??= close()),
  });
}

function settingsOf({ room, name, root }: BrowserIdentity, relay: RelayAddress, token: string): Settings {
  return {
    relay,
    room,
    name,
    token,
    tokenFrom: "typed",
    ...(root === undefined ? {} : { root }),
    mode: "manual",
    hopLimit: 0,
    mentionMaxAgeMs: 0,
    chainBudget: CHAIN_BUDGET,
    maxFileBytes: MAX_FILE_BYTES,
    fileQuotaBytes: MAX_FILES_BYTES,
    share: { host: false, dir: false, branch: false, client: true, tool: true },
    notes: [],
  };
}

/** How many automatic turns others' agents may take for what a person said here: as many as a daemon allows. */
const CHAIN_BUDGET = 12;

function createCarrier(handlers: Handlers, version: string): Carrier {
  return {
    handlers: Promise.resolve(handlers),
    requests: REQUESTS,
    version,
    log: NO_LOG,
    gate: { pass: (_, work) => work() },
  };
}

function createSession(push: (push: Push) => void): { readonly session: Session; readonly end: () => void } {
  const closers = new Set<() => void>();
  let closed = false;
  return {
    session: {
      id: "browser",
      get closed() {
        return closed;
      },
      push,
      onClose(fn) {
        closers.add(fn);
        return () => void closers.delete(fn);
      },
    },
    end() {
      closed = true;
      for (const fn of closers) fn();
    },
  };
}
