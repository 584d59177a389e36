// Who may see an event.
import type { Address } from "@agora/protocol";
import type { RoomEvent } from "./ports/event-log.ts";

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
