// The promise of the whole, walked at random: members speak, lose their connection, die without a checkpoint and come back, the
// relay dies and comes back. Afterwards nothing is lost or there twice, all agree on one order, and nobody holds what was not for them.
// AGORA_MODEL_STEPS says how long a walk is, AGORA_MODEL_SEED walks one again; timers and sockets stay real.
import { type Connection, createDial, type Dial } from "@agora/ports";
import { compareStamps, DELIVERY_STATES, newId } from "@agora/protocol";
import type { Relay } from "@agora/relay";
import { isRestamp } from "@agora/member";
import { afterEach, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { type Member, makePlace, openRelay, type Place } from "./fixture.ts";

const STEPS = Number(process.env["AGORA_MODEL_STEPS"] ?? 80);
const SEEDS = process.env["AGORA_MODEL_SEED"]?.split(",").map(Number) ?? [1, 2, 3];
const NAMES = ["alice", "bob", "carol"];
const RING = 10;
/** Everybody is back: so soon everything is as it should be. */
const STORED = DELIVERY_STATES.indexOf("stored");

const dialForReal = createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS });

/** Chance from a seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface Said {
  readonly id: string;
  readonly author: string;
  readonly to: readonly string[];
}

/** An event as one member's journal has it. */
interface Kept extends Said {
  readonly stamp: string;
}

/** A room of all names, and what it was told to do. */
class World {
  readonly said: Said[] = [];
  readonly trace: string[] = [];
  readonly #places = new Map<string, Place>(NAMES.map((name) => [name, makePlace(name)]));
  readonly #members = new Map<string, Member>();
  readonly #begun: Promise<unknown>[] = [];
  readonly #connections = new Map<string, Connection>();
  #relay: Relay | undefined;
  #port = 0;

  async startRelay(): Promise<void> {
    if (this.#relay !== undefined) return;
    this.#relay = await openRelay(this.#port, RING);
    this.#port = this.#relay.port;
  }

  async stopRelay(): Promise<void> {
    const relay = this.#relay;
    this.#relay = undefined;
    await relay?.close();
  }

  async open(name: string): Promise<void> {
    if (this.#members.has(name)) return;
    const dial: Dial = (url, events) => {
      const connection = dialForReal(url, events);
      this.#connections.set(name, connection);
      return connection;
    };
    this.#members.set(name, await this.#places.get(name)!.open(this.#port, {}, { dial }));
  }

  /** The connection breaks; what was under way is gone. */
  cut(name: string): void {
    this.#connections.get(name)?.close(4999, "cut");
  }

  crash(name: string): void {
    this.#members.get(name)?.crash();
    this.#members.delete(name);
  }

  /** Says something; what was not accepted before a crash may arrive or not. */
  async say(name: string, to: readonly string[], wait: boolean): Promise<void> {
    const member = this.#members.get(name);
    if (member === undefined) return;
    const speaking = say(member.room, { via: "cli", text: `by ${name} ${newId()}`, to: [...to] }, undefined).then(
      (result) => {
        if (result.ok) this.said.push({ id: result.value.id, author: name, to });
      },
    );
    this.#begun.push(speaking);
    if (wait) await speaking;
  }

  async settle(): Promise<void> {
    await this.startRelay();
    for (const name of NAMES) await this.open(name);
    await Promise.all(this.#begun);
  }

  /** What a member's journal holds, each with the stamp that counts. */
  kept(name: string): Kept[] {
    const kept: Kept[] = [];
    const restamps = new Map<string, string>();
    for (const { value } of this.#members.get(name)!.store.history.from(0)) {
      if (isRestamp(value)) restamps.set(value.restamp, value.stamp);
      else {
        const to = value.to.map((address) => address.slice(1));
        kept.push({ id: value.id, author: value.author, to, stamp: value.stamp });
      }
    }
    return kept.map((k) => ({ ...k, stamp: restamps.get(k.id) ?? k.stamp }));
  }

  /** What is not as promised, in words. */
  faults(): string[] {
    const journals = new Map(NAMES.map((name) => [name, this.kept(name)]));
    return [...this.#misplaced(journals), ...misordered(journals), ...this.#unconfirmed()];
  }

  *#misplaced(journals: ReadonlyMap<string, readonly Kept[]>): Iterable<string> {
    for (const [name, kept] of journals) {
      const ids = new Set(kept.map((k) => k.id));
      if (ids.size < kept.length) yield `${name} has ${kept.length - ids.size} events twice`;
      for (const k of kept) if (!isFor(k, name)) yield `${name} has ${k.id}, which is for ${k.to.join()}`;
      for (const s of this.said)
        if (isFor(s, name) && !ids.has(s.id)) yield `${name} lacks ${s.id} by ${s.author} to ${s.to.join() || "all"}`;
    }
  }

  *#unconfirmed(): Iterable<string> {
    for (const { id, author, to } of this.said) {
      const own = this.#members.get(author)!.store.state.outbox[id];
      for (const name of to) {
        const state = own?.recipients[name]?.state ?? "queued";
        if (DELIVERY_STATES.indexOf(state) < STORED) yield `${author} thinks that ${id} is ${state} at ${name}`;
      }
    }
  }

  async close(): Promise<void> {
    for (const name of [...this.#members.keys()]) this.crash(name);
    await this.stopRelay();
    for (const place of this.#places.values()) place.remove();
  }
}

function isFor({ author, to }: Said, name: string): boolean {
  return to.length === 0 || author === name || to.includes(name);
}

function inOrder(kept: readonly Kept[]): string[] {
  return kept.toSorted((a, b) => compareStamps(a.stamp, b.stamp) || (a.id < b.id ? -1 : 1)).map((k) => k.id);
}

/** Of what two members both have, each has the same order. */
function* misordered(journals: ReadonlyMap<string, readonly Kept[]>): Iterable<string> {
  for (const [a, ofA] of journals) {
    for (const [b, ofB] of journals) {
      if (a >= b) continue;
      const [inA, inB] = [new Set(ofA.map((k) => k.id)), new Set(ofB.map((k) => k.id))];
      const first = inOrder(ofA.filter((k) => inB.has(k.id)));
      const second = inOrder(ofB.filter((k) => inA.has(k.id)));
      const at = first.findIndex((id, i) => second[i] !== id);
      if (at >= 0) yield `${a} and ${b} differ in their order from ${first[at]} on`;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One step of a walk. */
async function step(world: World, random: (below: number) => number): Promise<void> {
  const name = NAMES[random(NAMES.length)]!;
  const others = NAMES.filter((n) => n !== name);
  const action = random(22);
  world.trace.push(`${name} ${action}`);
  if (action < 6) await world.say(name, [], action < 4);
  else if (action < 11) await world.say(name, random(3) === 0 ? others : [others[random(others.length)]!], action < 9);
  else if (action < 12) for (let n = 0; n < 2 * RING; n += 1) await world.say(name, [], true);
  else if (action < 14) world.crash(name);
  else if (action < 17) await world.open(name);
  else if (action === 17) await world.stopRelay();
  else if (action === 18) await world.startRelay();
  else if (action > 19) world.cut(name);
  await pause(random(action === 19 ? 1_000 : 60));
}

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

test.each(SEEDS)(
  "whatever dies, nothing is lost, nothing is twice, all agree and know (AGORA_MODEL_SEED=%i)",
  async (seed) => {
    const random = chance(seed);
    world = new World();
    await world.settle();
    await pause(500); // the members know each other
    for (let n = 0; n < STEPS; n += 1) await step(world, random);
    await world.settle();
    const end = Date.now() + PATIENCE_MS;
    let faults = world.faults();
    while (faults.length > 0 && Date.now() < end) {
      await pause(100);
      faults = world.faults();
    }
    expect({ seed, faults, trace: faults.length > 0 ? world.trace : [] }).toEqual({ seed, faults: [], trace: [] });
    expect(world.said.length).toBeGreaterThan(STEPS / 10);
  },
  STEPS * 2_000 + 60_000,
);
