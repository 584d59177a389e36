// Of several devices of a person one hands a mention over: model devices that hear the same words of a relay, in the same order.
import type { PresentDevice } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { wakingDevice } from "./waking-device.ts";

const device = (key: string, since: number, mode: "auto" | "manual", seats: readonly (readonly [string, boolean])[]) =>
  ({
    ...{ key, since },
    facts: { mode, seats: seats.map(([seat, reachable]) => ({ seat, reachable, connected: true, busy: false })) },
  }) as PresentDevice;

const someDevice = fc.record({
  key: fc.constantFrom("a", "b", "c"),
  since: fc.nat(3),
  mode: fc.constantFrom("auto" as const, "manual" as const),
  seats: fc.array(fc.tuple(fc.constantFrom("claude", "codex"), fc.boolean()), { maxLength: 2 }),
});
const someDevices = fc
  .uniqueArray(someDevice, { selector: ({ key }) => key, maxLength: 3 })
  .map((all) => all.map(({ key, since, mode, seats }) => device(key, since, mode, seats)));
const item = fc
  .record({ seat: fc.constantFrom(undefined, "claude", "codex") })
  .map(({ seat }) => (seat === undefined ? {} : { seat }));

test("one device is chosen whenever one is there, the same in whatever order they are told [DEVICE-10]", () => {
  fc.assert(
    fc.property(someDevices, item, fc.infiniteStream(fc.nat()), (devices, wanted, order) => {
      const chosen = wakingDevice(devices, wanted);
      expect(chosen === undefined).toBe(devices.length === 0);
      const shuffled = devices.map((one) => ({ one, at: order.next().value })).sort((x, y) => x.at - y.at);
      expect(
        wakingDevice(
          shuffled.map(({ one }) => one),
          wanted,
        ),
      ).toBe(chosen);
    }),
  );
});

test("the one that is chosen can do it, if any can [DEVICE-10]", () => {
  fc.assert(
    fc.property(someDevices, item, (devices, wanted) => {
      const can = ({ facts }: PresentDevice): boolean =>
        facts?.mode === "auto" &&
        facts.seats!.some(({ seat, reachable }) => reachable && (wanted.seat ?? seat) === seat);
      const able = devices.filter(can).map(({ key }) => key);
      if (able.length > 0) expect(able).toContain(wakingDevice(devices, wanted));
    }),
  );
});

test("through any comings, goings, seats and deaths a mention is handed over once, and not never [DEVICE-10]", () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant("told" as const), devices: someDevices }),
    fc.record({ what: fc.constant("look" as const), who: fc.constantFrom("a", "b", "c") }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), item, (steps, wanted) => {
      let here: readonly PresentDevice[] = [];
      // A receipt reaches the others before the word that its sender has gone: all of them know who was handed it.
      let handedBy: string | undefined;
      let times = 0;
      const look = (who: string): void => {
        if (handedBy !== undefined || wakingDevice(here, wanted) !== who) return;
        handedBy = who;
        times += 1;
      };
      for (const one of steps) {
        if (one.what === "told") here = one.devices;
        else look(one.who);
      }
      for (const { key } of here) look(key);
      expect(times).toBe(here.length > 0 ? 1 : Number(handedBy !== undefined));
    }),
  );
});
