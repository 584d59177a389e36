// The bus, a port: what relays tell each other of a room and is never kept.
import type { Cancel } from "@agora/ports";
import type { Presence } from "@agora/protocol";
import type { Answer } from "./answer.ts";

/** What is on its way to one member. */
export interface Letter {
  /** The WebSocket frame as the member gets it. Nobody may write into it. */
  readonly frame: Buffer;
  /** It goes behind all else that waits for this member, and may be refused when too much of it waits. [FILE-5] [HEAL-4] */
  readonly isBulk: boolean;
}

/** What became of a letter: it is on its way, too much waits for its reader, or nobody of that name is here. */
export type Handed = "taken" | "full" | "nobody";

/** Who hears what is said in a room. */
export interface BusFollower {
  /** Lines of presence that changed. [PRESENCE-2] */
  heard(lines: readonly Presence[]): void;
  /** A letter to a member. */
  letter(name: string, letter: Letter): Handed;
  /** Something may have been missed, and nothing more is heard. */
  lost(): void;
}

/** The way to all members of a room, wherever they are connected. */
export interface Bus {
  /** Tells all followers of a room, its publisher among them. What one tells is heard in its order. */
  publish(room: string, lines: readonly Presence[]): Answer<void>;
  /** Hands a letter to the follower that has the member. Letters of one relay to one member keep their order. */
  to(room: string, name: string, letter: Letter): Answer<Handed>;
  /** Hears what is said in a room from now on. */
  follow(room: string, follower: BusFollower): Answer<Cancel>;
}
