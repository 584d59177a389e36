// The offers of others: which is still to be fetched, what each waits for, and what the person and its author are told of it.
import type { FileProgress, FileState } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Clock } from "@agora/ports";
import type { FileCode } from "@agora/protocol";
import type { Store } from "../kernel/store.ts";
import type { FileRecord } from "./fold.ts";
import { sizeWords } from "./size-words.ts";

/** What an offer waits for. */
export interface Wait {
  readonly code: NonNullable<FileState["code"]>;
  readonly reason: string;
  /** Not before, on the steady clock. */
  readonly until: number;
}

export interface IncomingOffers {
  /** All offers by id, one's own among them. */
  readonly all: Readonly<Record<string, FileRecord>>;
  /** Another's offer that is neither here nor given up. */
  pending(id: string): FileRecord | undefined;
  /** Writes the record of an offer; false: the journal does not take it. */
  write(id: string, record: FileRecord): boolean;
  /** It is whole, at `path`; false: the journal does not take it. */
  stored(id: string, path: string): boolean;
  /** It will not come; false when it was not expected any more. */
  failed(id: string, code: FileCode, reason: string): boolean;
  /** Why a file is not fetched by itself at all. */
  held(id: string, record: FileRecord): Pick<Wait, "code" | "reason"> | undefined;
  /** It waits for so many milliseconds. */
  wait(id: string, code: Wait["code"], reason: string, ms: number): void;
  waitOf(id: string): Wait | undefined;
  /** It waits for nothing any more. */
  goOn(id: string): void;
  /** Tells the person how far it is. */
  tell(id: string, step: FileProgress["step"], bytes: number, reason?: string): void;
  send(to: string, id: string, step: "want" | "ack" | "done", offset?: number): void;
  /** Tells the author, if it is here, why it does not come. */
  refuse(to: string, id: string, code: FileCode, reason: string): void;
}

export interface IncomingOptions {
  readonly store: Store;
  readonly me: string;
  readonly room: string;
  readonly maxBytes: () => number;
  readonly autoBytes: number;
  readonly isHere: (member: string) => boolean;
  readonly link: () => Link;
  readonly clock: Clock;
  readonly progress: (progress: FileProgress) => void;
}

/** Keeps the offers of others. */
export function createIncomingOffers(options: IncomingOptions): IncomingOffers {
  const { store, room, clock } = options;
  const files = store.state.files;
  const waits = new Map<string, Wait>();

  const pending: IncomingOffers["pending"] = (id) => {
    const record = Object.hasOwn(files, id) ? files[id] : undefined;
    return record !== undefined && record.author !== options.me && record.file.state === "offered" ? record : undefined;
  };
  const write: IncomingOffers["write"] = (id, record) => store.in({ op: "file", id, ...record }).ok;
  const tell: IncomingOffers["tell"] = (id, step, bytes, reason) => {
    const { name, size } = files[id]!.file;
    options.progress({ id, name, size, step, bytes, ...(reason === undefined ? {} : { reason }) });
  };

  return {
    all: files,
    pending,
    write,
    tell,
    stored(id, path) {
      const record = pending(id);
      return record !== undefined && write(id, { ...record, file: { ...record.file, state: "stored", path } });
    },
    failed(id, code, reason) {
      const record = pending(id);
      if (record === undefined) return false;
      waits.delete(id);
      write(id, { ...record, file: { ...record.file, state: "failed", code, reason } });
      tell(id, "failed", 0, reason);
      return true;
    },
    held(id, { file, accepted, old }) {
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
    },
    wait(id, code, reason, ms) {
      waits.set(id, { code, reason, until: clock.steady() + ms });
      tell(id, "waiting", 0, reason);
    },
    waitOf: (id) => waits.get(id),
    goOn: (id) => void waits.delete(id),
    send: (to, id, step, offset) =>
      void options.link().send({ type: "file", room, to, step, id, ...(offset === undefined ? {} : { offset }) }),
    refuse(to, id, code, reason) {
      if (options.isHere(to)) options.link().send({ type: "file", room, to, step: "refuse", id, code, reason });
    },
  };
}
