// Devices of one person that decided on a channel while they were apart agree afterwards. [DEVICE-15] [DEVICE-16]
import { afterEach, expect, test } from "vitest";
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
const go = async (one: Member, act: "join" | "leave", channel: string): Promise<void> => {
  must(await request(one, "channel", { via: "cli", act, channel }));
};
const isIn = (one: Member, channel: string): boolean => one.room.channels.isIn(channel);
const isAtRelay = ({ store }: Member): boolean =>
  Object.values(store.state.outbox).every(({ state }) => state !== "queued");
/** What a device has of what both told each other, by id. */
const told = ({ store }: Member): string =>
  [...store.history.from(0)]
    .flatMap(({ value }) => ("kind" in value && value.kind === "self" ? [value.id] : []))
    .toSorted()
    .join();

test("devices that decided otherwise while the relay was away are both where the later word says [DEVICE-15] [DEVICE-16]", async () => {
  const relay = await openRelay();
  const { port } = relay;
  const [laptop, phone] = [place("alice"), place("alice")];
  await link(laptop, phone, port);
  await using l = await laptop.open(port, {}, { person: true });
  await until("the laptop is in", () => l.room.connection().state === "joined");
  await using p = await phone.open(port, {}, { person: true });
  await until("both are here", () => l.room.members.get("alice")?.devices?.length === 2);
  await go(l, "join", "build");
  await go(l, "join", "news");
  await until("the phone follows", () => isIn(p, "build") && isIn(p, "news"));
  await relay.close();
  await until("both are apart", () => [l, p].every(({ room }) => room.connection().state !== "joined"));
  // Each ends otherwise than the other, so that whichever word comes last, one of them has to follow.
  for (const [one, other] of [
    [l, p],
    [p, l],
  ] as const) {
    const channel = one === l ? "build" : "news";
    await go(one, "leave", channel);
    await go(other, "leave", channel);
    await go(other, "join", channel);
  }
  await using _again = await openRelay(port);
  await until("all is told", () => [l, p].every((one) => one.room.connection().state === "joined" && isAtRelay(one)));
  await until("each has what the other told", () => told(l) === told(p));
  const whereIs = (one: Member): boolean[] => ["build", "news"].map((channel) => isIn(one, channel));
  expect(whereIs(l)).toEqual(whereIs(p));
});

test("a device that comes after another one was revoked is in the channels that were joined there [DEVICE-16]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, tablet] = [place("alice"), place("alice"), place("alice")];
  await link(laptop, phone, relay.port);
  {
    await using l = await laptop.open(relay.port, {}, { person: true });
    {
      await using p = await phone.open(relay.port, {}, { person: true });
      await until("both are here", () => l.room.members.get("alice")?.devices?.length === 2);
      await go(p, "join", "build");
      await until("the laptop follows", () => isIn(l, "build"));
    }
    const { devices } = must(await request(l, "devices", {}));
    const { id } = devices.find(({ name }) => name === "phone")!;
    must(await request(l, "device", { via: "cli", act: "revoke", id }));
  }
  await link(laptop, tablet, relay.port, "tablet");
  await using l = await laptop.open(relay.port, {}, { person: true });
  await until("the laptop is in", () => l.room.connection().state === "joined");
  await using t = await tablet.open(relay.port, {}, { person: true });
  await until("the tablet follows", () => isIn(t, "build"));
});
