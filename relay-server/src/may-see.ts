// Who may see an event.
import type { Address } from "@agora/protocol";
import type { RoomEvent } from "./ports/event-log.ts";

/** Whether a member with this name and key may see the event: it is for the room, or for them. [POST-4] */
export function isFor(to: readonly Address[], name: string, key: string): boolean {
  return to.length === 0 || to.some((a) => a.member === name && (a.key === undefined || a.key === key));
}

/** The facts about a reader that decide what it may see. */
export interface Reader {
  readonly name: string;
  readonly key: string;
  /** The channels it says it is in; undefined: none. */
  readonly channels: ReadonlySet<string> | undefined;
}

/** Whether this member may see the event: a channel's if it is in the channel, the room's if it is addressed. [CHANNEL-3] */
export function maySee({ to, channel }: Pick<RoomEvent, "to" | "channel">, reader: Reader): boolean {
  return channel === undefined ? isFor(to, reader.name, reader.key) : reader.channels?.has(channel) === true;
}
