// Files on their way in: which offers are fetched now and which wait for what; each is fetched by a `Fetch`, checked, and
// moved to its place. Cut off, they go on where they stopped.
import type { FileProgress, FileState } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { type Chunk, type FileCode, type FileOffer, harmlessLine, mayAskAgain } from "@agora/protocol";
import type { Store } from "../kernel/store.ts";
import type { ReceivedFiles } from "../kernel/files-disk.ts";
import {
  ACK_CHUNKS,
  BUSY_RETRY_MS,
  FULL_RETRY_MS,
  MAX_ASKED,
  MAX_FETCHING,
  MAX_FETCHING_FROM_ONE,
  MAX_PENDING_CHUNKS,
  PAUSED_MS,
  SILENT_RETRY_MS,
  STALL_MS,
} from "./limits.ts";
import type { FileRecord } from "./fold.ts";
import { createRunning, type Running } from "./running.ts";
import { sizeWords } from "./size-words.ts";

const NAME_CHARS = 100;
const REASON_CHARS = 150;
const LOOK_MS = 1_000;
/** Waiting offers that an author who is back is told of. */
const MAX_TOLD = 50;
/** How long the outcome is repeated to an author who comes back, milliseconds. */
const TOLD_AGAIN_MS = 24 * 3_600_000;
const WRONG_HASH = "what arrived is not what was offered (the hash differs)";
const REJECTED = "they rejected it";
const AWAY = { code: "away", reason: "the sender is away: it comes when they are back" } as const;

export interface FileReceiving {
  /** An offer came; `isOld`: it was made before this member was in the room. */
  offer(id: string, author: string, thread: string, offer: FileOffer, isOld: boolean): void;
  chunk(from: string, chunk: Chunk): void;
  /** The author does not send it, now or at all. */
  refused(from: string, id: string, code: string | undefined, reason: string | undefined): void;
  /** The author is here (again): what is not whole yet is asked for. */
  resume(author: string): void;
  /** The author is not here, or the connection is gone (no name). */
  away(author?: string): void;
  /** The person wants a file that waits; false when none by this id waits. */
  accept(id: string): boolean;
  /** The person does not want it. */
  decline(id: string): void;
  stateOf(id: string): FileState | undefined;
  close(): void;
}

interface Wait {
  readonly code: NonNullable<FileState["code"]>;
  readonly reason: string;
  /** Not before, on the steady clock. */
  readonly until: number;
}

/** Makes the receiving side. */
export function createFileReceiving(options: {
  readonly store: Store;
  readonly me: string;
  readonly disk: ReceivedFiles;
  readonly room: string;
  readonly maxBytes: () => number;
  readonly autoBytes: number;
  readonly quotaBytes: () => number;
  readonly chunkBytes: () => number;
  readonly isHere: (member: string) => boolean;
  readonly link: () => Link;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly progress: (progress: FileProgress) => void;
}): FileReceiving {
  const { store, disk, room, clock, log } = options;
  const files = store.state.files;
  const running = new Map<string, Running>();
  /** Files whose parts are being opened or put in place. */
  const busy = new Map<string, string>();
  const waits = new Map<string, Wait>();
  /** Parts that turned out wrong and were begun anew. */
  const begunAnew = new Set<string>();
  let closed = false;

  const pending = (id: string): FileRecord | undefined => {
    const record = Object.hasOwn(files, id) ? files[id] : undefined;
    return record !== undefined && record.author !== options.me && record.file.state === "offered" ? record : undefined;
  };
  const send = (to: string, id: string, step: "want" | "ack" | "done", offset?: number): void =>
    void options.link().send({ type: "file", room, to, step, id, ...(offset === undefined ? {} : { offset }) });
  const refuse = (to: string, id: string, code: FileCode, reason: string): void => {
    if (options.isHere(to)) options.link().send({ type: "file", room, to, step: "refuse", id, code, reason });
  };
  const tell = (id: string, step: FileProgress["step"], bytes: number, reason?: string): void => {
    const { name, size } = files[id]!.file;
    options.progress({ id, name, size, step, bytes, ...(reason === undefined ? {} : { reason }) });
  };
  const write = (id: string, record: FileRecord): boolean => store.in({ op: "file", id, ...record }).ok;
  const wait = (id: string, code: Wait["code"], reason: string, ms: number): void => {
    waits.set(id, { code, reason, until: clock.steady() + ms });
    tell(id, "waiting", running.get(id)?.received ?? 0, reason);
  };
  const fail = (id: string, code: FileCode, reason: string): void => {
    const record = pending(id);
    if (record === undefined) return;
    waits.delete(id);
    write(id, { ...record, file: { ...record.file, state: "failed", code, reason } });
    void drop(id);
    tell(id, "failed", 0, reason);
  };
  const drop = (id: string): Promise<void> =>
    disk.drop(id).catch((error: unknown) => log.warn("file-parts", { message: String(error) }));
  const end = (id: string): Promise<void> => {
    const one = running.get(id);
    running.delete(id);
    return one?.close() ?? Promise.resolve();
  };

  /** Why a file is not fetched by itself at all. */
  const held = (id: string, { file, accepted, old }: FileRecord): Pick<Wait, "code" | "reason"> | undefined => {
    const most = options.maxBytes();
    if (file.size > most)
      return {
        code: "size",
        reason: `more than the ${sizeWords(most)} that are taken here: AGORA_MAX_FILE raises that`,
      };
    if (accepted === true || (old !== true && file.size <= options.autoBytes)) return undefined;
    const word = (files[id]?.thread ?? id).slice(0, 8);
    const size = old === true ? `${sizeWords(file.size)}, from before you came` : sizeWords(file.size);
    return { code: "accept", reason: `${size}: accept it with \`agora accept ${word}\`` };
  };
  const isDue = (id: string, record: FileRecord): boolean =>
    !running.has(id) &&
    !busy.has(id) &&
    held(id, record) === undefined &&
    options.isHere(record.author) &&
    (waits.get(id)?.until ?? 0) <= clock.steady();

  /** Begins as many due files as there are places, none of one author before all others. */
  const pump = (): void => {
    if (closed) return;
    for (const [id, record] of Object.entries(files)) {
      const places = [...running.values()].map(({ author }) => author).concat([...busy.values()]);
      if (places.length >= MAX_FETCHING) return;
      if (pending(id) === undefined || !isDue(id, record)) continue;
      if (places.filter((author) => author === record.author).length >= MAX_FETCHING_FROM_ONE) continue;
      busy.set(id, record.author);
      void begin(id, record).finally(() => {
        busy.delete(id);
        if (waits.get(id) === undefined) pump();
      });
    }
  };

  const begin = async (id: string, { author, file }: FileRecord): Promise<void> => {
    try {
      const here = await disk.find(file);
      if (here !== undefined) return stored(id, here);
      const reserved = [...running.values()].reduce((sum, one) => sum + one.size - one.received, 0);
      const needed = file.size - (await disk.partBytes(id)) + reserved;
      const used = await disk.usedBytes();
      const quota = options.quotaBytes();
      if (used + needed > quota) {
        const reason = `${sizeWords(used)} of ${sizeWords(quota)} for received files are used: remove some from .agora/files`;
        if (waits.get(id)?.code !== "quota") refuse(author, id, "quota", "the folder for received files is full there");
        return wait(id, "quota", reason, FULL_RETRY_MS);
      }
      const fetch = await disk.fetch({
        id,
        size: file.size,
        sha256: file.sha256,
        maxPendingBytes: MAX_PENDING_CHUNKS * options.chunkBytes(),
        events: {
          written: (bytes) => running.get(id)?.written(bytes),
          whole: (isRight) => void whole(id, isRight),
          trouble: (error) => void trouble(id, error),
        },
      });
      if (closed || pending(id) === undefined) return await fetch.close();
      waits.delete(id);
      const one = createRunning({
        author,
        size: file.size,
        fetch,
        clock,
        ask: (offset) => send(author, id, "want", offset),
        ack: (offset) => send(author, id, "ack", offset),
        ackBytes: ACK_CHUNKS * options.chunkBytes(),
      });
      running.set(id, one);
      if (fetch.received < file.size) one.ask();
      tell(id, "receiving", fetch.received);
    } catch (error) {
      await trouble(id, error instanceof Error ? error : new Error(String(error)));
    }
  };

  const whole = async (id: string, isRight: boolean): Promise<void> => {
    const one = running.get(id);
    const record = pending(id);
    running.delete(id);
    if (record === undefined || closed) return;
    busy.set(id, record.author);
    try {
      if (isRight) stored(id, await disk.place(id, record.file));
      else if (one !== undefined && one.began > 0 && !begunAnew.has(id)) {
        begunAnew.add(id); // a power cut may have left a part that was never written whole
        await disk.drop(id);
      } else {
        fail(id, "hash", WRONG_HASH);
        refuse(record.author, id, "hash", WRONG_HASH);
      }
    } catch (error) {
      await trouble(id, error instanceof Error ? error : new Error(String(error)));
    } finally {
      busy.delete(id);
      pump();
    }
  };
  const stored = (id: string, path: string): void => {
    const record = pending(id);
    if (record === undefined || closed) return;
    if (!write(id, { ...record, file: { ...record.file, state: "stored", path } }))
      return wait(id, "disk", "it is here, but the journal could not be written", FULL_RETRY_MS);
    waits.delete(id);
    send(record.author, id, "done");
    tell(id, "done", record.file.size);
    log.info("file-stored", { id, bytes: record.file.size });
  };
  const trouble = async (id: string, error: Error): Promise<void> => {
    await end(id);
    const record = pending(id);
    if (record === undefined || closed) return;
    log.warn("file", { id, message: error.message });
    const full = /ENOSPC|EDQUOT/.test(error.message);
    wait(
      id,
      "disk",
      full
        ? "the disk is full: it goes on when there is room"
        : `the disk does not take it (${harmlessLine(error.message, 80)}): it is tried again`,
      FULL_RETRY_MS,
    );
    refuse(record.author, id, "disk", full ? "the disk is full there" : "the disk fails there");
  };

  /** Tells the author how it ended, in case the first word was lost with a connection; false when it has not ended. */
  const outcome = (author: string, id: string, { file }: FileRecord): boolean => {
    if (file.state === "stored") send(author, id, "done");
    else if (file.state === "failed" && (file.code === "hash" || file.code === "rejected"))
      refuse(author, id, file.code, file.code === "hash" ? WRONG_HASH : REJECTED);
    else return false;
    return true;
  };

  const look = (): void => {
    const now = clock.steady();
    for (const [id, one] of running) {
      if (one.pausedAt !== undefined) {
        if (now - one.pausedAt > PAUSED_MS) void end(id);
      } else if (now - one.heardAt >= STALL_MS) {
        if (one.asked < MAX_ASKED) one.ask();
        else {
          void end(id);
          wait(id, "away", "the sender does not answer: it is tried again", SILENT_RETRY_MS);
        }
      }
    }
    pump();
  };
  clock.every(LOOK_MS, look);

  /** Parts whose offers are gone are removed. */
  const sweep = async (): Promise<void> => {
    for (const id of await disk.parts()) if (pending(id) === undefined) await disk.drop(id);
  };
  sweep().catch((error: unknown) => log.warn("file-parts", { message: String(error) }));

  return {
    offer(id, author, thread, offer, isOld) {
      if (Object.hasOwn(files, id)) return;
      const { size, sha256 } = offer;
      const file: FileState = { name: harmlessLine(offer.name, NAME_CHARS), size, sha256, state: "offered" };
      write(id, { author, thread, at: clock.now(), file, ...(isOld ? { old: true as const } : {}) });
      const record = pending(id);
      if (record === undefined) return;
      const why = held(id, record);
      if (why === undefined) return pump();
      refuse(author, id, why.code === "size" ? "size" : "accept", heldWords(why.code));
      tell(id, "waiting", 0, why.reason);
    },
    chunk(from, { header, bytes }) {
      const one = running.get(header.id);
      if (one === undefined || one.author !== from) return;
      if (one.take(header.offset, bytes) === "beyond") {
        void end(header.id);
        refuse(from, header.id, "hash", "more bytes came than were offered");
        return fail(header.id, "hash", "more bytes came than were offered");
      }
      tell(header.id, "receiving", one.received);
    },
    refused(from, id, code, reason) {
      const record = pending(id);
      if (record === undefined || record.author !== from) return;
      void end(id).then(pump);
      const why = harmlessLine(reason ?? code ?? "the sender does not send it", REASON_CHARS);
      if (code === undefined || mayAskAgain(code)) {
        const soon = code === "busy" ? BUSY_RETRY_MS * (0.5 + options.random()) : SILENT_RETRY_MS;
        return wait(id, "busy", why, soon);
      }
      fail(id, code as FileCode, why);
    },
    resume(author) {
      let told = 0;
      for (const [id, record] of Object.entries(files)) {
        if (record.author !== author) continue;
        if (told < MAX_TOLD && clock.now() - record.at < TOLD_AGAIN_MS && outcome(author, id, record)) told += 1;
        if (pending(id) === undefined) continue;
        const why = held(id, record);
        if (why !== undefined && (told += 1) <= MAX_TOLD)
          refuse(author, id, why.code === "size" ? "size" : "accept", heldWords(why.code));
        const waiting = waits.get(id)?.code;
        if (waiting === "away" || waiting === "busy") waits.delete(id);
        running.get(id)?.ask();
      }
      pump();
    },
    away(author) {
      for (const one of running.values()) if (author === undefined || one.author === author) one.pause();
    },
    accept(id) {
      const record = pending(id);
      if (record === undefined) return false;
      if (record.accepted !== true) write(id, { ...record, accepted: true });
      waits.delete(id);
      pump();
      return true;
    },
    decline(id) {
      const record = pending(id);
      if (record === undefined) return;
      void end(id).then(() => drop(id));
      fail(id, "rejected", "you rejected it");
      refuse(record.author, id, "rejected", REJECTED);
    },
    stateOf(id) {
      const record = Object.hasOwn(files, id) ? files[id] : undefined;
      if (record === undefined || pending(id) === undefined) return record?.file;
      const one = running.get(id);
      if (one !== undefined) return { ...record.file, state: "receiving", received: one.received };
      const why = held(id, record) ?? (options.isHere(record.author) ? waits.get(id) : AWAY);
      return why === undefined ? record.file : { ...record.file, code: why.code, reason: why.reason };
    },
    close() {
      closed = true;
      for (const id of running.keys()) void end(id);
    },
  };
}

/** What the author is told of an offer that waits. */
function heldWords(code: Wait["code"]): string {
  return code === "size" ? "it is larger than they take" : "it waits until they accept it";
}
