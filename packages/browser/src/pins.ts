// Which key was first seen under which name, as this browser remembers it.
import type { Pin, Pins } from "@agora/home";
import { ok } from "@agora/protocol";
import type { MemberDatabase } from "./database.ts";
import type { Writer } from "./writer.ts";

/** Never the oldest makes room: with a room's token one could push a name out by showing many others. */
const MAX_PINS = 10_000;

/** Reads the pins of one member's room. [PIN-1] */
export async function openBrowserPins(db: MemberDatabase, writer: Writer): Promise<Pins> {
  const tx = db.transaction("pins");
  const [names, kept] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
  const pins = new Map<string, Pin>(names.map((name, i) => [name, kept[i]!]));
  const put = (name: string, pin: Pin): void => {
    pins.set(name, pin);
    writer.add({ store: "pins", put: name, value: pin });
  };
  return {
    get: (name) => pins.get(name),
    pin(name, key) {
      const known = pins.get(name);
      if (known !== undefined) return known.key === key ? "same" : "changed";
      if (pins.size >= MAX_PINS) return "full";
      put(name, { key, at: Date.now() });
      return "new";
    },
    async repin(name, key) {
      const old = pins.get(name);
      const previous = old === undefined || old.key === key ? old?.previous : old.key;
      const pin: Pin = { key, at: Date.now(), ...(previous === undefined ? {} : { previous }) };
      put(name, pin);
      await writer.written();
      return ok(pin);
    },
    all: () => pins,
    async flush() {
      await writer.written();
      return ok(undefined);
    },
    [Symbol.asyncDispose]: () => writer.written(),
  };
}
