// This browser becomes a device of somebody: it makes its keys, waits by the link for the yes on the first device, and keeps what it
// is given. A page that is loaded again goes on with the same keys, so that the words stay the same.
import { createBoxKey, createNewcomer, type Linking, type NewcomerKeys } from "@agora/member";
import type { Log } from "@agora/ports";
import { scopedClock } from "@agora/ports/clock";
import {
  decodeDeviceLink,
  type DeviceLink,
  fail,
  linkId,
  linkSeed,
  ok,
  readStatement,
  type RelayAddress,
  type Result,
} from "@agora/protocol";
import { deleteDB } from "idb";
import { browserClock } from "./clock.ts";
import { createBrowserDial } from "./connection.ts";
import {
  type IdentityDatabase,
  type KeptIdentity,
  type KeptLink,
  memberDatabaseName,
  openIdentityDatabase,
} from "./database.ts";
import { deviceName } from "./device-name.ts";
import { WAITING_LINK } from "./identities.ts";
import { browserInviteKeys, createBrowserVerifier } from "./keys.ts";
import { createLaterSigner, createMemberKey, type MemberKey } from "./member-key.ts";
import { seal, unseal } from "./sealing.ts";

/** Who this browser is now, to enter with. */
export interface LinkedIdentity {
  readonly room: string;
  readonly name: string;
  readonly token: string;
  readonly root?: string;
  readonly relayKey?: string;
}

/** Where linking stands, for the page. */
export type LinkProgress =
  | Exclude<Linking, { readonly at: "linked" }>
  | { readonly at: "linked"; readonly identity: LinkedIdentity };

/** A link that this browser can wait by. */
export interface BrowserLink {
  readonly room: string;
  readonly name: string;
  /** A hash, of which both sides show six words. */
  readonly print: string;
  /** What it calls itself there. */
  readonly called: string;
  /** Who this browser is already, if that is not the same person: its person is asked first, since anybody can make a link. */
  readonly before?: Pick<KeptIdentity, "room" | "name">;
  /** Unix milliseconds, by this browser's clock. */
  endsAt(): number;
  /** Knocks, and tells how it stands until it is over or linked. */
  start(changed: (now: LinkProgress) => void): void;
  stop(): void;
  /** The person wants none of it: it is not waited by any more. */
  forget(): Promise<void>;
}

const NO_LOG: Log = { info: () => undefined, warn: () => undefined };
const BROKEN = "This link is not whole: open it again as it came, or make a new one on your first device (agora link).";
const verifier = createBrowserVerifier();

/**
 * Opens a link for this relay: the one in the address, or without one the one that was waited by; `already`: this browser came by it
 * before. Fails with one sentence if the link is none.
 *
 * @param word what stands behind `#link=`
 */
export async function openBrowserLink(
  word: string | undefined,
  relay: RelayAddress,
  version: string,
): Promise<Result<BrowserLink | "already", "bad-request" | "no-ed25519">> {
  const db = await openIdentityDatabase();
  const waiting = await db.get("secrets", WAITING_LINK);
  const kept = waiting === undefined || waiting instanceof CryptoKey ? undefined : waiting;
  const known = kept === undefined ? undefined : await unseal(db, kept.word);
  const link = decodeDeviceLink(word ?? known ?? "");
  if (link === undefined) {
    await db.delete("secrets", WAITING_LINK);
    return fail("bad-request", BROKEN);
  }
  const id = linkId(browserInviteKeys.keyOf(linkSeed(link.secret, verifier)));
  const identity = await db.get("identities", [link.room, link.by.name]);
  if (identity?.linkedBy === id) return ok("already");
  const isSame = kept !== undefined && (word === undefined || word === known);
  const keys = isSame ? ok(kept) : await newKeys(db, word!);
  if (!keys.ok) return keys;
  const before = await otherThan(db, link, identity);
  return ok(
    createLink({ db, link, id, keys: keys.value, relay, version, ...(before === undefined ? {} : { before }) }),
  );
}

/** Who this browser is, unless that is nobody, or a device of the person who made the link. */
async function otherThan(
  db: IdentityDatabase,
  { root }: DeviceLink,
  same: KeptIdentity | undefined,
): Promise<KeptIdentity | undefined> {
  const isDeviceOf = ({ person }: KeptIdentity): boolean => {
    const certificate = readStatement(person?.statements[0] ?? "");
    return person?.root === undefined && certificate?.by === root;
  };
  if (same !== undefined) return isDeviceOf(same) ? undefined : same;
  return (await db.getAll("identities")).toSorted((a, b) => b.usedAt - a.usedAt)[0];
}

async function newKeys(db: IdentityDatabase, word: string): Promise<Result<KeptLink, "no-ed25519">> {
  const [member, device] = [await createMemberKey(), await createMemberKey()];
  if (!member.ok) return member;
  if (!device.ok) return device;
  const kept: KeptLink = {
    word: await seal(db, word),
    member: member.value,
    device: device.value,
    box: await createBoxKey(),
  };
  await db.put("secrets", kept, WAITING_LINK);
  return ok(kept);
}

interface Parts {
  readonly db: IdentityDatabase;
  readonly link: DeviceLink;
  readonly id: string;
  readonly keys: KeptLink;
  readonly relay: RelayAddress;
  readonly version: string;
  readonly before?: KeptIdentity;
}

function createLink({ db, link, id, keys, relay, version, before }: Parts): BrowserLink {
  const clock = scopedClock(browserClock);
  const called = deviceName(navigator);
  const signers: NewcomerKeys = {
    member: createLaterSigner(keys.member),
    device: createLaterSigner(keys.device),
    box: keys.box,
  };
  let tell: (now: LinkProgress) => void = () => undefined;
  const changed = async (now: Linking): Promise<void> => {
    if (now.at === "over") await db.delete("secrets", WAITING_LINK);
    if (now.at !== "linked") return tell(now);
    tell({ at: "linked", identity: await keep({ db, link, id, keys }, now) });
  };
  const newcomer = createNewcomer({
    ...{ link, relay, keys: signers, called, verifier, clock, version },
    inviteKeys: browserInviteKeys,
    dial: createBrowserDial({ isIdle: true, written: () => Promise.resolve() }, clock),
    log: NO_LOG,
    timersMayLag: true,
    changed: (now) => void changed(now),
  });
  return {
    room: link.room,
    name: link.by.name,
    print: newcomer.print,
    called,
    ...(before === undefined ? {} : { before }),
    endsAt: () => newcomer.endsAt(),
    start(fn) {
      tell = fn;
      newcomer.start();
    },
    stop() {
      newcomer.stop();
      clock.end();
    },
    forget: () => db.delete("secrets", WAITING_LINK),
  };
}

/** Keeps who this browser is from now on, in place of who it was under that name; what that one kept of the room is gone. */
async function keep(
  { db, link, id, keys }: Pick<Parts, "db" | "link" | "id" | "keys">,
  { given }: Extract<Linking, { readonly at: "linked" }>,
): Promise<LinkedIdentity> {
  const { room, by, origin } = link;
  const { name } = by;
  const { token, root, relayKey, statements } = given;
  const sealed = await seal(db, token);
  await deleteDB(memberDatabaseName(room, name));
  const now = Date.now();
  const { key, pair }: MemberKey = keys.member;
  const person = { origin, device: keys.device, at: now, statements };
  const ofRoom = root === undefined ? {} : { root };
  const next: KeptIdentity = { room, name, key, pair, ...ofRoom, usedAt: now, token: sealed, person, linkedBy: id };
  const tx = db.transaction(["identities", "secrets"], "readwrite");
  await Promise.all([tx.objectStore("identities").put(next), tx.objectStore("secrets").delete(WAITING_LINK), tx.done]);
  return { room, name, token, ...ofRoom, ...(relayKey === undefined ? {} : { relayKey }) };
}
