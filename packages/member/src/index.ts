// What a member of a room is, in any world: a project's daemon, a browser, a resident's gateway. Nothing here imports Node's own
// modules.
export { actInForce, decidedThings } from "./controls/fold.ts";
export type { Owner } from "./kernel/room-owner.ts";
export { createMember } from "./create-member.ts";
export type {
  Copies,
  Copy,
  Fetch,
  FetchEvents,
  FilesDisk,
  Needed,
  Prepared,
  Received,
  ReceivedFiles,
} from "./kernel/files-disk.ts";
export { SYNC_EVERY_BYTES } from "./files/limits.ts";
export { sizeWords } from "./files/size-words.ts";
export { type Item, MAX_ITEMS, MAX_STRANGERS_ITEMS, mayReach } from "./inbox/fold.ts";
export { NOWHERE, type Outbox, type OwnEvent } from "./kernel/delivery.ts";
export { FORMAT } from "./kernel/format.ts";
export { type HistoryLine, type HistoryRecord, eventOf, isRestamp, offerOf, toRecord } from "./kernel/record.ts";
export { type Finding, type FindingCode, type Report } from "./record/finding.ts";
export { type RecordLine, verifyRecord, type VerifyOptions } from "./record/verify.ts";
export { type Retention, retentionOf } from "./kernel/retention.ts";
export type { Room } from "./room.ts";
export type { InviteKeys } from "./kernel/invite-keys.ts";
export type { MemberOptions, World } from "./kernel/member-options.ts";
export type { PersonKeys } from "./kernel/person-keys.ts";
export type { JournalName, RoomMark, StoreDisk } from "./kernel/store-disk.ts";
export type { Store } from "./kernel/store.ts";
export { openStoreOn } from "./open-store.ts";
export { type Host, createHandlers } from "./requests/handlers.ts";
export { isProcessRunning } from "./seats/client-watch.ts";
export { type BoxKey, createBoxKey } from "./linking/box.ts";
export { createNewcomer, type Linking, type Newcomer, type NewcomerKeys } from "./linking/newcomer.ts";
