// What every feature stands on: the journals and their order, the way in and out, who is here, the clock. It knows no feature;
// what they do at its events stands in hooks.ts.
import type { Pins, Settings } from "@agora/user-config";
import type { ConnectionState, IpcCode } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { scopedClock } from "@agora/ports/clock";
import {
  DEFAULT_LIMITS,
  type Facts,
  type RoomRole,
  type Limits,
  type OpenEvent,
  type Result,
  type Verifier,
} from "@agora/protocol";
import { connectionOf } from "./connection-state.ts";
import { createEventFactory, type EventFactory } from "./event-factory.ts";
import { type AllHooks, createHooks } from "./hooks.ts";
import { createKeeping } from "./keeping.ts";
import { createMembers, type Members } from "./members.ts";
import type { MemberOptions, World } from "./member-options.ts";
import { createNotices, type Notices } from "./notices.ts";
import { createOutbox, type Outbox } from "./outbox/outbox.ts";
import { createPersons, type Persons } from "./persons.ts";
import { pinsOfPersons } from "./pins-of-persons.ts";
import { post, type Posted } from "./post.ts";
import { createReceipts, type Receipts } from "./receipts.ts";
import { createRoomListeners, type RoomListeners } from "./room-listeners.ts";
import { createRoomTime, type RoomTime } from "./room-time.ts";
import { createStampIndex, type StampIndex } from "./stamp-index.ts";
import type { Store } from "./store.ts";

/** The kernel as features use it. */
export interface Kernel {
  /** This member's name and key, its project's path or what stands for it, its room and the origin of its relay. */
  readonly me: string;
  readonly myKey: string;
  /** Whether a key is this member's on this device, or was before another one took its place. */
  readonly isMyKey: (key: string) => boolean;
  readonly project: string;
  readonly room: string;
  readonly relay: string;
  readonly options: MemberOptions;
  readonly world: World;
  readonly settings: Settings;
  readonly store: Store;
  readonly pins: Pins;
  readonly verifier: Verifier;
  readonly clock: Clock;
  /** The relay's clock, by which is counted what all have to see alike. */
  readonly roomTime: RoomTime;
  readonly log: Log;
  readonly random: () => number;
  readonly hooks: AllHooks;
  readonly link: () => Link;
  readonly members: Members;
  readonly outbox: Outbox;
  readonly events: EventFactory;
  readonly receipts: Receipts;
  readonly stamps: StampIndex;
  readonly notices: Notices;
  readonly on: RoomListeners["on"];
  readonly tell: RoomListeners["tell"];
  readonly limits: () => Limits;
  /** The role by which the relay let this member in. */
  readonly grant: () => RoomRole | undefined;
  /** The relay's key, once it has proved one. */
  readonly relayKey: () => string | undefined;
  /** The room's root key; of a room without one, its relay's is the root. [GRANT-6] */
  readonly root: () => string | undefined;
  /** The key of a member, this one's own among them, as far as it is known. */
  readonly keyOf: (name: string) => string | undefined;
  /** Whether the relay said that it has this feature. */
  readonly hasFeature: (feature: string) => boolean;
  readonly persons: Persons;
  /** Whether somebody is here under this key by that role. */
  readonly isHereAs: (name: string, key: string, role: RoomRole) => boolean;
  /** The member whose person answers for this one: its owner, as it tells the room, else itself. */
  readonly human: () => string;
  /** What presence tells has changed. */
  readonly factsSoon: () => void;
  readonly connection: () => ConnectionState;
  /** What the person should know now. */
  readonly sentences: () => readonly string[];
  /** No timer of this member fires any more. */
  readonly end: () => void;
  /** Posts an event of our own; see post.ts. */
  readonly post: (
    event: OpenEvent,
    to: readonly string[],
    preview: string,
    onQueued?: () => void,
  ) => Promise<Result<Posted, Extract<IpcCode, "disk" | "not-allowed">>>;
}

/** What the kernel comes to know when it runs. */
export interface KernelState {
  features: readonly string[];
  /** The connection as the lobby has it, while this member is not let in. */
  inLobby: (connection: ConnectionState) => ConnectionState;
  limits: Limits;
  grant: RoomRole | undefined;
  link: Link | undefined;
  relayKey: () => string | undefined;
  /** What this member told of itself last, or would tell now. */
  facts: () => Facts;
  factsSoon: () => void;
  /** What was given up since nobody took it in, as sentences. */
  givenUp: () => readonly string[];
}

/**
 * Makes a kernel in any world, and what the link will know of its relay; run-kernel.ts makes it run. Until then nothing is sent, and
 * no hook is called.
 */
export function createKernel(
  options: MemberOptions,
  world: World,
): { readonly kernel: Kernel; readonly state: KernelState } {
  const { store, log, settings, project, signer, verifier, random = Math.random } = options;
  const clock = scopedClock(options.clock);
  const me = project.name;
  const { room } = settings;
  const state: KernelState = {
    limits: DEFAULT_LIMITS,
    features: [],
    inLobby: (connection) => connection,
    grant: undefined,
    link: undefined,
    relayKey: () => undefined,
    facts: () => ({ kind: "agent", mode: "manual", seats: [] }),
    factsSoon: () => undefined,
    givenUp: () => [],
  };
  const link = (): Link => state.link!;
  const hooks = createHooks();
  const pins = pinsOfPersons(options.pins, hooks);
  const { on, tell } = createRoomListeners();
  store.onChange(tell.change);
  const notices = createNotices(tell.change);
  const keepClock = (off: number): void => void store.in({ op: "clock", off });
  const roomTime = createRoomTime({ clock, off: store.state.clockOff, keep: keepClock });
  const keyOf = (name: string): string | undefined => (name === me ? signer.key : pins.get(name)?.key);
  const base = { store, link, room, clock, roomTime, log, me, myKey: signer.key, keyOf, pins, verifier };
  const myKeys = new Set([signer.key, ...(options.person?.former ?? []).map(({ key }) => key)]);
  const persons = createPersons({ me, myKey: signer.key, hooks });
  const receipts = createReceipts({
    ...base,
    hasOtherDevices: () => (members.get(me)?.devices ?? []).some(({ key }) => key !== signer.key),
  });
  const members = createMembers({
    ...base,
    keep: world.keepPresence,
    came: store.state.came,
    noteCame: (came) => void store.in({ op: "came", ...came }),
    gone: store.state.gone,
    noteGone: (gone) => void store.in({ op: "gone", ...gone }),
    isPaused: (name) => hooks.heldBack(name) !== undefined,
    deviceName: (name, key) => hooks.deviceName(name, key),
    introduced: (member) => hooks.tell((h) => h.introduced?.(member)),
    met: (member) => hooks.tell((h) => h.met?.(member)),
    cameBack: (member) => hooks.tell((h) => h.memberBack?.(member)),
  });
  const events = createEventFactory({ ...base, persons, signer });
  const outbox = createOutbox({
    ...base,
    persons,
    kept: createKeeping({ ...base, members, hooks, tell }),
    ...("sign" in signer ? {} : { signer }),
    isInChannel: (channel, name) => members.get(name)?.channels?.includes(channel) === true,
    here: () => members.others(),
    voidSeq(refused) {
      const event = events.makeVoid(refused);
      if (event !== undefined) void outbox.queue(event, [], "");
    },
  });
  hooks.add({
    memberBack({ name, key }) {
      outbox.deliverTo(name, key);
      receipts.tell(name);
    },
  });
  const isHereAs = (name: string, key: string, role: RoomRole): boolean => members.device(name, key)?.grant === role;
  const kernel: Kernel = {
    ...base,
    isMyKey: (key) => myKeys.has(key),
    persons,
    project: project.path,
    relay: settings.relay.origin,
    options,
    world,
    settings,
    random,
    hooks,
    members,
    outbox,
    events,
    receipts,
    stamps: createStampIndex(store, (text) => verifier.sha256(text)),
    notices,
    on,
    tell,
    limits: () => state.limits,
    grant: () => state.grant,
    relayKey: () => state.relayKey(),
    root: () => settings.root ?? options.owner?.root ?? state.relayKey(),
    isHereAs,
    hasFeature: (feature) => state.features.includes(feature),
    human: () => state.facts().owner ?? me,
    factsSoon() {
      state.factsSoon();
      tell.change();
    },
    connection() {
      const where = { relay: settings.relay.origin, room, name: me };
      const out = hooks.out();
      if (out !== undefined) return { state: "refused", ...where, reason: out };
      return state.inLobby(connectionOf(link().state, where, (why) => hooks.ended(why)));
    },
    sentences: () => [...notices.list(), ...(world.notices?.() ?? []), ...state.givenUp(), ...hooks.notices()],
    end: () => clock.end(),
    post: (event, to, preview, onQueued) => post({ outbox, store }, event, to, preview, onQueued),
  };
  return { kernel, state };
}
