// The live room without the folder and the process around it: what a member in a browser is made of. Nothing here imports
// Node's own modules.
export type { Copies, Copy, Prepared } from "./files/disk.ts";
export { createRoomIn } from "./create-room.ts";
export type { FilesDisk, Needed, Received, ReceivedFiles } from "./files/disk.ts";
export type { Fetch, FetchEvents, Taken } from "./files/disk.ts";
export { FORMAT } from "./format.ts";
export { createHandlers } from "./handlers/index.ts";
export type { Room, RoomWorld } from "./room.ts";
export { openStoreOn, type Store } from "./store.ts";
export type { JournalName, StoreDisk } from "./store-disk.ts";
