// A relay that is redeployed while people talk: asked to end, and another one at the same address some seconds later. Nobody
// has to do anything, and nobody reads a failure.
import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerData } from "@agora/commands";
import { expect, test } from "vitest";
import { acquainted, Town, until } from "./test-users.ts";
import { expectOnce, startStream } from "./stream.ts";

type Status = AnswerData["status"];
type Said = AnswerData["say"];

/** How long the address is empty, at least. */
const GAP_MS = 3_000;

test("what is said while the relay is redeployed is queued and delivered, once", async () => {
  await using town = new Town();
  const flags = ["--rate-agent", "off", "--rate-user", "off"];
  const first = await town.relay(flags);
  const people = [town.person("alice", first), town.person("bob", first), town.person("carol", first)];
  const [alice, bob, carol] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
  for (const person of people) expect((await person.start()).err).toBe("");
  await acquainted(...people);
  const states = new Set<string>();
  const fromAlice = startStream("alice", async (text) => {
    const said = await alice.ask<Said>(["say", "@bob", "@carol", text]);
    states.add(said.state);
    return said.id;
  });
  const fromBob = startStream("bob", async (text) => (await bob.ask<Said>(["say", text])).id);
  await until("a few", () => fromAlice.count > 3 && fromBob.count > 3 && states.has("relayed"));
  await first.end("SIGTERM");
  await Promise.all([sleep(GAP_MS), until("something waits for the relay", () => states.has("queued"))]);
  await town.relay([...flags, "--port", first.port, "--token", first.token]);
  for (const person of people) {
    await until(
      `${person.name} is back`,
      async () => (await person.ask<Status>(["status"])).connection.state === "joined",
    );
  }
  const had = fromAlice.count;
  await until("some more", () => Promise.resolve(fromAlice.count > had + 3));
  const [a, b] = [await fromAlice.stop(), await fromBob.stop()];
  expect([...a.refused, ...b.refused]).toEqual([]);
  expect([...states].sort()).toEqual(["queued", "relayed"]);
  // Who sees which message: the directed ones are carol's and bob's, the others everybody's.
  await expectOnce([alice, bob, carol], [...a.told, ...b.told]);
  const { queued, events } = await until("all is stored", async () => {
    const status = await alice.ask<Status>(["status"]);
    const stored = status.events.every((event) =>
      event.deliveries.every(({ state }) => state !== "queued" && state !== "relayed"),
    );
    return status.queued === 0 && stored && status;
  });
  expect(queued).toBe(0);
  expect(events.length).toBeGreaterThan(0);
});
