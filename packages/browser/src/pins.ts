// Which key was first seen under which name, as this browser remembers it.
import type { Pin, Pins } from "@agora/user-config";
import { belongingPin, createPinBook } from "@agora/user-config/pin-book";
import { ok } from "@agora/protocol";
import type { MemberDatabase } from "./database.ts";
import type { Writer } from "./writer.ts";

/** Reads the pins of one member's room. [PIN-1] */
export async function openBrowserPins(db: MemberDatabase, writer: Writer): Promise<Pins> {
  const tx = db.transaction("pins");
  const [names, kept] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
  const book = createPinBook(names.map((name, i) => [name, kept[i]!] as const).sort(([, a], [, b]) => a.at - b.at));
  const put = (name: string, pin: Pin): void => {
    book.put(name, pin);
    writer.add({ store: "pins", put: name, value: pin });
  };
  return {
    get: (name) => book.all.get(name),
    pin(name, key, sight = "word") {
      const met = book.meet(name, key, sight, Date.now());
      if (met.dropped !== undefined) writer.add({ store: "pins", drop: met.dropped });
      if (met.put !== undefined) put(name, met.put);
      return met.pinned;
    },
    belongs(name, whose) {
      const known = book.all.get(name);
      if (known !== undefined) put(name, belongingPin(known, whose, Date.now()));
    },
    async repin(name, key) {
      const old = book.all.get(name);
      const previous = old === undefined || old.key === key ? old?.previous : old.key;
      const pin: Pin = { key, at: Date.now(), ...(previous === undefined ? {} : { previous }) };
      put(name, pin);
      await writer.written();
      return ok(pin);
    },
    all: () => book.all,
    async flush() {
      await writer.written();
      return ok(undefined);
    },
    [Symbol.asyncDispose]: () => writer.written(),
  };
}
