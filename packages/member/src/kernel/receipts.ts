// Receipts: telling authors where their events are, in batches, only after the disk has them; and keeping the last word
// given, so that an author who was away hears it when back.
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { MAX_RECEIPTS, type Receipt } from "@agora/protocol";
import { authorOf } from "./authors.ts";
import type { Store } from "./store.ts";

export interface Receipts {
  /** Tells the author of an event its state. */
  give(author: string, receipt: Omit<Receipt, "at">): void;
  /** Says again what was said last about one event that was addressed to us: it came twice. */
  again(id: string, author: string): void;
  /** An author is here (again): everything said to it lately is said once more. */
  tell(author: string): void;
}

const BATCH_MS = 20;

/** States that concern our person's other devices: nobody else is to hand it over. */
function isDone(state: Receipt["state"]): boolean {
  return state === "handed" || state === "seen" || state === "answered" || state === "rejected";
}

/** Creates what sends receipts. */
export function createReceipts(options: {
  readonly store: Store;
  readonly link: () => Link;
  readonly room: string;
  readonly me: string;
  /** Whether another device of this person is here. */
  readonly hasOtherDevices: () => boolean;
  /** The key that a member is known by. */
  readonly keyOf: (name: string) => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}): Receipts {
  const { store, clock } = options;
  let due = new Map<string, Map<string, Receipt>>();
  let scheduled = false;

  const put = (author: string, receipt: Receipt): void => {
    if (author === options.me) return; // one's own devices tell each other nothing of this
    const batch = due.get(author) ?? new Map<string, Receipt>();
    batch.set(receipt.id, receipt); // a later state says more than the earlier one
    due.set(author, batch);
    if (scheduled) return;
    scheduled = true;
    clock.after(BATCH_MS, () => void flush());
  };
  const flush = async (): Promise<void> => {
    const batches = due;
    due = new Map();
    scheduled = false;
    try {
      await store.syncReceived();
    } catch (error) {
      options.log.warn("sync", { message: String(error) });
      return; // what is not on the disk is not confirmed; the author delivers it again
    }
    if (options.hasOtherDevices()) {
      // They hand nothing over, or end what is ended, before anybody who is not here any more could.
      const done = [...batches.values()].flatMap((batch) => [...batch.values()].filter(({ state }) => isDone(state)));
      if (done.length > 0) batches.set(options.me, new Map(done.map((receipt) => [receipt.id, receipt])));
    }
    for (const [to, batch] of batches) {
      const items = [...batch.values()];
      for (let i = 0; i < items.length; i += MAX_RECEIPTS) {
        options.link().send({ type: "receipts", room: options.room, to, items: items.slice(i, i + MAX_RECEIPTS) });
      }
    }
  };

  return {
    give(author, word) {
      const receipt: Receipt = { ...word, at: clock.now() };
      const key = options.keyOf(author);
      const { standing, by } = (key === undefined ? undefined : authorOf(store.state.authors, key)) ?? {};
      store.in({
        ...{ op: "given", author, receipt },
        ...(standing === undefined ? {} : { standing }),
        ...(by === undefined ? {} : { by }),
      });
      put(author, receipt);
    },
    again(id, author) {
      const given = store.state.given[id];
      // What was said long ago is forgotten; that it is here is true, and the author can stop delivering it.
      if (given === undefined) put(author, { id, state: "stored", at: clock.now() });
      else if (given.author === author) put(author, given.receipt);
    },
    tell(author) {
      for (const given of Object.values(store.state.given)) if (given.author === author) put(author, given.receipt);
    },
  };
}
