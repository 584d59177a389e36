// The one detached process per project, around its member of the room.
export { openPerson } from "./person.ts";
export { type Daemon, runDaemon, startDaemon } from "./daemon.ts";
export { claimFolder, type Folder, openFolderAt } from "./folder.ts";
export { inviteKeys } from "./invite-keys.ts";
export { findOwner } from "./owner.ts";
export { openStore } from "./open-store.ts";
export { createRoom } from "./room-folder.ts";
export { lockWriter } from "./writer-lock.ts";
