// How far it is what a person said is the same on all own devices, whichever of them was away meanwhile. [DEVICE-13]
import { join } from "node:path";
import { findHome, type Home } from "@agora/user-config";
import { createDial, type Dial } from "@agora/ports";
import { afterEach, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { type Member, makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";
import { link } from "./link-device.ts";

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});
const place = (name: string): Place => {
  const made = makePlace(name);
  places.push(made);
  return made;
};
const homeOf = ({ dir }: Place): Home => findHome({ AGORA_HOME: join(dir, "home") });
const say = async (member: Member, text: string, ...to: string[]): Promise<string> =>
  must(await request(member, "say", { via: "cli", to, text })).id;
const heard = ({ store }: Member): string[] =>
  [...store.history.from(0)].flatMap(({ value }) => ("text" in value && value.kind === "message" ? [value.text] : []));
const stateAt = async (device: Member): Promise<string | undefined> =>
  must(await request(device, "status", {})).events[0]?.deliveries[0]?.state;

test("how far it is what one device said is the same on the other, also what that missed while it was away [DEVICE-13]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob, carol] = [place("alice"), place("alice"), place("bob"), place("carol")];
  await using b = await bob.open(relay.port, {}, { person: true });
  const sent = async (device: Member) =>
    must(await request(device, "status", {})).events.map(({ text, state, deliveries }) => ({
      ...{ text, state },
      deliveries: deliveries.map(({ member, state: at, reason }) => ({ member, at, reason })),
    }));
  const both = (devices: readonly Member[], at: readonly string[]): Promise<unknown> =>
    until(
      `both show ${at.join()}, and for the same reasons`,
      async () => {
        const [first, second] = await Promise.all(devices.map(sent));
        const shown = first!.map(({ deliveries }) => deliveries[0]?.at).join();
        return shown === at.join() && JSON.stringify(first) === JSON.stringify(second);
      },
      { seen: async () => JSON.stringify(await Promise.all(devices.map(sent))) },
    );
  {
    await using c = await carol.open(relay.port, {}, { person: true });
    await using l = await laptop.open(relay.port, {}, { person: true });
    await until("all know each other", () =>
      [b, c].every((one) => one.pins.get("alice")?.root !== undefined && l.room.members.isHere(one.room.me)),
    );
    // Who joins later knows her by this.
    await say(c, "carol was here");
    await until("she is heard", () => [b, l].every((one) => heard(one).includes("carol was here")));
  }
  {
    await using l = await laptop.open(relay.port, {}, { person: true });
    {
      await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
      await until("both are here", () => b.room.members.get("alice")?.devices?.length === 2);
      await until("the phone knows who is here", () => p.room.members.isHere("bob") && l.room.members.isHere("bob"));
      await say(l, "to bob", "bob");
      await both([l, p], ["stored"]);
      await until("carol is known, and has left", () =>
        [l, p].every(({ room, pins }) => pins.get("carol") !== undefined && !room.members.isHere("carol")),
      );
      await say(p, "to carol, who is away", "carol");
      await both([l, p], ["queued", "stored"]);
    }
    // The phone is away when bob answers, and another is said.
    const first = Object.values(b.store.state.inbox)[0]!.id;
    must(await request(b, "say", { via: "cli", to: [], thread: first, text: "well" }));
    await say(l, "more", "bob");
    await until(
      "the laptop knows",
      async () => (await sent(l)).map((one) => one.deliveries[0]?.at).join() === "stored,queued,answered",
    );
    await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
    await both([l, p], ["stored", "queued", "answered"]);
  }
  // The phone, which said it, is away when carol takes it in.
  {
    await using l = await laptop.open(relay.port, {}, { person: true });
    await using c = await carol.open(relay.port, {}, { person: true });
    await until("carol has it", () => Object.values(c.store.state.inbox).length === 1);
    await until("the laptop knows", async () => (await sent(l))[1]?.deliveries[0]?.at === "stored");
    await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
    await both([l, p], ["stored", "stored", "answered"]);
  }
});

test("a device that left and is back within one word of presence is told as after any other absence [DEVICE-13]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await link(laptop, phone, relay.port);
  let left: string | undefined;
  /** Hears no word of presence in which the one that left is missing: those in which it is back say all. */
  const dial: Dial = (url, events) =>
    createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS })(url, {
      ...events,
      text(frame) {
        const isPresence = frame.startsWith('{"type":"presence"');
        if (!isPresence || left === undefined || frame.includes(left)) events.text(frame);
      },
    });
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true, dial });
  {
    await using p = await phone.open(relay.port, {}, { person: true });
    await until("both are here", () => b.room.members.get("alice")?.devices?.length === 2);
    await until("all know each other", () => [l, p].every(({ room }) => room.members.isHere("bob")));
    await say(l, "to bob", "bob");
    for (const one of [l, p]) await until("it is stored", async () => (await stateAt(one)) === "stored");
    left = p.room.myKey;
  }
  await until("bob sees one", () => b.room.members.get("alice")?.devices === undefined);
  const thread = Object.values(b.store.state.inbox)[0]!.id;
  must(await request(b, "say", { via: "cli", to: [], thread, text: "well" }));
  await until("the laptop knows", async () => (await stateAt(l)) === "answered");
  expect(l.room.members.get("alice")?.devices).toHaveLength(2);
  await using p = await phone.open(relay.port, {}, { person: true });
  await until("the phone knows", async () => (await stateAt(p)) === "answered");
});
