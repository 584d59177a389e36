// A real relay and real rooms in one process: real sockets, real files, only the ipc is left out.
import { mkdtempSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimFolder, createRoom, findOwner, inviteKeys, openFolderAt, openPerson, openStore } from "@agora/daemon";
import { createHandlers, type Room, type Store } from "@agora/member";
import { findHome, type Home, keyPair, openPins, type Pins, type Settings } from "@agora/user-config";
import type { IpcCode, RequestArgs, RequestName, Results, Session } from "@agora/ipc";
import {
  type Clock,
  createDial,
  createLaterVerifier,
  createSigner,
  createVerifier,
  type Dial,
  generateKeyPair,
  type KeyPair,
  type Log,
  silentLog,
  systemClock,
} from "@agora/ports";
import { type LaterSigner, parseRelayAddress, type Result, type Signer } from "@agora/protocol";
import { DEFAULT_RELAY_CONFIG, type Relay, type RelayConfig, type RelayWorld, startRelay } from "@agora/relay";
import { ownPort } from "../own-port.ts";
import { PATIENCE_MS } from "../wait-until.ts";

export { until } from "../wait-until.ts";

export const TOKEN = "a-token-for-tests";

const RELAY_KEYS = generateKeyPair();

/** The value of a result; throws its sentence. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

/** Makes a request as whoever asks the daemon does: checked for who may, then carried out. */
export function request<N extends RequestName>(
  { room }: Pick<Member, "room">,
  name: N,
  args: RequestArgs<N>,
): Promise<Result<Results[N], IpcCode>> {
  const handlers = createHandlers({
    room: () => Promise.resolve(room),
    version: "test",
    startedAt: 0,
    leave: () => Promise.resolve(),
  });
  const handler: (args: RequestArgs<N>, session: Session) => Promise<Result<Results[N], IpcCode>> = handlers[name];
  return handler(args, ipcSession(name));
}

/** A relay on a port that stays free for its next life, which is given `port`. Its ring holds `ring` events; `root` is the lobby's root key. */
export async function openRelay(
  port = 0,
  ring = 2_000,
  root?: string,
  more: Partial<RelayConfig> = {},
  world: Partial<RelayWorld> = {},
): Promise<Relay> {
  const off = { burst: 0, perSecond: 0 };
  const limits = { ...DEFAULT_RELAY_CONFIG.limits, rate: { agent: off, user: off } };
  const rooms = new Map(root === undefined ? [] : [["lobby", root] as const]);
  const config = {
    ...DEFAULT_RELAY_CONFIG,
    port: port === 0 ? await ownPort() : port,
    token: TOKEN,
    limits,
    ring: { bytes: 4 * 1024 * 1024, events: ring },
    rooms,
    relayKey: RELAY_KEYS, // a relay that comes back at the same port is the same one
    ...more,
  };
  return startRelay(config, { clock: systemClock, log: silentLog, ...world });
}

/** What a room stands on, when it is not the real thing. */
export interface RoomWorld {
  readonly dial?: Dial;
  readonly log?: Log;
  /** The machine's clock, when it is wrong. */
  readonly clock?: Clock;
  /** This home has the room's root key: its member is the owner. */
  readonly owns?: boolean;
  /** Its person has keys, as in a real daemon; in this home, where it isn't the member's own. */
  readonly person?: true | Home;
  /** Its key pair, where that is not the home's. */
  readonly pair?: KeyPair;
  /** What its key is certified as. */
  readonly as?: "member" | "agent";
  /** Signs only after a while, as a browser's key does. */
  readonly signsLater?: boolean;
  /** Wraps the store: for a disk that fails, or to look on. */
  readonly store?: (store: Store) => Store;
}

/** A member's place on disk, which may be opened again and again. */
export interface Place {
  readonly dir: string;
  readonly name: string;
  open(port: number, settings?: Partial<Settings>, world?: RoomWorld): Promise<Member>;
  /** The journals go, the key stays, which is old. Nobody has the place open. */
  forgetJournals(port: number): void;
  /** Removes all. */
  remove(): void;
}

/** A room opened at a place. */
export interface Member extends AsyncDisposable {
  readonly room: Room;
  readonly store: Store;
  readonly pins: Pins;
  /** Ends without any goodbye to the journals, as kill -9 would: nothing is checkpointed. */
  crash(): void;
}

/** Makes a place for one member. */
export function makePlace(name: string): Place {
  const dir = mkdtempSync(join(tmpdir(), `agora-${name}-`));
  const path = join(dir, "project");
  mkdirSync(path);
  const home = findHome({ AGORA_HOME: join(dir, "home") });
  return {
    dir,
    name,
    forgetJournals(port) {
      const folder = must(openFolderAt(join(path, ".agora")));
      for (const file of readdirSync(folder.path))
        if (/\.jsonl$|^(?:checkpoint|room)\.json$/.test(file)) rmSync(join(folder.path, file));
      const { origin } = must(parseRelayAddress(`ws://127.0.0.1:${port}`));
      must(claimFolder(folder, { origin, room: "lobby", name }, Date.now(), 0));
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
    async open(port, more = {}, world = {}) {
      const { clock = systemClock } = world;
      const relay = must(parseRelayAddress(`ws://127.0.0.1:${port}`));
      // The origin names the port; a relay that comes back elsewhere is another one, so tests reopen the same port.
      const settings: Settings = {
        relay,
        room: "lobby",
        token: TOKEN,
        tokenFrom: "stored",
        name,
        mode: "manual",
        hopLimit: 3,
        mentionMaxAgeMs: 300_000,
        chainBudget: 12,
        share: { host: true, dir: true, branch: true, client: true, tool: true },
        notes: [],
        ...more,
      };
      const folder = must(openFolderAt(join(path, ".agora")));
      const claimed = must(claimFolder(folder, { origin: relay.origin, room: "lobby", name }, Date.now()));
      const opened = must(openStore({ folder, mark: claimed.mark, clock, log: silentLog }));
      const store = world.store?.(opened) ?? opened;
      const pins = must(await openPins(home, relay.origin, "lobby"));
      const own = must(await keyPair(home, { origin: relay.origin, room: "lobby", name }));
      const pair = world.pair === undefined ? own : { ...world.pair, at: 0 };
      const whose = { origin: relay.origin, room: "lobby", name, as: world.as ?? "member", sharesHost: false } as const;
      const persons = world.person === true ? home : world.person;
      const person = persons === undefined ? {} : { person: must(await openPerson(persons, whose, pair)) };
      const who = { room: "lobby", name, key: pair.key, root: settings.root };
      const owner = world.owns === true ? await findOwner(home, who) : undefined;
      const room = createRoom({
        owner,
        project: { path, name },
        settings,
        folder,
        store,
        pins,
        signer: world.signsLater === true ? later(createSigner(pair)) : createSigner(pair),
        ...person,
        verifier: createVerifier(),
        // What a scripted relay gives is looked for in the same moment.
        ...(world.dial === undefined ? { laterVerifier: createLaterVerifier() } : {}),
        inviteKeys,
        clock,
        log: world.log ?? silentLog,
        version: "test",
        dial: world.dial ?? createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS }),
      });
      room.start();
      let ended = false;
      return {
        room,
        store,
        pins,
        crash() {
          ended = true;
          room.stop();
          void pins.flush();
        },
        async [Symbol.asyncDispose]() {
          if (ended) return;
          room.stop();
          store.close();
          await pins[Symbol.asyncDispose]();
        },
      };
    },
  };
}

/** The machine's clock, off by what `ms` says at each moment. */
export function wrongClock(ms: () => number): Clock {
  return { ...systemClock, now: () => systemClock.now() + ms() };
}

/** The same key, with signatures that come out of their order. */
function later(signer: Signer): LaterSigner {
  return {
    key: signer.key,
    async signLater(text) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      return signer.sign(text);
    },
  };
}

/** An ipc session that nobody listens to. */
export function ipcSession(id: string): Session & { readonly end: () => void; readonly pushes: unknown[] } {
  const closing = new Set<() => void>();
  const pushes: unknown[] = [];
  let closed = false;
  return {
    id,
    pushes,
    get closed() {
      return closed;
    },
    push: (push) => void pushes.push(push),
    onClose(fn) {
      closing.add(fn);
      return () => void closing.delete(fn);
    },
    end() {
      closed = true;
      for (const fn of closing) fn();
    },
  };
}
