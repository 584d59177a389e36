// What is promised of a room of persons when all is well again, as faults in words: besides what is promised of any room, a person is one
// on all devices, what was revoked or removed counts nowhere, and all agree on who is who.
import { isDeepStrictEqual } from "node:util";
import type { Store } from "@agora/member";
import { DELIVERY_STATES } from "@agora/protocol";
import { brakesOf } from "./controls-in-force.ts";
import { headsIn, type Kept } from "./heads.ts";
import type { ModelMember } from "./member.ts";
import type { PersonsWorld } from "./persons-network.ts";
import { contradictory, FOLDED, misordered, misremembered } from "./promises.ts";

/**
 * What was heard before its key was revoked stays in the journal, marked. Whose key it was a journal does not say where the device was
 * revoked before it had told so: what it tells afterwards is not kept, though it is believed.
 */
const REVOKED = new Set(["ended-key", "another-key"]);
/** Who is in a thread stands in the order in which it was learnt, which journals that are read one after the other don't tell. */
const REMEMBERED = FOLDED.filter((part) => part !== "threads");
const STORED = DELIVERY_STATES.indexOf("stored");

type Journals = ReadonlyMap<ModelMember, readonly Kept[]>;

/** What is not as promised now. */
export function faultsOf(world: PersonsWorld): string[] {
  const members = world.live.map(({ member }) => member);
  const journals: Journals = new Map(members.map((m) => [m, m.store === undefined ? [] : headsIn(m.store)]));
  const stamps = members.map(
    (m) => [m.label, journals.get(m)!.map(({ head, stamp }) => ({ id: head.id, stamp }))] as const,
  );
  const faults = [
    ...stuck(members),
    ...world.undone(),
    ...misplaced(world, journals),
    ...misordered(new Map(stamps)),
    ...unconfirmed(world),
    ...disunited(members),
    ...miscounted(world, journals),
    ...mistaken(world, members),
    ...divided(world, members),
    ...misremembered({ members }, REMEMBERED),
  ];
  return faults.length > 0 ? faults : [...contradictory({ members, root: world.root.key }, REVOKED)];
}

function* stuck(members: readonly ModelMember[]): Iterable<string> {
  for (const { label, room, store } of members) {
    const { state = "away", reason = "" } = room?.connection() ?? {};
    if (state !== "joined") yield `${label} is ${state}: ${reason}`;
    for (const event of Object.values(store?.state.outbox ?? {}))
      if (event.state === "queued") yield `${label} still has ${event.id} to send: ${room?.outbox.waits(event.id)}`;
  }
}

function stateOf(store: Store | undefined, id: string): string | undefined {
  return store?.state.outbox[id]?.state;
}

/** What was said by who belongs to the room is once with each device it is for, its author's others among them. */
function* misplaced(world: PersonsWorld, journals: Journals): Iterable<string> {
  const said = world.said.filter(
    ({ id, device }) => world.live.includes(device) && stateOf(device.member.store, id) !== "rejected",
  );
  for (const [member, kept] of journals) {
    const ids = new Set(kept.map(({ head }) => head.id));
    if (ids.size < kept.length) yield `${member.label} has ${kept.length - ids.size} events twice`;
    for (const { head } of kept)
      if (
        !isFor(
          member.name,
          head.author,
          head.to.map((to) => to.member),
        ) &&
        head.channel === undefined
      )
        yield `${member.label} has ${head.id}, which is for ${head.to.map((to) => to.member).join()}`;
    for (const { id, device, to } of said)
      if (isFor(member.name, device.member.name, to) && !ids.has(id))
        yield `${member.label} lacks ${id} by ${device.member.label} to ${to.join() || "all"}`;
  }
}

function isFor(name: string, author: string, to: readonly string[]): boolean {
  return to.length === 0 || author === name || to.includes(name);
}

function* unconfirmed({ said, live, removed }: PersonsWorld): Iterable<string> {
  for (const { id, device, to } of said) {
    const { store, label } = device.member;
    const own = store?.state.outbox[id];
    if (!live.includes(device) || own?.state === "rejected") continue;
    for (const name of to) {
      const state = own?.recipients[name]?.state ?? "queued";
      if (!removed.has(name) && DELIVERY_STATES.indexOf(state) < STORED)
        yield `${label} thinks that ${id} is ${state} at ${name}`;
    }
  }
}

/** All obey the same words of the operator. */
function* disunited([first, ...rest]: readonly ModelMember[]): Iterable<string> {
  const brakes = brakesOf(first?.store);
  for (const { label, store } of rest)
    if (!isDeepStrictEqual(brakesOf(store), brakes))
      yield `${label} obeys ${JSON.stringify(brakesOf(store))}, ${first?.label} ${JSON.stringify(brakes)}`;
}

/** Of a revoked device counts what its person knew of, everywhere, and nothing that was said after that. */
function* miscounted(world: PersonsWorld, journals: Journals): Iterable<string> {
  for (const { member: revoked, revocation } of world.devices) {
    if (revocation?.doneAt === undefined) continue;
    const keys = revoked.home!.keys;
    const after = world.said.filter(({ device, at }) => device.member === revoked && at > revocation.doneAt!);
    const late = new Set(after.map(({ id }) => id));
    const known = new Map(
      [...journals.values()].flat().flatMap(({ head }) => (revocation.known.has(head.id) ? [[head.id, head]] : [])),
    );
    for (const [member, kept] of journals) {
      const counting = new Set(
        kept.flatMap(({ head, counts }) => (counts && keys.includes(head.key) ? [head.id] : [])),
      );
      for (const id of late)
        if (counting.has(id)) yield `${member.label} counts ${id}, said on ${revoked.label} after it was revoked`;
      for (const [id, { author, to, channel, kind }] of known)
        if (
          channel === undefined &&
          kind !== "self" &&
          !counting.has(id) &&
          isFor(
            member.name,
            author,
            to.map((one) => one.member),
          )
        )
          yield `${member.label} does not count ${id} (${kind}), said on ${revoked.label} before it was revoked`;
    }
  }
}

/** Everybody knows every device that is a person's, and none that is no more. */
function* mistaken(world: PersonsWorld, members: readonly ModelMember[]): Iterable<string> {
  for (const { label, name, room } of members) {
    if (room === undefined) continue;
    for (const device of world.devices) {
      const { member, revocation } = device;
      if (world.removed.has(member.name)) continue;
      const isLive = revocation === undefined;
      for (const key of member.home!.keys) {
        const kinship = room.hooks.kinship(member.name, key);
        const isCurrent = isLive && key === member.pair.key;
        if ((kinship === "current") !== isCurrent)
          yield `${label} takes the key ${key} of ${member.label} for ${kinship ?? "a stranger's"}`;
      }
    }
    const loud = room.sentences().filter((words) => /another (?:root )?key|agora trust/.test(words));
    for (const words of loud) yield `${label} (${name}) is told: ${words}`;
  }
}

/** Devices of one person are told and know the same. */
function* divided(world: PersonsWorld, members: readonly ModelMember[]): Iterable<string> {
  const [first, ...others] = members.filter(({ name, store }) => name === "bob" && store !== undefined);
  if (first === undefined) return;
  for (const other of others) {
    yield* ofOwnState(first, other);
    yield* ofDeliveries(world, first, other);
  }
  for (const member of [first, ...others])
    for (const [id, { revocation }] of world.answered)
      if (revocation === undefined && member.store!.state.inbox[id] !== undefined)
        yield `${member.label} still waits for an answer to ${id}`;
}

function* ofOwnState(one: ModelMember, other: ModelMember): Iterable<string> {
  const [mine, theirs] = [one, other].map(({ store }) =>
    Object.fromEntries(Object.entries(store!.state.ownState).map(([what, { value }]) => [what, value])),
  );
  if (!isDeepStrictEqual(mine, theirs))
    yield `${one.label} keeps ${JSON.stringify(mine)} of its person, ${other.label} ${JSON.stringify(theirs)}`;
  const [here, there] = [one, other].map(({ room }) => [...(room?.channels.names() ?? [])].sort().join());
  if (here !== there) yield `${one.label} is in ${here || "no channel"}, ${other.label} in ${there || "none"}`;
}

function* ofDeliveries({ said, live }: PersonsWorld, one: ModelMember, other: ModelMember): Iterable<string> {
  const of = ({ store }: ModelMember, id: string): Record<string, string> | undefined => {
    const { outbox, sentElsewhere } = store!.state;
    const sent = outbox[id] ?? sentElsewhere[id];
    return sent && Object.fromEntries(Object.entries(sent.recipients).map(([name, { state }]) => [name, state]));
  };
  for (const { id, device, to } of said) {
    if (!live.includes(device) || device.member.name !== one.name || to.length === 0) continue;
    const [here, there] = [of(one, id), of(other, id)];
    if (here !== undefined && there !== undefined && !isDeepStrictEqual(here, there))
      yield `${id} is ${JSON.stringify(here)} by ${one.label} and ${JSON.stringify(there)} by ${other.label}`;
  }
}
