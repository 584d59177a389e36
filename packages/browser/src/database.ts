// What this browser stores, in IndexedDB: who it is in which room, and for each member the journals, the pins and the files.
import type { Pin } from "@agora/user-config";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { BoxKey } from "@agora/member";
import type { MemberKey } from "./member-key.ts";

/** A journal record, and its size in characters. */
export interface KeptRecord {
  readonly value: unknown;
  readonly size: number;
}

export interface KeptFile {
  readonly blob: Blob;
}

interface MemberSchema extends DBSchema {
  readonly history: { key: number; value: KeptRecord };
  readonly outbox: { key: number; value: KeptRecord };
  readonly inbox: { key: number; value: KeptRecord };
  /** Single values: the checkpoint, the room's mark. */
  readonly kept: { key: string; value: string };
  readonly pins: { key: string; value: Pin };
  /** By SHA-256: copies of what was sent, and what was received. */
  readonly sent: { key: string; value: KeptFile };
  readonly received: { key: string; value: KeptFile };
}

export type MemberDatabase = IDBPDatabase<MemberSchema>;
export const MEMBER_STORES = ["history", "outbox", "inbox", "kept", "pins", "sent", "received"] as const;

/** A token that only this browser's sealing key can open. */
export interface SealedToken {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: ArrayBuffer;
}

/** A person's keys in one room, and what they stated; the root lies here unless this browser was linked by another device. */
export interface KeptPerson {
  readonly origin: string;
  readonly root?: MemberKey;
  readonly device: MemberKey;
  /** When they were made, unix milliseconds. */
  readonly at: number;
  readonly statements: readonly string[];
}

/** Who this browser is in one room. */
export interface KeptIdentity {
  readonly room: string;
  readonly name: string;
  readonly key: string;
  readonly pair: CryptoKeyPair;
  readonly root?: string;
  readonly usedAt: number;
  readonly token?: SealedToken;
  readonly person?: KeptPerson;
  /** The id of the link by which this browser became a device of that person. */
  readonly linkedBy?: string;
}

/** A link that this browser waits by, with the keys that it made for it. */
export interface KeptLink {
  readonly word: SealedToken;
  readonly member: MemberKey;
  readonly device: MemberKey;
  readonly box: BoxKey;
}

interface IdentitySchema extends DBSchema {
  readonly identities: { key: [string, string]; value: KeptIdentity };
  /** The key that seals tokens, as `token`; the link that is waited by, as `link`. */
  readonly secrets: { key: string; value: CryptoKey | KeptLink };
}

export type IdentityDatabase = IDBPDatabase<IdentitySchema>;

/** Opens the database of this browser's identities. */
export function openIdentityDatabase(): Promise<IdentityDatabase> {
  return openDB<IdentitySchema>("agora", 1, {
    upgrade(db) {
      db.createObjectStore("identities", { keyPath: ["room", "name"] });
      db.createObjectStore("secrets");
    },
  });
}

/** What the database of one member is called. */
export function memberDatabaseName(room: string, name: string): string {
  return `agora ${room} ${name}`;
}

/** Opens the database of one member. */
export function openMemberDatabase(room: string, name: string): Promise<MemberDatabase> {
  return openDB<MemberSchema>(memberDatabaseName(room, name), 1, {
    upgrade(db) {
      for (const store of MEMBER_STORES) db.createObjectStore(store);
    },
  });
}
