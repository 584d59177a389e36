// The log, a port: each room's recent events in order. It assigns the stamps, so all relays that share it agree on them.
import type { Cancel } from "@agora/ports";
import type { Address } from "@agora/protocol";
import type { Answer } from "./answer.ts";

/** An event as the log stores it: what a relay must know to decide who may see it, and the author's bytes. */
export interface RoomEvent {
  readonly id: string;
  readonly author: string;
  readonly key: string;
  /** The author's person, if it showed one: what it says to somebody goes to its other devices too. [DEVICE-4] */
  readonly root?: string | undefined;
  readonly to: readonly Address[];
  /** The channel it was said in. */
  readonly channel?: string | undefined;
  /** The signed event as JSON, encoded once. */
  readonly text: string;
}

/** An event with its stamp. */
export interface StampedEvent {
  readonly stamp: string;
  readonly event: RoomEvent;
}

/** What is known of a room's past. */
export interface Past {
  /** The highest stamp of the room. */
  readonly last: string;
  /** Some of what came after the given stamp may be missing here. [JOIN-3] */
  readonly gap: boolean;
  readonly events: readonly StampedEvent[];
}

/** Hears of every event stamped in a room. */
export interface LogFollower {
  /** Called once for each event, in the order of the stamps. */
  heard(event: StampedEvent): void;
  /** Events may have been missed, and nothing more will be heard: to hear more, follow again. */
  lost(): void;
}

/** A followed room. */
export interface Following {
  /** The room's highest stamp when this began: everything above it is heard. */
  readonly from: string;
  readonly stop: Cancel;
}

/** The recent events of all rooms. A room may be forgotten while nobody follows it. */
export interface EventLog {
  /**
   * Stamps events of a followed room, all or none, in the order of the list and above all earlier ones; an event that is
   * already there keeps its stamp. A failure says nothing about whether it was done. [STAMP-2] [POST-5]
   */
  append(room: string, events: readonly RoomEvent[]): Answer<readonly string[]>;
  /** The stamp of an event that is still remembered. */
  find(room: string, key: string, id: string): Answer<string | undefined>;
  /** The events after a stamp that a member has seen, which also raises the room's highest stamp to it. [STAMP-3] */
  read(room: string, after: string | undefined): Answer<Past>;
  /** Hears of every event of a room from now on. */
  follow(room: string, follower: LogFollower): Answer<Following>;
}
