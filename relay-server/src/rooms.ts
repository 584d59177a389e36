// A relay's rooms: opened by the first member who joins, kept for a while when all have left, limited in number.
import type { Clock } from "@agora/ports";
import { CLOSE_CODES, fail, ok, type Result } from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { Counts } from "./counts.ts";
import type { RelayPorts } from "./ports/ports.ts";
import { Room } from "./room.ts";
import { junior } from "./seniority.ts";

/** How long an empty room is kept, milliseconds. */
const EMPTY_ROOM_MS = 600_000;

/** Who opens a room. */
export interface Opener {
  readonly key: string;
  /** Where it comes from; undefined when that can't be determined: behind a proxy, or on this machine. */
  readonly address: string | undefined;
  /** How long the relay has known the key; lower means longer. */
  readonly rank: number;
}

/** How many rooms there may be: in all, and opened by one key and from one address. */
export interface RoomLimits {
  readonly all: number;
  readonly perKey: number;
  readonly perAddress: number;
}

/** All open rooms. */
export class Rooms {
  readonly #rooms = new Map<string, Room>();
  readonly #openers = new Map<Room, Opener>();
  readonly #opened = new Map<string, number>();
  readonly #ports: RelayPorts;
  readonly #clock: Clock;
  readonly #counts: Counts;
  readonly #limits: RoomLimits;

  constructor(ports: RelayPorts, clock: Clock, counts: Counts, limits: RoomLimits) {
    this.#ports = ports;
    this.#clock = clock;
    this.#counts = counts;
    this.#limits = limits;
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

  /** The room with this name, opened if necessary. One that can't be followed now is `unavailable`. [JOIN-8] */
  async open(name: string, by: Opener): Promise<Result<Room, "too-many-rooms" | "unavailable">> {
    const room = this.#rooms.get(name) ?? this.#make(name, by);
    if (room === undefined) return fail("too-many-rooms", "There are too many rooms.");
    const followed = await room.followed;
    if (followed.ok) return ok(room);
    this.#forget(room);
    return followed;
  }

  /** A room that has stopped hearing events: its members rejoin, and are given what they missed. [BUSY-4] */
  lose(room: Room): void {
    for (const { connection } of inside(room)) connection.close(CLOSE_CODES.busy);
    this.#forget(room);
  }

  /** Forgets rooms that have been empty for long. */
  sweep(): void {
    for (const room of this.#rooms.values()) {
      if (room.members.size + room.lobby.size === 0 && this.#clock.steady() - room.emptySince >= EMPTY_ROOM_MS)
        this.#forget(room);
    }
  }

  #make(name: string, by: Opener): Room | undefined {
    if (!this.#mayOpen(by)) return undefined;
    if (this.#rooms.size >= this.#limits.all && !this.#makeRoom(by)) return undefined;
    const lost = (room: Room): void => this.lose(room);
    const room = new Room(name, { clock: this.#clock, counts: this.#counts, ports: this.#ports, lost });
    this.#rooms.set(name, room);
    this.#openers.set(room, by);
    for (const word of wordsOf(by)) this.#opened.set(word, (this.#opened.get(word) ?? 0) + 1);
    return room;
  }

  /** An opener that has reached its limit loses an empty room of its own, or can't open one. */
  #mayOpen(by: Opener): boolean {
    const { perKey, perAddress } = this.#limits;
    for (const word of wordsOf(by)) {
      const most = word.startsWith(KEY) ? perKey : perAddress;
      if ((this.#opened.get(word) ?? 0) < most) continue;
      const own = (room: Room): boolean => wordsOf(this.#openers.get(room)!).includes(word);
      if (!this.#forgetLongestEmpty(own)) return false;
    }
    return true;
  }

  /** An empty room goes first; then one whose opener came later than the one asking now. */
  #makeRoom(by: Opener): boolean {
    if (this.#forgetLongestEmpty(() => true)) return true;
    const last = junior(this.#rooms.values(), (room) => this.#openers.get(room)!.rank, by.rank);
    if (last === undefined) return false;
    for (const { connection } of inside(last)) connection.close(CLOSE_CODES.tooManyRooms);
    this.#forget(last);
    return true;
  }

  #forgetLongestEmpty(isMeant: (room: Room) => boolean): boolean {
    let longest: Room | undefined;
    for (const room of this.#rooms.values()) {
      if (room.members.size > 0 || !isMeant(room)) continue;
      if (longest === undefined || room.emptySince < longest.emptySince) longest = room;
    }
    if (longest !== undefined) this.#forget(longest);
    return longest !== undefined;
  }

  #forget(room: Room): void {
    room.close();
    // Who waits in the lobby of a room that nobody is in comes again.
    for (const { connection } of [...room.lobby.all()]) connection.close(CLOSE_CODES.busy);
    if (this.#rooms.get(room.name) === room) this.#rooms.delete(room.name);
    const by = this.#openers.get(room);
    this.#openers.delete(room);
    for (const word of by === undefined ? [] : wordsOf(by)) {
      const left = this.#opened.get(word)! - 1;
      if (left > 0) this.#opened.set(word, left);
      else this.#opened.delete(word);
    }
  }
}

const KEY = "key ";

function inside(room: Room): readonly { readonly connection: Connection }[] {
  return [...room.members.values(), ...room.lobby.all()];
}

function wordsOf({ key, address }: Opener): string[] {
  return [`${KEY}${key}`, ...(address === undefined ? [] : [`from ${address}`])];
}
