// The other rooms of this person on this machine, as the hub tells; a browser that is a member itself has none.
import type { HubRoom } from "@agora/ipc/messages";
import { computed, signal } from "@preact/signals";

/** All rooms of the person's projects, and the id of the one on this page. */
export const rooms = signal<{ readonly here: string; readonly all: readonly HubRoom[] }>({ here: "", all: [] });

/** How much waits for the person in other rooms. */
export const waitingElsewhere = computed(() =>
  rooms.value.all.reduce((sum, { id, waits }) => sum + (id === rooms.value.here ? 0 : waits), 0),
);

/** The address of another room: the same page, one folder beside this one. */
export function hrefOfRoom(id: string): string {
  return `../${id}/`;
}

/** The id of the room in this page's address; "" where there is none. */
export function roomInAddress(): string {
  return /\/r\/(\w{1,40})\/$/.exec(location.pathname)?.[1] ?? "";
}
