// The recent events of one room, bounded by bytes and by count. It may vanish at any moment without a loss: it only makes
// coming back after a short absence cheap.
import { type Address, compareStamps, stampParts } from "@agora/protocol";

/** An event as the relay keeps it: what it must know to say who may see it, and the author's bytes. */
export interface RoomEvent {
  readonly id: string;
  readonly author: string;
  readonly key: string;
  readonly to: readonly Address[];
  /** The channel it was said in. */
  readonly channel?: string | undefined;
  /** The sealed event as JSON, encoded once. */
  readonly text: string;
}

/** An event with its place. */
export interface StampedEvent {
  readonly stamp: string;
  readonly event: RoomEvent;
}

/** How much a ring may keep. */
export interface RingLimits {
  readonly bytes: number;
  readonly events: number;
}

/** Whether a member of this name and key may see the event: it is for the room, or for them. [POST-4] */
export function isFor(to: readonly Address[], name: string, key: string): boolean {
  return to.length === 0 || to.some((a) => a.member === name && (a.key === undefined || a.key === key));
}

/** A reader as far as it decides what it may see. */
export interface Reader {
  readonly name: string;
  readonly key: string;
  /** The channels it says it is in; undefined: none. */
  readonly channels: ReadonlySet<string> | undefined;
}

/** Whether this member may see the event: of a channel when it is in it, of the room when it is for it. [CHANNEL-3] */
export function maySee({ to, channel }: Pick<RoomEvent, "to" | "channel">, reader: Reader): boolean {
  return channel === undefined ? isFor(to, reader.name, reader.key) : reader.channels?.has(channel) === true;
}

const COMPACT_AFTER = 1024;

/** The last events of a room in the order of their stamps. */
export class Ring {
  readonly #limits: RingLimits;
  // By key, then by id: joining the two would cost more than all else here.
  readonly #stamps = new Map<string, Map<string, string>>();
  #events: StampedEvent[] = [];
  #start = 0;
  #bytes = 0;
  #last: string;
  #ms: number;
  #n = 0;
  #floor: string;

  constructor(limits: RingLimits, now: number) {
    this.#limits = limits;
    this.#ms = now;
    this.#last = `${now}-0`;
    this.#floor = this.#last;
  }

  /** The highest stamp of the room. */
  get last(): string {
    return this.#last;
  }

  /** The ring has all that was stamped after this; of what came before it can't speak. */
  get floor(): string {
    return this.#floor;
  }

  get size(): number {
    return this.#events.length - this.#start;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The stamp of an event that is still here. */
  stampOf(key: string, id: string): string | undefined {
    return this.#stamps.get(key)?.get(id);
  }

  /** Gives an event its place. [STAMP-2] */
  append(event: RoomEvent, now: number): StampedEvent {
    // [STAMP-2] The last stamp is kept in its parts: reading it back for each event would cost more than all else here.
    if (now > this.#ms) [this.#ms, this.#n] = [now, 0];
    else this.#n += 1;
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
    while (this.#bytes > this.#limits.bytes || this.size > this.#limits.events) this.#forgetFirst();
    return stamped;
  }

  /** Pushes the highest stamp up to one that a member has seen. [STAMP-3] */
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

  #forgetFirst(): void {
    const first = this.#events[this.#start]!;
    this.#start += 1;
    this.#bytes -= first.event.text.length;
    this.#floor = first.stamp;
    const stamps = this.#stamps.get(first.event.key);
    stamps?.delete(first.event.id);
    if (stamps?.size === 0) this.#stamps.delete(first.event.key);
    if (this.#start < COMPACT_AFTER || this.#start * 2 < this.#events.length) return;
    this.#events = this.#events.slice(this.#start);
    this.#start = 0;
  }
}
