// One person with two devices in a room: what each of them is told, what others see, and what is made up for.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findHome, type Home } from "@agora/user-config";
import { afterEach, expect, test } from "vitest";
import { ipcSession, type Member, makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";
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
const waiting = ({ store }: Member): string[] => Object.keys(store.state.inbox);
const stateAt = ({ store }: Member, id: string, name: string) => store.state.outbox[id]?.recipients[name]?.state;

test("a directed event is at both devices, with one state at its author, and the answer at the other [DEVICE-3] [DEVICE-7] [DEVICE-8]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
  await until("both are here", () => b.room.members.get("alice")?.devices?.length === 2);
  const asked = await say(b, "for alice", "alice");
  await until("both have it", () => [l, p].every((device) => waiting(device).includes(asked)));
  await until("it is stored", () => stateAt(b, asked, "alice") === "stored");
  const answer = await say(p, "from the phone", "bob");
  await until("bob has it", () => waiting(b).includes(answer));
  await until("the laptop has it", () => heard(l).includes("from the phone"));
  expect(waiting(l)).toEqual([asked]);
  const shown = must(await request(l, "history", { via: "cli", limit: 50 }));
  expect(shown.lines.find((line) => line.text === "from the phone")).toMatchObject({
    author: "alice",
    mine: true,
    to: [{ member: "bob" }],
  });
  // Numbers are each device's own: what the laptop says next is new to everybody.
  const next = await say(l, "from the laptop", "bob");
  await until("bob has it", () => waiting(b).includes(next));
  await until("the phone has it", () => heard(p).includes("from the laptop"));
  await until("bob's word on it came", () => stateAt(l, next, "bob") === "stored");
  expect(b.room.sentences().join("\n")).not.toContain("another key");
});

test("who is here with two devices is one member with both, and with one there is no word of devices [DEVICE-5]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await link(laptop, phone, relay.port, "phone");
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  const told = async (by: Member) =>
    must(await request(by, "who", {}))
      .members.find(({ name }) => name === "alice")
      ?.devices?.map((one) => one.name);
  await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  expect(await told(b)).toBeUndefined();
  const [name] = must(await request(l, "devices", {})).devices.map((one) => one.name);
  {
    await using p = await phone.open(relay.port, {}, { person: true });
    for (const one of [b, l, p])
      await until("both are told of, by their names", async () => (await told(one))?.join() === `${name},phone`);
    const { devices } = must(await request(p, "whoami", {}));
    expect(devices?.map((one) => [one.key, one.this])).toEqual([
      [l.room.myKey, undefined],
      [p.room.myKey, true],
    ]);
    const own = must(await request(l, "devices", {})).devices;
    expect(own.map((one) => [one.name, one.here, one.this])).toEqual([
      [name, true, true],
      ["phone", true, undefined],
    ]);
  }
  for (const one of [b, l]) await until("one is told of no more", async () => (await told(one)) === undefined);
  const own = must(await request(l, "devices", {})).devices;
  expect(own.map((one) => one.here)).toEqual([true, undefined]);
  expect(must(await request(l, "whoami", {})).devices).toBeUndefined();
});

test("a device that was away is given what its person said and was told by the other, and by nobody else [DEVICE-9] [DEVICE-4]", async () => {
  await using relay = await openRelay(0, 1);
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await using others = new AsyncDisposableStack();
  const b = others.use(await bob.open(relay.port, {}, { person: true }));
  await using l = await laptop.open(relay.port, {}, { person: true });
  {
    await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
    await until(
      "they know each other",
      () => l.room.members.get("alice")?.devices?.length === 2 && p.room.members.get("alice") !== undefined,
    );
  }
  const asked = await say(b, "while the phone is away", "alice");
  await until("the laptop has it", () => waiting(l).includes(asked));
  await until("it is stored", () => stateAt(b, asked, "alice") === "stored");
  await say(l, "and answered", "bob");
  for (let n = 0; n < 3; n += 1) await say(b, `talk ${n}`);
  await until("all was said", () => heard(l).includes("talk 2"));
  await others.disposeAsync();
  await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
  await until("the phone has it all", () =>
    ["while the phone is away", "and answered", "talk 2"].every((text) => heard(p).includes(text)),
  );
});

test("what one device had of another, and was done with there, comes to no inbox again when that starts anew [DEVICE-9] [DEVICE-10]", async () => {
  await using relay = await openRelay(0, 1);
  const [laptop, phone, tablet, bob] = [place("alice"), place("alice"), place("alice"), place("bob")];
  await using others = new AsyncDisposableStack();
  const b = others.use(await bob.open(relay.port, {}, { person: true }));
  await using l = await laptop.open(relay.port, {}, { person: true });
  {
    await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
    await until("they know each other", () => l.room.members.get("alice")?.devices?.length === 2);
    await until("bob knows both", () => p.room.members.get("alice") !== undefined);
  }
  const asked = await say(b, "while the phone is away", "alice");
  await until("the laptop has it", () => waiting(l).includes(asked));
  await until("it is stored", () => stateAt(b, asked, "alice") === "stored");
  await say(b, "talk");
  await until("all was said", () => heard(l).includes("talk"));
  await others.disposeAsync();
  const done = async (device: Member): Promise<void> => {
    await until("it is handed on", () => heard(device).includes("while the phone is away"));
    const item = device.store.state.inbox[asked];
    if (item !== undefined) device.room.inbox.close(item, "read");
  };
  for (const at of [phone, tablet]) {
    {
      await using device = await at.open(relay.port, { mode: "auto" }, { person: homeOf(laptop) });
      await done(device);
    }
    await using again = await at.open(relay.port, { mode: "auto" }, { person: homeOf(laptop) });
    expect(waiting(again)).toEqual([]);
  }
});

test("one device hands a mention to its session, and when that has gone the next one does [DEVICE-10]", async () => {
  await using relay = await openRelay();
  const [laptop, desk, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using one = new AsyncDisposableStack();
  const l = one.use(await laptop.open(relay.port, { mode: "auto" }, { person: true }));
  await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  await using d = await desk.open(relay.port, { mode: "auto" }, { person: homeOf(laptop) });
  for (const device of [l, d]) device.room.seats.attach(ipcSession("1"), "claude", "s1");
  const seats = (device: Member): number =>
    device.room.members.get("alice")?.devices?.filter(({ facts }) => (facts?.seats ?? []).length > 0).length ?? 0;
  await until("both sessions are told of", () => [l, d].every((device) => seats(device) === 2));
  const first = await say(b, "who takes it?", "alice");
  await until("both have it", () => [l, d].every((device) => waiting(device).includes(first)));
  expect(d.room.seats.prompt("claude", true).items).toEqual([]);
  expect(l.room.seats.prompt("claude", true).items.map(({ line }) => line.id)).toEqual([first]);
  await until("the desk knows", () => d.store.state.inbox[first]?.reason === "another device of yours has it");
  const second = await say(b, "and this?", "alice");
  await until("both have it", () => [l, d].every((device) => waiting(device).includes(second)));
  expect(d.room.seats.prompt("claude", true).items).toEqual([]);
  await one.disposeAsync();
  await until("the laptop has gone", () => d.room.members.get("alice")?.devices === undefined);
  expect(d.room.seats.prompt("claude", true).items.map(({ line }) => line.id)).toEqual([second]);
});

test("what was answered on one device waits on none [DEVICE-10]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
  await until("both are here", () => b.room.members.get("alice")?.devices?.length === 2);
  const asked = await say(b, "well?", "alice");
  await until("both have it", () => [l, p].every((device) => waiting(device).includes(asked)));
  // A session at the laptop was shown it, too.
  l.room.seats.attach(ipcSession("1"), "claude", "s1");
  expect(l.room.seats.prompt("claude", true).items.map(({ line }) => line.id)).toEqual([asked]);
  must(await request(p, "say", { via: "cli", to: [], thread: asked, text: "yes" }));
  await until("bob has the answer", () => heard(b).includes("yes"));
  await until("it is done on both", () => [l, p].every((device) => !waiting(device).includes(asked)));
});

test("somebody else's key under the name is refused as before, whatever it states [PIN-1] [JOIN-4]", async () => {
  await using relay = await openRelay();
  const [laptop, thief, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  await using t = await thief.open(relay.port, {}, { person: true });
  await until("it is refused", () => t.room.connection().reason?.includes("name") === true);
  await say(l, "still me");
  await until("it is heard", () => heard(b).includes("still me"));
});

test("a question is at both devices, and the first answer counts, whichever it comes from [DEVICE-11] [QUESTION-4]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
  await until("both are here", () => b.room.members.get("alice")?.devices?.length === 2);
  const choices = [
    { id: "yes", label: "Yes" },
    { id: "no", label: "No" },
  ];
  const { id } = must(await request(b, "ask", { via: "cli", to: ["alice"], text: "Ship it?", choices }));
  await until("both have it", () => [l, p].every((device) => waiting(device).includes(id)));
  must(await request(p, "answer", { via: "cli", question: id, picked: ["yes"] }));
  const answered = (member: Member) => member.room.questions.standing(id)?.answer?.answer.picked;
  await until("it counts everywhere", () => [b, l, p].every((member) => answered(member)?.join() === "yes"));
  await until("it waits nowhere", () => [l, p].every((device) => !waiting(device).includes(id)));
  expect((await request(l, "answer", { via: "cli", question: id, picked: ["no"] })).ok).toBe(false);
  expect(answered(b)).toEqual(["yes"]);
});

test("a file that one device offers is fetched from that one, by each device of its reader [DEVICE-6]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob, desk] = [place("alice"), place("alice"), place("bob"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  await until("his root is known", () => l.pins.get("bob")?.root !== undefined);
  await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
  await using d = await desk.open(relay.port, {}, { person: homeOf(bob) });
  const both = (member: Member, name: string): boolean => member.room.members.get(name)?.devices?.length === 2;
  await until("all are here", () => [b, l, p, d].every((member) => both(member, "alice") && both(member, "bob")));
  const path = join(phone.dir, "project", "plan.txt");
  writeFileSync(path, "the plan");
  const { id } = must(await request(p, "say", { via: "cli", to: ["bob"], text: "here", file: path }));
  const has = ({ store }: Member): boolean => store.state.files[id]?.file.state === "stored";
  await until("both of his have it", () => has(b) && has(d));
  expect(l.store.state.files[id]).toBeUndefined();
});
