// A member of a room in a browser: keys, history and files in IndexedDB, the protocol over the browser's own WebSocket.
export type { Identities, BrowserIdentity, LastIdentity } from "./identities.ts";
export { type BrowserMember, openMember } from "./member.ts";
export { lockTab, type TabLock } from "./tab-lock.ts";
