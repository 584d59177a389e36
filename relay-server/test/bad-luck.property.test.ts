// Whatever luck the ports have, slow, failing, answering out of order, deaf for a while: members that do as the protocol says lose
// nothing, hear everything once and in one order, and each author's events stand in the order they were said in.
import { generateKeyPair, systemClock } from "@agora/ports";
import { compareStamps, type FromRelay, type SignedEvent } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { until } from "../../test/wait-until.ts";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { memoryPorts } from "../src/memory/ports.ts";
import type { Relay } from "../src/relay.ts";
import { type Chance, ChancePorts, chanceOf } from "./ports/chance.ts";
import { openRelay, RawMember, TOKEN } from "./raw-member.ts";

const ROOM = "lobby";
const MEMBERS = ["alice", "bob", "carol"];
const TEXTS_EACH = 12;

type EventFrame = Extract<FromRelay, { type: "event" }>;
type StampedFrame = Extract<FromRelay, { type: "stamped" }>;

/** One connection as its member saw it. */
interface Sight {
  readonly joined: Extract<FromRelay, { type: "joined" }>;
  /** Stamps and events, in the order they came. */
  readonly frames: (EventFrame | StampedFrame)[];
}

const idOf = (event: Pick<SignedEvent, "head">): string => (JSON.parse(event.head) as { id: string }).id;

/** A member that follows the protocol: it keeps what it says until it is stamped, and comes back. */
class Honest {
  readonly said: string[] = [];
  readonly stamps = new Map<string, string>();
  readonly heard = new Map<string, string>();
  readonly sights: Sight[] = [];
  readonly #name: string;
  readonly #relay: Relay;
  readonly #unstamped = new Map<string, SignedEvent>();
  /** Posted and not answered. */
  readonly #flying = new Set<string>();
  #mustPostAgain = false;
  #after = "0-0";
  readonly #pair = generateKeyPair();
  #member: RawMember | undefined;
  #isIn = false;
  #isDone = false;

  constructor(relay: Relay, name: string) {
    this.#relay = relay;
    this.#name = name;
  }

  get isSettled(): boolean {
    return this.#unstamped.size === 0;
  }

  say(text: string): void {
    const event = this.#member!.seal(text);
    const id = idOf(event);
    this.said.push(id);
    this.#unstamped.set(id, event);
    if (!this.#isIn || this.#mustPostAgain) return; // it goes out behind what was refused [BUSY-3]
    this.#flying.add(id);
    this.#member!.post(event);
  }

  cut(): void {
    this.#member?.socket.terminate();
  }

  async live(): Promise<void> {
    while (!this.#isDone) {
      using member = new RawMember(this.#relay.url, { name: this.#name, pair: this.#pair });
      this.#member = member;
      await this.#connected(member).catch(() => undefined); // closed: it comes back
      this.#isIn = false;
    }
  }

  end(): void {
    this.#isDone = true;
    this.cut();
  }

  async #connected(member: RawMember): Promise<void> {
    await member.sayHello();
    await member.next("welcome");
    const joined = await member.enter({ room: ROOM, token: TOKEN, after: this.#after });
    const sight: Sight = { joined, frames: [] };
    this.sights.push(sight);
    if (this.#after === "0-0") this.#after = joined.stamp;
    this.#isIn = true;
    this.#postAll();
    for (;;) {
      const frame = await member.nextThat((_frame): _frame is FromRelay => true);
      if (frame.type === "stamped") this.#stamped(frame, sight);
      else if (frame.type === "event") this.#hear(frame, sight);
      else if (frame.type === "refused") this.#refused(frame);
      if (this.#mustPostAgain && this.#flying.size === 0) this.#postAll();
    }
  }

  #postAll(): void {
    this.#mustPostAgain = false;
    this.#flying.clear();
    for (const [id, event] of this.#unstamped) {
      this.#flying.add(id);
      this.#member!.post(event);
    }
  }

  #stamped(frame: StampedFrame, sight: Sight): void {
    sight.frames.push(frame);
    this.#flying.delete(frame.id);
    this.#unstamped.delete(frame.id);
    this.stamps.set(frame.id, frame.stamp);
    if (compareStamps(frame.stamp, this.#after) > 0) this.#after = frame.stamp;
  }

  #hear(frame: EventFrame, sight: Sight): void {
    sight.frames.push(frame);
    this.heard.set(idOf(frame.event), frame.stamp);
    if (compareStamps(frame.stamp, this.#after) > 0) this.#after = frame.stamp;
  }

  #refused({ code, id }: Extract<FromRelay, { type: "refused" }>): void {
    if (code !== "busy") throw new Error(`refused: ${code}`);
    if (id !== undefined) this.#flying.delete(id);
    this.#mustPostAgain = true;
  }
}

/** Lets everything happen that is pending, in turns of the event loop, until it is told to stop. */
function drive(ports: ChancePorts): () => void {
  let isOver = false;
  const turn = (): void => {
    if (isOver) return;
    for (let n = 0; n < 3; n += 1) ports.step();
    setImmediate(turn);
  };
  turn();
  return () => {
    isOver = true;
  };
}

const turns = (count: number): Promise<void> =>
  new Promise((resolve) => {
    const turn = (left: number): void => void (left === 0 ? resolve() : setImmediate(() => turn(left - 1)));
    turn(count);
  });

async function live(seed: number): Promise<Honest[]> {
  const chance = chanceOf(seed);
  const memory = memoryPorts(DEFAULT_RELAY_CONFIG.ring, systemClock);
  // Another relay has the room open as well: what is in the log stays there when this one loses sight of it.
  await memory.events.follow(ROOM, { heard: () => undefined, lost: () => undefined });
  const ports = new ChancePorts(memory, chance);
  await using relay = await openRelay({}, { ports });
  const stop = drive(ports);
  const members = MEMBERS.map((name) => new Honest(relay, name));
  const lives = members.map((member) => member.live());
  for (let n = 0; n < TEXTS_EACH; n += 1) {
    for (const member of members) member.say(`text ${n}`);
    await turns(Math.floor(chance() * 20));
    disturb(chance, ports, members);
  }
  ports.failing = 0;
  await until("all is said and heard", () => members.every((member) => member.isSettled) && hasEverything(members));
  for (const member of members) member.end();
  await Promise.all(lives);
  stop();
  return members;
}

function disturb(chance: Chance, ports: ChancePorts, members: readonly Honest[]): void {
  const luck = chance();
  if (luck < 0.1) ports.lose();
  else if (luck < 0.3) members[Math.floor(chance() * members.length)]!.cut();
}

function hasEverything(members: readonly Honest[]): boolean {
  return members.every((reader) =>
    members.every((author) => author === reader || author.said.every((id) => reader.heard.has(id))),
  );
}

/** What is wrong with what somebody saw on one connection; places of all events are known. */
function faultsOf({ joined, frames }: Sight, own: ReadonlySet<string>, places: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  let last = "0-0";
  const had = new Set<string>();
  for (const frame of frames) {
    if (frame.type === "event") {
      const id = idOf(frame.event);
      if (had.has(id)) faults.push(`${id} came twice`);
      had.add(id);
      if (frame.late !== true && compareStamps(frame.stamp, last) <= 0) faults.push(`${id} came out of order`); // [STAMP-5]
      if (frame.late !== true) last = frame.stamp;
      continue;
    }
    // [STAMP-7] Of what had come to the room before it joined this connection was given what it asked for.
    for (const [id, stamp] of places)
      if (
        !own.has(id) &&
        !had.has(id) &&
        compareStamps(stamp, joined.stamp) > 0 &&
        compareStamps(stamp, frame.stamp) < 0
      )
        faults.push(`${frame.id} was stamped before ${id} came`);
  }
  return faults;
}

test("no event is lost, none overtakes another of its author, and all see one order [BUSY-1] [BUSY-2] [STAMP-5] [STAMP-7]", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const members = await live(seed);
      const places = new Map(members.flatMap((member) => [...member.stamps]));
      for (const member of members) {
        const stamps = member.said.map((id) => places.get(id)!);
        expect(stamps).toEqual([...stamps].sort(compareStamps));
        for (const [id, stamp] of member.heard) expect(stamp).toBe(places.get(id));
        const own = new Set(member.said);
        expect(member.sights.flatMap((sight) => faultsOf(sight, own, places))).toEqual([]);
      }
      expect(new Set(places.values()).size).toBe(MEMBERS.length * TEXTS_EACH);
    }),
    { numRuns: 15 },
  );
});
