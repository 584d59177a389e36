// The keys that names are known by, in memory: they outlive each process of their member.
import type { Pin, Pins } from "@agora/user-config";
import { ok } from "@agora/protocol";

/** Makes them; `now` is the machine's time, unix milliseconds. */
export function memoryPins(now: () => number): Pins {
  const pins = new Map<string, Pin>();
  return {
    get: (name) => pins.get(name),
    pin(name, key) {
      const known = pins.get(name);
      if (known === undefined) pins.set(name, { key, at: now() });
      return known === undefined ? "new" : known.key === key ? "same" : "changed";
    },
    belongs(name, whose) {
      const known = pins.get(name);
      if (known !== undefined) pins.set(name, { ...known, ...whose });
    },
    repin: (_name, key) => Promise.resolve(ok({ key, at: 0 })),
    all: () => pins,
    flush: () => Promise.resolve(ok(undefined)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
