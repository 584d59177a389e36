// What is promised of a room when everybody is back, as faults in words: nothing lost, nothing twice, one order, nobody holds what was
// not for them, authors know, brakes are one, and what is in memory is what the journals fold to.
import { isDeepStrictEqual } from "node:util";
import type { Store } from "@agora/member";
import { compareStamps, DELIVERY_STATES } from "@agora/protocol";
import { isRestamp, verifyRecord } from "@agora/member";
import { brakesOf } from "./controls-in-force.ts";
import type { Said, World } from "./test-network.ts";
import { verifier } from "./verifier.ts";

interface Kept extends Said {
  readonly stamp: string;
}

const STORED = DELIVERY_STATES.indexOf("stored");
/** What journals fold to, whatever checkpoint was read. */
export const FOLDED = [
  "marks",
  "seqs",
  "lastHeads",
  "outbox",
  "inbox",
  "controls",
  "given",
  "chains",
  "threads",
  "ordinal",
  "stamp",
] as const;

/** What a member's journal holds, each with the stamp that counts. */
export function keptIn(store: Store): Kept[] {
  const kept: Kept[] = [];
  const restamps = new Map<string, string>();
  for (const { value } of store.history.from(0)) {
    if (isRestamp(value)) restamps.set(value.restamp, value.stamp);
    else
      kept.push({
        id: value.id,
        author: value.author,
        to: value.to.map((address) => address.slice(1)),
        stamp: value.stamp,
      });
  }
  return kept.map((k) => ({ ...k, stamp: restamps.get(k.id) ?? k.stamp }));
}

function isFor({ author, to }: Said, name: string): boolean {
  return to.length === 0 || author === name || to.includes(name);
}

/** What is not as promised now. */
export function faultsOf(world: World): string[] {
  const journals = new Map(world.members.map((m) => [m.name, m.store === undefined ? [] : keptIn(m.store)]));
  const faults = [
    ...stuck(world),
    ...misplaced(world, journals),
    ...misordered(journals),
    ...unconfirmed(world),
    ...disunited(world),
    ...misremembered(world),
  ];
  return faults.length > 0 ? faults : [...contradictory(world)];
}

function* stuck({ members }: World): Iterable<string> {
  for (const { name, room, store } of members) {
    const state = room?.connection().state;
    if (state !== "joined") yield `${name} is ${state ?? "away"}`;
    for (const event of Object.values(store?.state.outbox ?? {}))
      if (event.state === "queued") yield `${name} still has ${event.id} to send: ${room?.outbox.waits(event.id)}`;
  }
}

function* misplaced({ members, said }: World, journals: ReadonlyMap<string, readonly Kept[]>): Iterable<string> {
  for (const [name, kept] of journals) {
    const ids = new Set(kept.map((k) => k.id));
    if (ids.size < kept.length) yield `${name} has ${kept.length - ids.size} events twice`;
    for (const k of kept) if (!isFor(k, name)) yield `${name} has ${k.id}, which is for ${k.to.join()}`;
    for (const s of said) {
      const isRejected = members.find((m) => m.name === s.author)?.store?.state.outbox[s.id]?.state === "rejected";
      if (!isRejected && isFor(s, name) && !ids.has(s.id))
        yield `${name} lacks ${s.id} by ${s.author} to ${s.to.join() || "all"}`;
    }
  }
}

/** Of what two members both have, each has the same place. */
export function* misordered(journals: ReadonlyMap<string, readonly Pick<Kept, "id" | "stamp">[]>): Iterable<string> {
  const stamps = new Map<string, { readonly name: string; readonly stamp: string }>();
  for (const [name, kept] of journals) {
    for (const { id, stamp } of kept) {
      const other = stamps.get(id);
      if (other === undefined) stamps.set(id, { name, stamp });
      else if (compareStamps(other.stamp, stamp) !== 0)
        yield `${id} has the stamp ${other.stamp} at ${other.name} and ${stamp} at ${name}`;
    }
  }
}

function* unconfirmed({ members, said }: World): Iterable<string> {
  for (const { id, author, to } of said) {
    const own = members.find((m) => m.name === author)?.store?.state.outbox[id];
    if (own?.state === "rejected") continue;
    for (const name of to) {
      const state = own?.recipients[name]?.state ?? "queued";
      if (DELIVERY_STATES.indexOf(state) < STORED) yield `${author} thinks that ${id} is ${state} at ${name}`;
    }
  }
}

/** All obey the same words of the operator, and count the same of each other's talk. */
function* disunited({ members }: World): Iterable<string> {
  const [first, ...rest] = members;
  const brakes = brakesOf(first?.store);
  for (const { name, store } of rest)
    if (!isDeepStrictEqual(brakesOf(store), brakes))
      yield `${name} obeys ${JSON.stringify(brakesOf(store))}, ${first?.name} ${JSON.stringify(brakes)}`;
}

/** Faults of a journal that are nobody's doing: what a relay's or a machine's clock did to the order is no contradiction. */
const OF_CLOCKS = new Set(["out-of-order"]);

/** Every member's journal verifies, as whoever reads it does; it is a walk over all of it, so only once all else is well. */
export function* contradictory(
  { members, root }: Pick<World, "members" | "root">,
  known: ReadonlySet<string> = new Set(),
): Iterable<string> {
  for (const { label: name, store } of members) {
    const lines = [...(store?.history.from(0) ?? [])].map(({ position, value }) => ({
      where: `${name} ${position}`,
      text: JSON.stringify(value),
    }));
    for (const { code, where, message } of verifyRecord(lines, { verifier, root }).faults)
      if (!OF_CLOCKS.has(code) && !known.has(code)) yield `${where}: ${message}`;
    for (const { author } of Object.values(store?.state.conflicts ?? {}))
      yield `${name} thinks that ${author} told two stories`;
  }
}

/** What is in memory is what the journals fold to. */
export function* misremembered(
  { members }: Pick<World, "members">,
  parts: readonly (typeof FOLDED)[number][] = FOLDED,
): Iterable<string> {
  for (const member of members) {
    if (member.store === undefined) continue;
    const { state } = member.reread();
    for (const part of parts)
      if (!isDeepStrictEqual(state[part], member.store.state[part]))
        yield `${member.label}'s ${part}: in memory ${JSON.stringify(member.store.state[part])}, folded ${JSON.stringify(state[part])}`;
  }
}
