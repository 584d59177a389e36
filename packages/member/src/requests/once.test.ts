// A request asked twice with the caller's id: done once, answered twice; other requests under that id are refused.
import type { Handlers, Session } from "@agora/ipc";
import { fail, newId, ok } from "@agora/protocol";
import { expect, test } from "vitest";
import { doingOnce } from "./once.ts";

const session = { id: "1", closed: false, push: () => undefined, onClose: () => () => undefined } satisfies Session;
const recorded = { id: "i", thread: "t", state: "relayed" } as const;

/** A daemon that only counts what it records. */
function counting(kept: readonly string[] = []) {
  let done = 0;
  let refusing = false;
  const decide: Handlers["decide"] = async () => {
    await Promise.resolve();
    if (refusing) return fail("disk", "full");
    done += 1;
    return ok(recorded);
  };
  const handlers = doingOnce({ decide } as Handlers, (_, { once }) =>
    Promise.resolve(kept.includes(once) ? fail("reused", "done before") : undefined),
  );
  return {
    decide: (text: string, once?: string) =>
      handlers.decide({ via: "cli", text, ...(once === undefined ? {} : { once }) }, session),
    done: () => done,
    refuse: (is: boolean) => (refusing = is),
  };
}

test("the same id twice, at once and later, is done once", async () => {
  const daemon = counting();
  const once = newId();
  const both = await Promise.all([daemon.decide("a", once), daemon.decide("a", once)]);
  expect([...both, await daemon.decide("a", once)]).toEqual(Array(3).fill(ok(recorded)));
  expect(daemon.done()).toBe(1);
  expect(await daemon.decide("b", once)).toMatchObject({ code: "reused" });
  await daemon.decide("a");
  await daemon.decide("a");
  expect(daemon.done()).toBe(3);
});

test("what failed may be tried again under its id", async () => {
  const daemon = counting();
  const once = newId();
  daemon.refuse(true);
  expect(await daemon.decide("a", once)).toMatchObject({ code: "disk" });
  daemon.refuse(false);
  expect(await daemon.decide("a", once)).toEqual(ok(recorded));
});

test("what was done before the daemon's end is not done again, and no id of another shape is taken", async () => {
  const once = newId();
  const daemon = counting([once]);
  expect(await daemon.decide("a", once)).toMatchObject({ code: "reused" });
  expect(await daemon.decide("a", "../x")).toMatchObject({ code: "bad-request" });
  expect(daemon.done()).toBe(0);
});

test("who asks for ever is remembered in bounds", async () => {
  const daemon = counting();
  for (let n = 0; n < 1_000; n += 1) await daemon.decide("a", newId());
  expect(daemon.done()).toBe(1_000);
});
