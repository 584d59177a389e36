// Files on their way in: which offers are fetched now and which wait for what, by what their authors, the person and the
// connection say.
import type { FileState } from "@agora/ipc";
import type { Clock } from "@agora/ports";
import { type Chunk, type FileCode, type FileOffer, harmlessLine, mayAskAgain } from "@agora/protocol";
import { createFetching, type FetchingOptions, WRONG_HASH } from "./fetching.ts";
import type { FileRecord } from "./fold.ts";
import { createIncomingOffers, type IncomingOptions, type Wait } from "./incoming-offers.ts";
import { BUSY_RETRY_MS, SILENT_RETRY_MS } from "./limits.ts";

const NAME_CHARS = 100;
const REASON_CHARS = 150;
/** Waiting offers that an author who is back is told of. */
const MAX_TOLD = 50;
/** How long the outcome is repeated to an author who comes back, milliseconds. */
const TOLD_AGAIN_MS = 24 * 3_600_000;
const REJECTED = "they rejected it";
const AWAY = { code: "away", reason: "the sender is away: it comes when they are back" } as const;
const TOO_MUCH = "more bytes came than were offered";

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

/** Creates the receiving side. */
export function createFileReceiving(
  options: IncomingOptions & Omit<FetchingOptions, "offers"> & { readonly clock: Clock; readonly random: () => number },
): FileReceiving {
  const { clock } = options;
  const offers = createIncomingOffers(options);
  const fetching = createFetching({ ...options, offers });

  /** Tells the author how it ended, in case the first word was lost with a connection; false when it has not ended. */
  const outcome = (author: string, id: string, { file }: FileRecord): boolean => {
    if (file.state === "stored") offers.send(author, id, "done");
    else if (file.state === "failed" && (file.code === "hash" || file.code === "rejected"))
      offers.refuse(author, id, file.code, file.code === "hash" ? WRONG_HASH : REJECTED);
    else return false;
    return true;
  };
  const refuseHeld = (author: string, id: string, { code }: Pick<Wait, "code">): void =>
    offers.refuse(author, id, code === "size" ? "size" : "accept", heldWords(code));

  return {
    offer(id, author, thread, offer, isOld) {
      if (Object.hasOwn(offers.all, id)) return;
      const { size, sha256 } = offer;
      const file: FileState = { name: harmlessLine(offer.name, NAME_CHARS), size, sha256, state: "offered" };
      offers.write(id, { author, thread, at: clock.now(), file, ...(isOld ? { old: true as const } : {}) });
      const record = offers.pending(id);
      if (record === undefined) return;
      const why = offers.held(id, record);
      if (why === undefined) return fetching.pump();
      refuseHeld(author, id, why);
      offers.tell(id, "waiting", 0, why.reason);
    },
    chunk(from, { header, bytes }) {
      const { id, offset } = header;
      const one = fetching.get(id);
      if (one === undefined || one.author !== from) return;
      if (one.take(offset, bytes) === "beyond") {
        void fetching.end(id);
        offers.refuse(from, id, "hash", TOO_MUCH);
        return fetching.fail(id, "hash", TOO_MUCH);
      }
      offers.tell(id, "receiving", one.received);
    },
    refused(from, id, code, reason) {
      const record = offers.pending(id);
      if (record === undefined || record.author !== from) return;
      void fetching.end(id).then(() => fetching.pump());
      const why = harmlessLine(reason ?? code ?? "the sender does not send it", REASON_CHARS);
      if (code === undefined || mayAskAgain(code)) {
        const soon = code === "busy" ? BUSY_RETRY_MS * (0.5 + options.random()) : SILENT_RETRY_MS;
        return offers.wait(id, "busy", why, soon);
      }
      fetching.fail(id, code as FileCode, why);
    },
    resume(author) {
      let told = 0;
      for (const [id, record] of Object.entries(offers.all)) {
        if (record.author !== author) continue;
        if (told < MAX_TOLD && clock.now() - record.at < TOLD_AGAIN_MS && outcome(author, id, record)) told += 1;
        if (offers.pending(id) === undefined) continue;
        const why = offers.held(id, record);
        if (why !== undefined && (told += 1) <= MAX_TOLD) refuseHeld(author, id, why);
        const waiting = offers.waitOf(id)?.code;
        if (waiting === "away" || waiting === "busy") offers.goOn(id);
        fetching.get(id)?.ask();
      }
      fetching.pump();
    },
    away(author) {
      for (const one of fetching.all()) if (author === undefined || one.author === author) one.pause();
    },
    accept(id) {
      const record = offers.pending(id);
      if (record === undefined) return false;
      if (record.accepted !== true) offers.write(id, { ...record, accepted: true });
      offers.goOn(id);
      fetching.pump();
      return true;
    },
    decline(id) {
      const record = offers.pending(id);
      if (record === undefined) return;
      void fetching.end(id).then(() => fetching.drop(id));
      fetching.fail(id, "rejected", "you rejected it");
      offers.refuse(record.author, id, "rejected", REJECTED);
    },
    stateOf(id) {
      const record = Object.hasOwn(offers.all, id) ? offers.all[id] : undefined;
      if (record === undefined || offers.pending(id) === undefined) return record?.file;
      const one = fetching.get(id);
      if (one !== undefined) return { ...record.file, state: "receiving", received: one.received };
      const why = offers.held(id, record) ?? (options.isHere(record.author) ? offers.waitOf(id) : AWAY);
      return why === undefined ? record.file : { ...record.file, code: why.code, reason: why.reason };
    },
    close: () => fetching.close(),
  };
}

/** What the author is told of an offer that waits. */
function heldWords(code: Wait["code"]): string {
  return code === "size" ? "it is larger than they take" : "it waits until they accept it";
}
