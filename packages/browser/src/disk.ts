// The store's disk in a browser: read completely at the start, written behind.
import { FORMAT, type JournalName, type StoreDisk } from "@agora/member";
import type { Journal } from "@agora/ports";
import type { KeptRecord, MemberDatabase } from "./database.ts";
import { createJournal } from "./journal.ts";
import type { Writer } from "./writer.ts";

export type RoomMark = Parameters<StoreDisk["noteRoom"]>[0];

export interface BrowserDisk extends StoreDisk {
  /** What was last recorded about the room. */
  readonly mark: RoomMark | undefined;
  /** A later version of this page wrote it: don't touch any of it. */
  readonly isNewer: boolean;
}

/** Reads what was stored. */
export async function openBrowserDisk(db: MemberDatabase, writer: Writer): Promise<BrowserDisk> {
  const journals: Record<JournalName, readonly (readonly [number, KeptRecord])[]> = {
    history: await readAll(db, "history"),
    outbox: await readAll(db, "outbox"),
    inbox: await readAll(db, "inbox"),
  };
  const checkpoint = await db.get("kept", "checkpoint");
  const mark = await db.get("kept", "room");
  const { v = FORMAT } = checkpoint === undefined ? {} : (JSON.parse(checkpoint) as { readonly v?: number });
  return {
    isNewer: v > FORMAT,
    mark: mark === undefined ? undefined : (JSON.parse(mark) as RoomMark),
    open: <T>(name: JournalName): Journal<T> => createJournal<T>(name, journals[name], writer),
    readCheckpoint: () => checkpoint,
    writeCheckpoint: (text) => writer.add({ store: "kept", put: "checkpoint", value: text }),
    setCheckpointAside() {
      writer.add({ store: "kept", put: "checkpoint.unfit", value: checkpoint ?? "{}" });
      writer.add({ store: "kept", put: "checkpoint", value: "{}" }); // without a format: it is skipped
    },
    noteRoom: (now) => writer.add({ store: "kept", put: "room", value: JSON.stringify(now) }),
  };
}

async function readAll(db: MemberDatabase, store: JournalName): Promise<readonly (readonly [number, KeptRecord])[]> {
  const tx = db.transaction(store);
  const [keys, values] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
  return keys.map((key, i) => [key, values[i]!]);
}
