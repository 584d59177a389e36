// The rooms of a relay: opened by the first who joins, kept for a while when all have left, bounded in number.
import type { Clock } from "@agora/ports";
import type { Counts } from "./counts.ts";
import { Room } from "./room.ts";
import type { RoomStore } from "./room-store.ts";

/** How long an empty room is kept, milliseconds. */
const EMPTY_ROOM_MS = 600_000;

/** All rooms that are open now. */
export class Rooms {
  readonly #rooms = new Map<string, Room>();
  readonly #store: RoomStore;
  readonly #clock: Clock;
  readonly #counts: Counts;
  readonly #maxRooms: number;

  constructor(store: RoomStore, clock: Clock, counts: Counts, maxRooms: number) {
    this.#store = store;
    this.#clock = clock;
    this.#counts = counts;
    this.#maxRooms = maxRooms;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get members(): number {
    let members = 0;
    for (const room of this.#rooms.values()) members += room.members.size;
    return members;
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  all(): IterableIterator<Room> {
    return this.#rooms.values();
  }

  /** The room of this name, opened when it is not; undefined when there are too many. [JOIN-8] */
  open(name: string): Room | undefined {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    if (this.#rooms.size >= this.#maxRooms && !this.#forgetLongestEmpty()) return undefined;
    const room = new Room(name, this.#clock, this.#counts);
    this.#store.follow(name, (event) => room.fanOut(event));
    this.#rooms.set(name, room);
    return room;
  }

  /** Forgets rooms that have been empty for long. */
  sweep(): void {
    for (const room of this.#rooms.values()) {
      if (room.members.size === 0 && this.#clock.steady() - room.emptySince >= EMPTY_ROOM_MS) this.#forget(room);
    }
  }

  #forgetLongestEmpty(): boolean {
    const empty = [...this.#rooms.values()].filter((room) => room.members.size === 0);
    const longest = empty.sort((a, b) => a.emptySince - b.emptySince)[0];
    if (longest !== undefined) this.#forget(longest);
    return longest !== undefined;
  }

  #forget(room: Room): void {
    this.#rooms.delete(room.name);
    this.#store.forget(room.name);
  }
}
