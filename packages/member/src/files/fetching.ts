// The fetches under way: as many due offers as there are places, none of one author before all others. Each is checked when it
// is whole and moved to its place; cut off, it goes on where it stopped.
import type { Clock, Log } from "@agora/ports";
import { type FileCode, harmlessLine } from "@agora/protocol";
import type { ReceivedFiles } from "../kernel/files-disk.ts";
import type { FileRecord } from "./fold.ts";
import type { IncomingOffers } from "./incoming-offers.ts";
import {
  ACK_CHUNKS,
  FULL_RETRY_MS,
  MAX_ASKED,
  MAX_FETCHING,
  MAX_FETCHING_FROM_ONE,
  MAX_PENDING_CHUNKS,
  PAUSED_MS,
  SILENT_RETRY_MS,
  STALL_MS,
} from "./limits.ts";
import { createRunning, type Running } from "./running.ts";
import { sizeWords } from "./size-words.ts";

const LOOK_MS = 1_000;
export const WRONG_HASH = "what arrived is not what was offered (the hash differs)";

export interface Fetching {
  /** Begins what is due. */
  pump(): void;
  /** The fetch of an offer, if it is under way. */
  get(id: string): Running | undefined;
  all(): Iterable<Running>;
  /** Ends a fetch; what it has got stays. */
  end(id: string): Promise<void>;
  /** It will not come: what came of it is removed. */
  fail(id: string, code: FileCode, reason: string): void;
  /** Removes what came of it. */
  drop(id: string): Promise<void>;
  close(): void;
}

export interface FetchingOptions {
  readonly offers: IncomingOffers;
  readonly disk: ReceivedFiles;
  readonly quotaBytes: () => number;
  readonly chunkBytes: () => number;
  readonly isHere: (member: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Begins to fetch; looks every second for what stalled, and for what is due. */
export function createFetching(options: FetchingOptions): Fetching {
  const { offers, disk, clock, log } = options;
  const running = new Map<string, Running>();
  /** Files whose parts are being opened or put in place, with their authors. */
  const busy = new Map<string, string>();
  /** Parts that turned out wrong and were begun anew. */
  const begunAnew = new Set<string>();
  let closed = false;

  const drop = (id: string): Promise<void> =>
    disk.drop(id).catch((error: unknown) => log.warn("file-parts", { message: String(error) }));
  const fail = (id: string, code: FileCode, reason: string): void => {
    if (offers.failed(id, code, reason)) void drop(id);
  };
  const end = (id: string): Promise<void> => {
    const one = running.get(id);
    running.delete(id);
    return one?.close() ?? Promise.resolve();
  };
  const isDue = (id: string, record: FileRecord): boolean =>
    !running.has(id) &&
    !busy.has(id) &&
    offers.held(id, record) === undefined &&
    options.isHere(record.author) &&
    (offers.waitOf(id)?.until ?? 0) <= clock.steady();

  const pump = (): void => {
    if (closed) return;
    for (const [id, record] of Object.entries(offers.all)) {
      const places = [...running.values()].map(({ author }) => author).concat([...busy.values()]);
      if (places.length >= MAX_FETCHING) return;
      if (offers.pending(id) === undefined || !isDue(id, record)) continue;
      if (places.filter((author) => author === record.author).length >= MAX_FETCHING_FROM_ONE) continue;
      busy.set(id, record.author);
      void begin(id, record).finally(() => {
        busy.delete(id);
        if (offers.waitOf(id) === undefined) pump();
      });
    }
  };

  /** Whether there is room for the rest of a file beside what the others still need; it waits when there is none. */
  const isWithinQuota = async (id: string, { author, file }: FileRecord): Promise<boolean> => {
    const reserved = [...running.values()].reduce((sum, one) => sum + one.size - one.received, 0);
    const needed = file.size - (await disk.partBytes(id)) + reserved;
    const used = await disk.usedBytes();
    const quota = options.quotaBytes();
    if (used + needed <= quota) return true;
    const reason = `${sizeWords(used)} of ${sizeWords(quota)} for received files are used: remove some from .agora/files`;
    if (offers.waitOf(id)?.code !== "quota")
      offers.refuse(author, id, "quota", "the folder for received files is full there");
    offers.wait(id, "quota", reason, FULL_RETRY_MS);
    return false;
  };

  const begin = async (id: string, record: FileRecord): Promise<void> => {
    const { author, file } = record;
    try {
      const here = await disk.find(file);
      if (here !== undefined) return stored(id, here);
      if (!(await isWithinQuota(id, record))) return;
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
      if (closed || offers.pending(id) === undefined) return await fetch.close();
      offers.goOn(id);
      const one = createRunning({
        author,
        size: file.size,
        fetch,
        clock,
        ask: (offset) => offers.send(author, id, "want", offset),
        ack: (offset) => offers.send(author, id, "ack", offset),
        ackBytes: ACK_CHUNKS * options.chunkBytes(),
      });
      running.set(id, one);
      if (fetch.received < file.size) one.ask();
      offers.tell(id, "receiving", fetch.received);
    } catch (error) {
      await trouble(id, error);
    }
  };

  const whole = async (id: string, isRight: boolean): Promise<void> => {
    const one = running.get(id);
    const record = offers.pending(id);
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
        offers.refuse(record.author, id, "hash", WRONG_HASH);
      }
    } catch (error) {
      await trouble(id, error);
    } finally {
      busy.delete(id);
      pump();
    }
  };
  const stored = (id: string, path: string): void => {
    const record = offers.pending(id);
    if (record === undefined || closed) return;
    if (!offers.stored(id, path))
      return offers.wait(id, "disk", "it is here, but the journal could not be written", FULL_RETRY_MS);
    offers.goOn(id);
    offers.send(record.author, id, "done");
    offers.tell(id, "done", record.file.size);
    log.info("file-stored", { id, bytes: record.file.size });
  };
  const trouble = async (id: string, error: unknown): Promise<void> => {
    const message = error instanceof Error ? error.message : String(error);
    await end(id);
    const record = offers.pending(id);
    if (record === undefined || closed) return;
    log.warn("file", { id, message });
    const full = /ENOSPC|EDQUOT/.test(message);
    const reason = full
      ? "the disk is full: it goes on when there is room"
      : `the disk does not take it (${harmlessLine(message, 80)}): it is tried again`;
    offers.wait(id, "disk", reason, FULL_RETRY_MS);
    offers.refuse(record.author, id, "disk", full ? "the disk is full there" : "the disk fails there");
  };

  /** Lets go of whom nobody hears of; asks again whoever is silent. */
  const look = (): void => {
    const now = clock.steady();
    for (const [id, one] of running) {
      if (one.pausedAt !== undefined) {
        if (now - one.pausedAt > PAUSED_MS) void end(id);
      } else if (now - one.heardAt >= STALL_MS) {
        if (one.asked < MAX_ASKED) one.ask();
        else {
          void end(id);
          offers.wait(id, "away", "the sender does not answer: it is tried again", SILENT_RETRY_MS);
        }
      }
    }
    pump();
  };
  clock.every(LOOK_MS, look);

  /** Parts whose offers are gone are removed. */
  const sweep = async (): Promise<void> => {
    for (const id of await disk.parts()) if (offers.pending(id) === undefined) await disk.drop(id);
  };
  sweep().catch((error: unknown) => log.warn("file-parts", { message: String(error) }));

  return {
    pump,
    get: (id) => running.get(id),
    all: () => running.values(),
    end,
    fail,
    drop,
    close() {
      closed = true;
      for (const id of running.keys()) void end(id);
    },
  };
}
