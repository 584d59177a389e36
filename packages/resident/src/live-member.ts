// One member of one room, alive without a project: its folder, its journals and its own link to the relay, made of the same
// parts as a project's daemon.
import { claimFolder, createRoom, type Folder, inviteKeys, openFolderAt, openPerson, openStore } from "@agora/daemon";
import { createHandlers, type PersonKeys, retentionOf, type Room, type Store } from "@agora/member";
import type { Home, MemberKey, Pins, RelayPins, Settings } from "@agora/user-config";
import type { Handlers } from "@agora/ipc";
import { type Clock, createSigner, type Dial, type KeyPair, type Log } from "@agora/ports";
import { type Facts, type LaterVerifier, ok, type Result, type Verifier } from "@agora/protocol";

/** What all members in this process share. */
export interface Shared {
  readonly clock: Clock;
  readonly version: string;
  readonly verifier: Verifier;
  readonly laterVerifier?: LaterVerifier;
}

/** What all members of one room share in addition. */
export interface SharedRoom {
  readonly settings: Settings;
  readonly pins: Pins;
  /** What is stored about the relay's key. */
  readonly relayPins: RelayPins;
  readonly dial: Dial;
}

/** Which member to run, and where. */
export interface LiveMemberOptions {
  readonly folder: Folder;
  readonly settings: Settings;
  readonly keys: KeyPair;
  readonly person?: PersonKeys;
  readonly facts: Partial<Facts>;
  readonly log: Log;
  /** Keeps the grant by which it was let in. */
  readonly keepToken?: (token: string) => Promise<Result<unknown>>;
  /** Called when it is asked to leave for good. */
  readonly leave: () => Promise<void>;
  /** Called when it is asked to make room for a newer version. */
  readonly handOver?: (to: string) => Promise<void>;
}

/** A member that has a link and answers requests. Disposing it leaves the room and closes the journals. */
export interface LiveMember extends AsyncDisposable {
  readonly room: Room;
  readonly store: Store;
  readonly handlers: Handlers;
}

/** The person whose member this is, here without a machine's name: what certifies the key of one that lives in this process. */
export function personOfMember(
  home: Home,
  identity: { readonly origin: string; readonly room: string; readonly name: string },
  as: "member" | "agent",
  keys: MemberKey,
): Promise<Result<PersonKeys>> {
  return openPerson(home, { ...identity, as, sharesHost: false }, keys);
}

/** Creates (or finds) a member's folder. */
export function openMemberFolder(path: string): Result<Folder, "disk"> {
  return openFolderAt(path);
}

/** Opens the journals and dials. Nobody else may have this folder open. */
export function openLiveMember(
  options: LiveMemberOptions,
  shared: Shared,
  { pins, relayPins, dial }: Pick<SharedRoom, "pins" | "relayPins" | "dial">,
): Result<LiveMember, "disk"> {
  const { folder, settings, log } = options;
  const { clock, version, verifier, laterVerifier } = shared;
  const { name, room: roomName } = settings;
  const claimed = claimFolder(folder, { origin: settings.relay.origin, room: roomName, name }, clock.now());
  if (!claimed.ok) return claimed;
  const opened = openStore({ folder, mark: claimed.value.mark, clock, log, keep: retentionOf(settings) });
  if (!opened.ok) return opened;
  const store = opened.value;
  const room = createRoom({
    project: { path: folder.path, name },
    settings,
    facts: options.facts,
    folder,
    store,
    pins,
    relayPins,
    signer: createSigner(options.keys),
    ...(options.person === undefined ? {} : { person: options.person }),
    verifier,
    ...(laterVerifier === undefined ? {} : { laterVerifier }),
    dial,
    inviteKeys,
    ...(options.keepToken === undefined ? {} : { keepToken: options.keepToken }),
    clock,
    log,
    version,
  });
  const handlers = createHandlers({
    room: () => Promise.resolve(room),
    version,
    startedAt: clock.now(),
    leave: options.leave,
    ...(options.handOver === undefined ? {} : { handOver: options.handOver }),
  });
  room.start();
  let closed = false;
  return ok({
    room,
    store,
    handlers,
    [Symbol.asyncDispose]() {
      if (!closed) {
        closed = true;
        room.stop();
        store.close();
      }
      return Promise.resolve();
    },
  });
}
