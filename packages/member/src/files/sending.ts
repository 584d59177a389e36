// Files on their way out: who may ask, how far each recipient is, and the transfers. Their bytes come from the copies.
import type { FileProgress, FileRecipient, FileState } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { type FileOffer, harmlessLine, mayAskAgain, type Refused } from "@agora/protocol";
import { type OwnEvent, recipientOf } from "../kernel/delivery.ts";
import type { Store } from "../kernel/store.ts";
import type { Copies } from "../kernel/files-disk.ts";
import { COPY_KEPT_MS, MAX_SENDING, MAX_SENDING_TO_ONE, SENDING_IDLE_MS } from "./limits.ts";
import { type FileReader, type FileRecord, isServed } from "./fold.ts";
import { openTransfer, type Transfer } from "./transfer.ts";
import { createWantRate } from "./want-rate.ts";

/** Recipients of a file to the whole room that are remembered. */
const MAX_RECIPIENTS = 200;
const FILE_REASON_CHARS = 150;

/** Who reads a file: one device of a member. */
interface Reader {
  readonly to: string;
  readonly key: string;
}

export interface FileSending {
  /** An offer of our own is written down; `to` is undefined when it is for the whole room. */
  offered(id: string, thread: string, offer: FileOffer, to: readonly FileReader[] | undefined, channel?: string): void;
  /** An offer of our own did not go out. */
  withdrawn(id: string): void;
  /** A member asks for a file from `offset` on; `key` is the one it is here with. */
  want(from: string, key: string, id: string, offset: number): void;
  ack(from: string, key: string, id: string, offset: number): void;
  done(from: string, key: string, id: string): void;
  /** A member does not take it, now or at all. */
  refused(from: string, key: string, id: string, code: string | undefined, reason: string | undefined): void;
  /** The relay did not pass something on. */
  notPassed(frame: Refused): void;
  /** The connection is gone: receivers ask again. */
  lost(): void;
  /** A file of our own with how far everybody is. */
  stateOf(id: string): FileState | undefined;
  close(): void;
}

/** Creates the sending side. */
export function createFileSending(options: {
  readonly store: Store;
  readonly copies: Copies;
  readonly me: string;
  readonly room: string;
  readonly link: () => Link;
  /** Whether a member under this key is in a channel now. */
  readonly isInChannel: (channel: string, member: string, key: string) => boolean;
  readonly chunkBytes: () => number;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: (progress: FileProgress) => void;
  /** Whether two keys under one name are the same person's. */
  readonly isSame: (name: string, one: string, other: string) => boolean;
  /** Whether another device of this person is here. */
  readonly hasOtherDevices: () => boolean;
}): FileSending {
  const { store, copies, room, clock, log } = options;
  const files = store.state.files;
  const transfers = new Map<string, Transfer>();
  const opening = new Map<string, number>();
  /** Why a recipient has not taken a file yet: known while both are here. */
  const waits = new Map<string, string>();
  const mayAsk = createWantRate(clock);

  const own = (id: string): FileRecord | undefined => {
    const record = Object.hasOwn(files, id) ? files[id] : undefined;
    return record?.author === options.me ? record : undefined;
  };
  const entitled = (id: string, member: string, key: string): FileRecord | undefined => {
    const record = own(id);
    const reader = record?.to?.find((one) => one.member === member);
    if (record?.channel !== undefined && !options.isInChannel(record.channel, member, key)) return undefined; // [FILE-11]
    const may = record?.to === undefined || (reader !== undefined && options.isSame(member, reader.key ?? key, key));
    return may ? record : undefined;
  };
  const refuse = ({ to, key }: Reader, id: string, code: string, reason: string): void =>
    void options.link().send({ type: "file", room, to, key, step: "refuse", id, code, reason });
  const stop = (key: string): void => {
    transfers.get(key)?.close();
    transfers.delete(key);
  };
  const tell = (record: FileRecord, id: string, member: string, step: FileProgress["step"], bytes: number): void => {
    const { name, size } = record.file;
    options.progress({ id, name, size, step, bytes, member });
  };
  const settle = (id: string, record: FileRecord, recipient: FileRecipient): void => {
    waits.delete(`${recipient.member}|${id}`);
    const { recipients = [] } = record.file;
    if (recipients.find((r) => r.member === recipient.member)?.state === recipient.state) return;
    const others = recipients.filter((r) => r.member !== recipient.member).slice(-MAX_RECIPIENTS);
    store.in({ op: "file", id, ...record, file: { ...record.file, recipients: [...others, recipient] } });
    tell(record, id, recipient.member, recipient.state === "done" ? "done" : "failed", record.file.size);
    if (own(id)?.to?.every(({ member }) => isServed(own(id)!.file, member)) === true) void copies.sweep();
  };

  const begin = async (key: string, reader: Reader, id: string, record: FileRecord, offset: number): Promise<void> => {
    opening.set(key, offset);
    const { to } = reader;
    try {
      const fd = await copies.open(record.file.sha256);
      const from = opening.get(key);
      if (from === undefined) return await fd.close(); // it was ended meanwhile
      const transfer = openTransfer({
        fd,
        header: { room, ...reader, id },
        size: record.file.size,
        offset: from,
        chunkBytes: options.chunkBytes(),
        link: options.link,
        clock,
        broken: (reason) => {
          stop(key);
          log.warn("file-send", { to, id, reason });
          refuse(reader, id, "gone", "the sender's copy of the file is damaged");
        },
      });
      transfers.set(key, transfer);
      waits.delete(key);
      log.info("file-send", { to, id, offset: from });
      tell(record, id, to, "sending", from);
    } catch (error) {
      log.warn("file-send", { to, id, message: String(error) });
      refuse(reader, id, "gone", "the sender no longer has the file");
    } finally {
      opening.delete(key);
    }
  };

  clock.every(SENDING_IDLE_MS / 4, () => {
    for (const [key, transfer] of transfers) if (clock.steady() - transfer.heardAt > SENDING_IDLE_MS) stop(key);
  });

  return {
    offered(id, thread, { name, size, sha256 }, to, channel) {
      const file: FileState = { name, size, sha256, state: "sent" };
      store.in({
        op: "file",
        id,
        author: options.me,
        thread,
        at: clock.now(),
        file,
        ...(to === undefined ? {} : { to }),
        ...(channel === undefined ? {} : { channel }),
      });
      copies.offered(sha256);
    },
    withdrawn(id) {
      const record = own(id);
      if (record === undefined) return;
      store.in({ op: "file", id, ...record, file: { ...record.file, state: "failed", reason: "it was not sent" } });
      void copies.sweep();
    },
    want(from, memberKey, id, offset) {
      const reader = { to: from, key: memberKey };
      // What another device of this person offered is that one's to give.
      if (!mayAsk(from) || (own(id) === undefined && options.hasOtherDevices())) return;
      const channel = own(id)?.channel;
      // It may be in it since a moment ago, which the relay tells us a little later: it may ask again.
      if (channel !== undefined && !options.isInChannel(channel, from, memberKey))
        return refuse(reader, id, "busy", "you are not in that channel");
      const record = entitled(id, from, memberKey);
      if (record === undefined) return refuse(reader, id, "foreign", "this file was not offered to you");
      if (offset > record.file.size) return refuse(reader, id, "foreign", "the file is not so long");
      const key = placeOf(from, id, memberKey);
      const running = transfers.get(key);
      if (running !== undefined) return running.rewind(offset);
      if (opening.has(key)) return void opening.set(key, offset);
      const keys = [...transfers.keys(), ...opening.keys()];
      if (keys.length >= MAX_SENDING || keys.filter((k) => k.startsWith(`${from}|`)).length >= MAX_SENDING_TO_ONE)
        return refuse(reader, id, "busy", "the sender serves other files just now");
      void begin(key, reader, id, record, offset);
    },
    ack(from, memberKey, id, offset) {
      const transfer = transfers.get(placeOf(from, id, memberKey));
      const record = own(id);
      if (transfer === undefined || record === undefined) return;
      transfer.ack(offset);
      tell(record, id, from, "sending", transfer.acked);
    },
    done(from, memberKey, id) {
      stop(placeOf(from, id, memberKey));
      const record = entitled(id, from, memberKey);
      if (record !== undefined) settle(id, record, { member: from, state: "done" });
    },
    refused(from, memberKey, id, code, reason) {
      const key = placeOf(from, id, memberKey);
      stop(key);
      opening.delete(key);
      const record = entitled(id, from, memberKey);
      if (record === undefined) return;
      const why = harmlessLine(reason ?? code ?? "no reason was given", FILE_REASON_CHARS);
      if (code !== undefined && !mayAskAgain(code))
        return settle(id, record, { member: from, state: "refused", reason: why });
      if (waits.size > MAX_RECIPIENTS * 10) waits.clear();
      waits.set(key, why);
      options.progress({ ...named(record), id, step: "waiting", bytes: 0, member: from, reason: why });
    },
    notPassed(frame) {
      for (const [key, transfer] of transfers) {
        if (transfer.id !== frame.id || (frame.to !== undefined && transfer.to !== frame.to)) continue;
        if (frame.code === "rate" || frame.code === "busy") transfer.slowDown(frame.retryAfterMs ?? 500);
        else {
          stop(key);
          if (frame.code === "too-big")
            refuse(transfer, transfer.id, "size", "the relay does not take so large a file");
        }
      }
    },
    lost() {
      for (const key of transfers.keys()) stop(key);
      opening.clear();
      waits.clear();
    },
    stateOf(id) {
      const record = own(id);
      if (record === undefined) return undefined;
      const known = new Map((record.file.recipients ?? []).map((r) => [r.member, r]));
      for (const { member } of record.to ?? []) if (!known.has(member)) known.set(member, { member, state: "waiting" });
      for (const [key, reason] of waits) {
        const [member, of] = key.split("|") as [string, string];
        if (of === id && (known.get(member)?.state ?? "waiting") === "waiting")
          known.set(member, { member, state: "waiting", reason });
      }
      for (const transfer of transfers.values())
        if (transfer.id === id) known.set(transfer.to, { member: transfer.to, state: "sending", sent: transfer.acked });
      return known.size === 0 ? record.file : { ...record.file, recipients: [...known.values()] };
    },
    close() {
      for (const key of transfers.keys()) stop(key);
      opening.clear();
    },
  };
}

/** Where a transfer has its place: two devices of one person may fetch the same file. */
function placeOf(member: string, id: string, key: string): string {
  return `${member}|${id}|${key}`;
}

function named({ file: { name, size } }: FileRecord): Pick<FileProgress, "name" | "size"> {
  return { name, size };
}

/** Which copies are still needed, by the records of own files: `owed` to somebody it was addressed to, else `open`. */
export function neededCopies(
  store: Store,
  me: string,
  now: number,
): { readonly owed: ReadonlySet<string>; readonly open: ReadonlySet<string> } {
  const owed = new Set<string>();
  const open = new Set<string>();
  for (const [id, record] of Object.entries(store.state.files)) {
    const own = store.state.outbox[id];
    if (record.author !== me || record.file.state !== "sent" || own?.state === "rejected") continue;
    const { sha256 } = record.file;
    if (now - record.at > COPY_KEPT_MS) continue;
    if (record.to === undefined) open.add(sha256);
    else if (!record.to.every(({ member }) => isServed(record.file, member) || isGivenUp(own, member)))
      owed.add(sha256);
  }
  return { owed, open };
}

function isGivenUp(own: OwnEvent | undefined, member: string): boolean {
  return own !== undefined && recipientOf(own, member)?.gaveUp === true;
}
