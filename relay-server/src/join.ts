// Joining a room: entitlement, the room, then the name; entering is the next step.
import { CLOSE_CODES, type Join, REPLACE_PING_MS, ENDED_DEVICE, type SignedEvent } from "@agora/protocol";
import type { Admission } from "./admission.ts";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import { checkControl } from "./control-check.ts";
import { enter, rankOf } from "./enter.ts";
import type { Entitlement } from "./grants.ts";
import { enterLobby, lacksMaker, misplacedKnock } from "./lobby.ts";
import { JOIN_REFUSALS, refuseHaste, refuseJoin } from "./refuse-join.ts";
import { closeWithoutGrantIn } from "./upkeep.ts";
import type { Room } from "./room.ts";
import { mayShare } from "./share-name.ts";
import { keysIn, type ShownChain, shownChain } from "./shown-chain.ts";

/** Handles a `join`. [JOIN-1] */
export async function join(relay: RelayContext, from: Connection, frame: Join): Promise<void> {
  const { room: roomName } = frame;
  const { name, key } = from.identity!;
  if (from.member(roomName) !== undefined || from.guest(roomName) !== undefined) {
    return from.refuse("forbidden", "This connection is in the room already.", { room: roomName });
  }
  from.joins();
  const wait = relay.joinRate.take(key);
  if (wait > 0) return refuseHaste(relay, from, roomName, wait);
  if (!relay.grants.serves(roomName)) return refuseJoin(relay, from, roomName, JOIN_REFUSALS.unknownRoom);
  const misplaced = misplacedKnock(frame);
  if (misplaced !== undefined) return refuseJoin(relay, from, roomName, JOIN_REFUSALS.badToken, misplaced);
  if (frame.knock === true) return await knockAt(relay, from, frame);
  const { token, proof } = frame;
  let chain: ShownChain | undefined;
  const shown = (): ShownChain => (chain ??= shownChain(frame.chain, { room: roomName, name, key }, relay.verifier));
  // A grant that is bound to one device of a person admits the others. [DEVICE-12]
  const kin = (): readonly string[] => keysIn(shown(), name, relay.verifier);
  const entry = { token, proof, greeting: from.greeting };
  const admitted = relay.grants.admit(roomName, entry, { name, key, kin });
  if (!admitted.ok) return refuseJoin(relay, from, roomName, JOIN_REFUSALS.badToken, admitted.message);
  const operator = frame.grant === undefined ? undefined : relay.grants.shown(roomName, frame.grant, name, key);
  const admission: Admission = { frame, entitlement: admitted.value, operator, shown: shown() };
  const room = await openRoom(relay, from, roomName, admission.entitlement);
  if (room === undefined) return;
  adoptOffered(relay, room, frame.controls ?? []);
  // One at a time per name, so that a claim is never released by the holder of an older one.
  await relay.joinTurns.run(`${roomName} ${name}`, () => enterByName(relay, from, admission));
}

async function enterByName(relay: RelayContext, from: Connection, admission: Admission): Promise<void> {
  const { name, key } = from.identity!;
  const roomName = admission.frame.room;
  const refuse = (why: keyof typeof JOIN_REFUSALS, sentence?: string): void =>
    refuseJoin(relay, from, roomName, JOIN_REFUSALS[why], sentence);
  for (;;) {
    // While this waited, the room may have been closed because it was empty, and another one opened.
    const room = await openRoom(relay, from, roomName, admission.entitlement);
    if (room === undefined || !from.isOpen) return;
    const older = room.members.of(name).find((device) => device.key === key);
    if (older !== undefined) {
      // Only a dead connection gives way to a newer one of the same key. [JOIN-5]
      if (await older.connection.probe(REPLACE_PING_MS)) return refuse("nameTaken");
      if (room.members.has(older)) older.connection.close(CLOSE_CODES.replaced);
      continue;
    }
    const { shown } = admission;
    // None of its person's devices needs to be here still. [DEVICE-2]
    if (shown.root !== undefined && room.persons.hasEnded(name, shown.root, [key, shown.device ?? key]))
      return refuse("nameTaken", ENDED_DEVICE);
    const shares = mayShare({ key, name, shown }, room.members.of(name), relay.verifier); // [JOIN-4]
    if (shares !== "yes") return refuse("nameTaken", shares === "ended" ? ENDED_DEVICE : undefined);
    // The name stays that of whoever has it, by the root that was shown first: another one may have taken its place since.
    const owner = room.members.of(name)[0]?.held.owner ?? shown.root ?? key;
    const held = await relay.names.take(roomName, name, key, owner);
    if (!held.ok) return refuse("busy");
    if (held.value === undefined) return refuse("nameTaken");
    const entered = await enter(relay, from, room, held.value, admission);
    if (entered === "entered") return;
    relay.names.release(held.value);
    if (entered !== "closed") return refuse(entered);
    if (!from.isOpen) return;
  }
}

/** Asks to be let in. [LOBBY-2] */
async function knockAt(relay: RelayContext, from: Connection, { room: name, token = "" }: Join): Promise<void> {
  const grant = relay.grants.lobby(name, token);
  if (!grant.ok) return refuseJoin(relay, from, name, JOIN_REFUSALS.badToken, grant.message);
  // Anybody can sign a link for a device: it must open no room.
  const lacking = lacksMaker(relay.rooms.get(name), grant.value);
  if (lacking !== undefined) return refuseJoin(relay, from, name, JOIN_REFUSALS.badToken, lacking);
  const room = await openRoom(relay, from, name, { role: "observer" });
  if (room !== undefined) enterLobby(relay, from, room, grant.value);
}

/** The room to join; undefined if that isn't possible, in which case the client has been told. */
async function openRoom(
  relay: RelayContext,
  from: Connection,
  name: string,
  entitlement: Entitlement,
): Promise<Room | undefined> {
  const { key } = from.identity!;
  const opened = await relay.rooms.open(name, { key, address: from.address, rank: rankOf(relay, key, entitlement) });
  if (opened.ok) return opened.value;
  const why = opened.code === "too-many-rooms" ? JOIN_REFUSALS.tooManyRooms : JOIN_REFUSALS.busy;
  refuseJoin(relay, from, name, why);
  return undefined;
}

/** Adopts the controls a newcomer knows of; invalid ones are skipped. [CONTROL-4] */
function adoptOffered(relay: RelayContext, room: Room, offered: readonly SignedEvent[]): void {
  for (const signed of offered) {
    if (room.controls.has(signed)) continue;
    const checked = checkControl(relay, room.name, signed);
    if (!checked.ok || !room.controls.adopt(checked.value)) continue;
    relay.log.info("control adopted", { room: room.name });
    if (checked.value.control.act === "revoke") closeWithoutGrantIn(relay, room);
  }
}
