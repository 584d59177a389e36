// Writes to the database: writes are accepted immediately and carried out in order, each batch all or nothing. Anything that
// may not be said before it is stored waits for `written`.
import type { Pin } from "@agora/user-config";
import type { Clock } from "@agora/ports";
import type { MemberDatabase } from "./database.ts";

/** One queued write; without a value it removes, and with `before` it removes everything below. */
export type Write =
  | {
      readonly store: "history" | "outbox" | "inbox";
      readonly put: number;
      readonly value: { value: unknown; size: number };
    }
  | { readonly store: "history" | "outbox" | "inbox"; readonly before: number }
  | { readonly store: "kept"; readonly put: string; readonly value: string }
  | { readonly store: "pins"; readonly put: string; readonly value: Pin }
  | { readonly store: "pins"; readonly drop: string };

export interface Writer {
  add(write: Write): void;
  /** Why the last write failed; it is retried. */
  readonly failure: string | undefined;
  /** Whether everything added is written. */
  readonly isIdle: boolean;
  /** Resolves when everything added before is written; rejects if that failed this time. */
  written(): Promise<void>;
  /** Writes what is left and ends. */
  close(): Promise<void>;
}

const RETRY_MS = 2_000;
const STORES = ["history", "outbox", "inbox", "kept", "pins"] as const;

/** Creates the writer. */
export function createWriter(db: MemberDatabase, clock: Clock): Writer {
  let queue: Write[] = [];
  let added = 0;
  let done = 0;
  let failure: string | undefined;
  let pass: Promise<void> | undefined;
  let cancelRetry: (() => void) | undefined;

  const writeBatch = async (): Promise<void> => {
    await Promise.resolve(); // include what the same turn still adds
    const batch = queue;
    queue = [];
    try {
      await commit(db, batch);
      done += batch.length;
      failure = undefined;
    } catch (error) {
      queue = [...batch, ...queue];
      failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      cancelRetry ??= clock.after(RETRY_MS, () => {
        cancelRetry = undefined;
        void next().catch(() => undefined);
      });
      throw error;
    }
  };
  const next = (): Promise<void> =>
    (pass ??= writeBatch().finally(() => {
      pass = undefined;
      if (queue.length > 0 && failure === undefined) void next().catch(() => undefined);
    }));
  const writtenTo = async (goal: number): Promise<void> => {
    if (done >= goal) return;
    await next();
    return writtenTo(goal);
  };
  const written = (): Promise<void> => writtenTo(added);
  return {
    add(write) {
      queue.push(write);
      added += 1;
      if (failure === undefined) void next().catch(() => undefined);
    },
    get failure() {
      return failure;
    },
    get isIdle() {
      return done === added;
    },
    written,
    async close() {
      await written().catch(() => undefined); // what couldn't be written now isn't told to anybody either
      cancelRetry?.();
      db.close();
    },
  };
}

async function commit(db: MemberDatabase, batch: readonly Write[]): Promise<void> {
  const tx = db.transaction(STORES, "readwrite", { durability: "strict" });
  const all: Promise<unknown>[] = [tx.done];
  for (const write of batch) {
    if ("before" in write) all.push(tx.objectStore(write.store).delete(IDBKeyRange.upperBound(write.before, true)));
    else if ("drop" in write) all.push(tx.objectStore(write.store).delete(write.drop));
    else if (write.store === "kept") all.push(tx.objectStore("kept").put(write.value, write.put));
    else if (write.store === "pins") all.push(tx.objectStore("pins").put(write.value, write.put));
    else all.push(tx.objectStore(write.store).put(write.value, write.put));
  }
  await Promise.all(all);
}
