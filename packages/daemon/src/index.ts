// The one detached process per project, and the live room it is made of.
export { type Daemon, runDaemon, startDaemon } from "./daemon.ts";
export { claimFolder, type Folder, openFolderAt } from "./folder.ts";
export { createHandlers, type Host } from "./handlers/index.ts";
export { findOwner } from "./owner.ts";
export type { Owner } from "./room-owner.ts";
export { createRoom } from "./room-folder.ts";
export type { Room, RoomOptions } from "./room.ts";
export { openStore } from "./open-store.ts";
export { type Retention, retentionOf } from "./retention.ts";
export type { Store } from "./store.ts";
export type { StoreDisk } from "./store-disk.ts";
export { takePlace } from "./succession.ts";
export { lockWriter } from "./writer-lock.ts";
