// The files of a room, both ways, as the room uses them: wired around one store and one link.
import type { FileProgress, FileState } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import {
  type Address,
  decodeChunk,
  type FileOffer,
  type FromRelay,
  ok,
  type OpenEvent,
  type Refused,
  type Result,
} from "@agora/protocol";
import type { Store } from "../kernel/store.ts";
import type { Prepared } from "../kernel/files-disk.ts";
import type { FilesDisk } from "../kernel/files-disk.ts";
import { AUTO_FILE_BYTES, FILE_QUOTA_BYTES } from "./limits.ts";
import { createProgress } from "./progress.ts";
import { createFileReceiving } from "./receiving.ts";
import { createFileSending, neededCopies } from "./sending.ts";

/** What a person may set. */
export interface FileSettings {
  readonly autoFileBytes?: number | undefined;
  readonly fileQuotaBytes?: number | undefined;
}

export interface RoomFiles {
  /** Finds, copies and hashes a file that will be offered as `id`. */
  prepare(
    id: string,
    path: string,
    byAgent: boolean,
  ): Promise<Result<Prepared & { readonly name: string }, "bad-file" | "disk" | "quota">>;
  /** Notes an offer of our own, before it goes out; without addresses it is for the whole room. */
  offered(id: string, thread: string, offer: FileOffer, to: readonly Address[], channel?: string): void;
  /** Our own offer did not go out. */
  withdrawn(id: string): void;
  /** Another's offer was kept; `isOld`: it is older than one's own membership. */
  kept(event: OpenEvent, offer: FileOffer, isOld: boolean): void;
  step(frame: Extract<FromRelay, { type: "file" }>): void;
  chunk(frame: Uint8Array): void;
  notPassed(frame: Refused): void;
  cameBack(member: string): void;
  /** The connection is gone. */
  lost(): void;
  accept(id: string): boolean;
  decline(id: string): void;
  /** Another's offers that wait, newest last. */
  waiting(): readonly { readonly id: string; readonly thread: string }[];
  stateOf(id: string): FileState | undefined;
  /** Calls back as files go on. */
  onProgress(fn: (progress: FileProgress) => void): () => void;
  close(): void;
}

/** Wires the files. */
export function createFiles(options: {
  readonly store: Store;
  readonly me: string;
  readonly room: string;
  readonly disk: FilesDisk;
  readonly settings: FileSettings;
  readonly maxBytes: () => number;
  readonly chunkBytes: () => number;
  readonly isHere: (member: string) => boolean;
  /** Whether a member that speaks with this key is the one it is known to be. */
  readonly isKnown: (member: string, key: string) => boolean;
  /** Whether a member under this key is in a channel now. */
  readonly isInChannel: (channel: string, member: string, key: string) => boolean;
  /** Whether two keys under one name are the same person's. */
  readonly isSame: (name: string, one: string, other: string) => boolean;
  /** Whether another device of this person is here. */
  readonly hasOtherDevices: () => boolean;
  readonly link: () => Link;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}): RoomFiles {
  const { store, me, room, clock, log, link, chunkBytes, maxBytes, isHere, settings } = options;
  const listeners = new Set<(progress: FileProgress) => void>();
  const progress = createProgress(clock, (told) => {
    for (const fn of listeners) fn(told);
  });
  // A file that may be sent at all must fit into the quota.
  const quotaBytes = (): number => Math.max(settings.fileQuotaBytes ?? FILE_QUOTA_BYTES, maxBytes());

  const { disk } = options;
  const copies = disk.copies({
    quotaBytes,
    needed: () => neededCopies(store, me, clock.now()),
    log,
  });
  const sending = createFileSending({
    store,
    copies,
    me,
    room,
    link,
    isInChannel: options.isInChannel,
    isSame: options.isSame,
    hasOtherDevices: options.hasOtherDevices,
    chunkBytes,
    clock,
    log,
    progress,
  });
  const receiving = createFileReceiving({
    store,
    me,
    room,
    disk: disk.received,
    maxBytes,
    autoBytes: settings.autoFileBytes ?? AUTO_FILE_BYTES,
    quotaBytes,
    chunkBytes,
    isHere,
    link,
    clock,
    log,
    random: options.random,
    progress,
  });
  void copies.sweep();

  return {
    async prepare(id, path, byAgent) {
      const found = await disk.find(path, byAgent);
      if (!found.ok) return found;
      const { name } = found.value;
      const prepared = await copies.prepare(found.value.path, maxBytes(), (bytes, size) =>
        progress({ id, name, size, step: "copying", bytes }),
      );
      return prepared.ok ? ok({ name, ...prepared.value }) : prepared;
    },
    offered(id, thread, offer, to, channel) {
      const readers = to
        .filter(({ member }) => member !== me)
        .map(({ member, key }) => ({ member, ...(key === undefined ? {} : { key }) }));
      const isOpen = to.length === 0 || channel !== undefined;
      sending.offered(id, thread, offer, isOpen ? undefined : readers, channel);
    },
    withdrawn: (id) => sending.withdrawn(id),
    kept: ({ head }, offer, isOld) => receiving.offer(head.id, head.author, head.thread, offer, isOld),
    step(frame) {
      const { from, key, id, code, reason, offset = 0 } = frame;
      if (!options.isKnown(from, key)) return; // it may be here before we were told so
      switch (frame.step) {
        case "want":
          return sending.want(from, key, id, offset);
        case "ack":
          return sending.ack(from, key, id, offset);
        case "done":
          return sending.done(from, key, id);
        case "refuse":
          sending.refused(from, key, id, code, reason);
          return receiving.refused(from, id, code, reason);
      }
    },
    chunk(frame) {
      const chunk = decodeChunk(frame, chunkBytes());
      const from = chunk.ok ? chunk.value.header.from : undefined;
      // A chunk brings no key: whoever took an author's name while it was away is not the author.
      if (chunk.ok && from !== undefined && isHere(from)) receiving.chunk(from, chunk.value);
    },
    notPassed(frame) {
      sending.notPassed(frame);
      if (frame.code === "no-such-member" && frame.to !== undefined) receiving.away(frame.to);
    },
    cameBack: (member) => receiving.resume(member),
    lost() {
      sending.lost();
      receiving.away();
    },
    accept: (id) => receiving.accept(id),
    decline: (id) => receiving.decline(id),
    waiting: () =>
      Object.entries(store.state.files)
        .filter(([, { author, file }]) => author !== me && file.state === "offered")
        .map(([id, { thread }]) => ({ id, thread })),
    stateOf: (id) => sending.stateOf(id) ?? receiving.stateOf(id),
    onProgress: (fn) => (listeners.add(fn), () => void listeners.delete(fn)),
    close() {
      sending.close();
      receiving.close();
    },
  };
}
