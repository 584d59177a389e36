// One room's recent events, limited in bytes and number. It may vanish at any moment without a loss: it only makes coming
// back after a short absence cheap.
import type { Payer, RingBudget } from "./ring-budget.ts";
import { compareStamps, MAX_STAMP_N, stampParts } from "@agora/protocol";
import type { RoomEvent, StampedEvent } from "../ports/event-log.ts";

/** How much a ring may hold. */
export interface RingLimits {
  readonly bytes: number;
  readonly events: number;
}

/** What an event takes besides its text, bytes: the objects that hold it, its id and its key. */
const EVENT_BYTES = 512;
const ADDRESS_BYTES = 128;

/** The size of an event in memory, bytes: non-ASCII text takes two per character. */
function weightOf({ text, to }: RoomEvent): number {
  const chars = text.length;
  return EVENT_BYTES + to.length * ADDRESS_BYTES + (Buffer.byteLength(text) === chars ? chars : 2 * chars);
}

const FORGOTTEN: StampedEvent = { stamp: "", event: { id: "", author: "", key: "", to: [], text: "" } };
const COMPACT_AFTER = 1024;

/** The latest events of a room in the order of their stamps. */
export class Ring implements Payer {
  readonly #limits: RingLimits;
  readonly #budget: RingBudget | undefined;
  // By key, then by id: joining the two would cost more than everything else here.
  readonly #stamps = new Map<string, Map<string, string>>();
  #events: StampedEvent[] = [];
  #start = 0;
  #bytes = 0;
  #weight = 0;
  #last: string;
  #ms: number;
  #n = 0;
  #floor: string;

  constructor(limits: RingLimits, now: number, budget?: RingBudget) {
    this.#limits = limits;
    this.#budget = budget;
    this.#ms = now;
    this.#last = `${now}-0`;
    this.#floor = this.#last;
  }

  /** The highest stamp of the room. */
  get last(): string {
    return this.#last;
  }

  /** The ring has everything stamped after this; it can't speak for anything earlier. */
  get floor(): string {
    return this.#floor;
  }

  get size(): number {
    return this.#events.length - this.#start;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get weight(): number {
    return this.#weight;
  }

  /** The stamp of an event that is still here. */
  stampOf(key: string, id: string): string | undefined {
    return this.#stamps.get(key)?.get(id);
  }

  /** Stamps an event. [STAMP-2] */
  append(event: RoomEvent, now: number): StampedEvent {
    // [STAMP-2] The last stamp is stored as its parts: parsing it for each event would cost more than everything else here.
    if (now > this.#ms) [this.#ms, this.#n] = [now, 0];
    else if (this.#n < MAX_STAMP_N) this.#n += 1;
    else [this.#ms, this.#n] = [this.#ms + 1, 0];
    this.#last = `${this.#ms}-${this.#n}`;
    const stamped = { stamp: this.#last, event };
    this.#events.push(stamped);
    let stamps = this.#stamps.get(event.key);
    if (stamps === undefined) {
      stamps = new Map();
      this.#stamps.set(event.key, stamps);
    }
    stamps.set(event.id, this.#last);
    this.#bytes += event.text.length;
    this.#weight += weightOf(event);
    while (this.#bytes > this.#limits.bytes || this.size > this.#limits.events) this.forgetFirst();
    this.#budget?.changed(this);
    return stamped;
  }

  /** Raises the highest stamp to one that a member has seen. [STAMP-3] */
  raise(stamp: string): void {
    if (compareStamps(stamp, this.#last) <= 0) return;
    this.#last = stamp;
    [this.#ms, this.#n] = stampParts(stamp);
  }

  /** The events above `stamp`, in order. */
  after(stamp: string): StampedEvent[] {
    let from = this.#events.length;
    while (from > this.#start && compareStamps(this.#events[from - 1]!.stamp, stamp) > 0) from -= 1;
    return this.#events.slice(from);
  }

  forgetFirst(): boolean {
    const first = this.#events[this.#start];
    if (first === undefined) return false;
    // Frees the contents now, not when the list is rebuilt.
    this.#events[this.#start] = FORGOTTEN;
    this.#start += 1;
    this.#bytes -= first.event.text.length;
    this.#weight -= weightOf(first.event);
    this.#floor = first.stamp;
    const stamps = this.#stamps.get(first.event.key);
    stamps?.delete(first.event.id);
    if (stamps?.size === 0) this.#stamps.delete(first.event.key);
    if (this.#start >= COMPACT_AFTER && this.#start * 2 >= this.#events.length) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
    return true;
  }
}
