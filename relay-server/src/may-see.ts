// Who may see an event.
import type { Address } from "@agora/protocol";
import type { RoomEvent } from "./ports/event-log.ts";

/** The facts about a reader that decide what it may see. */
export interface Reader {
  readonly name: string;
  readonly key: string;
  readonly shown: { readonly root: string | undefined };
  /** The keys that are its person's. */
  readonly kin: ReadonlySet<string>;
  /** The channels it says it is in; undefined: none. */
  readonly channels: ReadonlySet<string> | undefined;
}

/** Whether a reader may see the event: it is for the room, or for the person whose device it is. [POST-4] [DEVICE-3] */
export function isFor(to: readonly Address[], reader: Pick<Reader, "name" | "key" | "shown" | "kin">): boolean {
  return to.length === 0 || to.some((address) => address.member === reader.name && isMeant(address, reader));
}

function isMeant({ key, root }: Address, reader: Pick<Reader, "key" | "shown" | "kin">): boolean {
  if (key === undefined || key === reader.key || reader.kin.has(key)) return true;
  return root !== undefined && root === reader.shown.root;
}

/** Whether it is another device of the author. [DEVICE-4] */
export function isAuthorsOther(
  { author, key, root }: Pick<RoomEvent, "author" | "key"> & { readonly root?: string | undefined },
  reader: Pick<Reader, "name" | "key" | "shown" | "kin">,
): boolean {
  if (author !== reader.name || key === reader.key) return false;
  return reader.kin.has(key) || (root !== undefined && root === reader.shown.root);
}

/** Whether this member may see the event: a channel's if it is in the channel, the room's if it is addressed. [CHANNEL-3] */
export function maySee(
  { to, channel }: { readonly to: readonly Address[]; readonly channel?: string | undefined },
  reader: Reader,
): boolean {
  return channel === undefined ? isFor(to, reader) : reader.channels?.has(channel) === true;
}
