// The bus, a port: what relays tell each other about a room that is never stored.
import type { Cancel } from "@agora/ports";
import type { Presence } from "@agora/protocol";
import type { Answer } from "./answer.ts";

/** Something on its way to one member. */
export interface Letter {
  /** The WebSocket frame as the member gets it. Nobody may write into it. */
  readonly frame: Buffer;
  /**
   * It goes behind everything else waiting for this member, and may be refused when too much of it is waiting. [FILE-5]
   * [HEAL-4]
   */
  readonly isBulk: boolean;
  /** The key of the one device it is for; without it, all devices of the member get it. [DEVICE-6] */
  readonly device?: string | undefined;
}

/** What became of a letter: it is on its way, its reader's queue is full, or nobody of that name is here. */
export type Handed = "taken" | "full" | "nobody";

/** Hears what is said in a room. */
export interface BusFollower {
  /** Lines of presence that changed. [PRESENCE-2] */
  heard(lines: readonly Presence[]): void;
  /** A letter to a member. */
  letter(name: string, letter: Letter): Handed;
  /** Something may have been missed, and nothing more will be heard. */
  lost(): void;
}

/** The way to all members of a room, wherever they are connected. */
export interface Bus {
  /** Tells all followers of a room, including the publisher. What one publisher tells is heard in order. */
  publish(room: string, lines: readonly Presence[]): Answer<void>;
  /** Gives a letter to the follower that has the member. Letters from one relay to one member keep their order. */
  to(room: string, name: string, letter: Letter): Answer<Handed>;
  /** Hears what is said in a room from now on. */
  follow(room: string, follower: BusFollower): Answer<Cancel>;
}
