// The real relay's parts on wires in virtual time: it may die and begin a new life, its ring and its stamps gone.
import { generateKeyPair, silentLog } from "@agora/ports";
import { CLOSE_CODES, HEARTBEAT_MS } from "@agora/protocol";
import { DEFAULT_RELAY_CONFIG, type RelayConfig } from "@agora/relay";
import { Connection } from "../../relay-server/src/connection.ts";
import type { RelayContext } from "../../relay-server/src/context.ts";
import { makeContext } from "../../relay-server/src/make-context.ts";
import { memoryPorts } from "../../relay-server/src/memory/ports.ts";
import { beat } from "../../relay-server/src/upkeep.ts";
import { MachineClock, type Timeline } from "./timeline.ts";
import type { Wire } from "./wire.ts";

export const TOKEN = "a-token-of-the-model";
export const ROOM = "lobby";
const HOST = "127.0.0.1:9";
/** Small, so that absence goes beyond it. */
const RING_EVENTS = 8;

const RELAY_KEYS = generateKeyPair();

interface Life {
  readonly context: RelayContext;
  readonly wires: Map<Connection, Wire>;
  alive: boolean;
}

/** A relay that comes and goes. */
export class ModelRelay {
  readonly machine: MachineClock;
  readonly #root: string;
  #life: Life | undefined;

  constructor(timeline: Timeline, root: string) {
    this.machine = new MachineClock(timeline);
    this.#root = root;
  }

  /** Which of its lives this is. */
  lives = 0;

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  start(): void {
    if (this.#life !== undefined) return;
    this.lives += 1;
    const config: RelayConfig = {
      ...DEFAULT_RELAY_CONFIG,
      token: TOKEN,
      ring: { bytes: 4 * 1024 * 1024, events: RING_EVENTS },
      rooms: new Map([[ROOM, this.#root]]),
    };
    const life: { context?: RelayContext; wires: Map<Connection, Wire>; alive: boolean } = {
      wires: new Map(),
      alive: true,
    };
    const clock = this.machine.ofProcess(() => life.alive);
    life.context = makeContext({
      config,
      clock,
      log: silentLog,
      ports: memoryPorts(config.ring, clock),
      pair: RELAY_KEYS,
    });
    const { context } = life;
    this.#life = life as Life;
    clock.every(HEARTBEAT_MS, () => beat(context, life.wires.keys()));
  }

  /** A member's wire arrives. */
  accept(wire: Wire): void {
    const life = this.#life;
    if (life === undefined) return wire.refuse();
    const connection = new Connection(
      life.context,
      wire.socket,
      wire.raw,
      { host: HOST, address: undefined },
      (ended) => life.wires.delete(ended),
    );
    life.wires.set(connection, wire);
    wire.open(connection);
  }

  /** kill -9. */
  kill(): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    life.alive = false;
    for (const wire of life.wires.values()) wire.orphan();
  }

  /** SIGTERM: everybody is told. */
  end(): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    for (const connection of life.wires.keys()) connection.close(CLOSE_CODES.goingAway);
  }
}
