// What may happen next in the model with persons, and how it is done.
import * as fc from "fast-check";
import { say } from "../../packages/member/src/messages/say.ts";
import type { Death } from "./member.ts";
import {
  type Device,
  LINKED,
  type Linked,
  type PersonsWorld,
  REMOVABLE,
  type Removable,
  type Slot,
  SLOTS,
} from "./persons-network.ts";
import { quietSession } from "./session.ts";

const NAMES = ["alice", "bob", "carol"] as const;
const CHANNEL = "build";
const HOUR_MS = 3_600_000;

/** What happens next, and how long it is quiet afterwards. */
export type Step = { readonly ms: number } & (
  | { readonly do: "say"; readonly who: Slot; readonly to: readonly string[]; readonly times: number }
  | { readonly do: "answer" | "ask" | "read" | "rotate"; readonly who: Slot }
  | { readonly do: "channel"; readonly who: Slot; readonly act: "join" | "leave" }
  | { readonly do: "link"; readonly who: Linked }
  | { readonly do: "revoke"; readonly who: Linked }
  | { readonly do: "remove"; readonly whom: Removable; readonly isOut: boolean }
  | ({ readonly do: "die-soon"; readonly who: Slot } & Death)
  | { readonly do: "die"; readonly who: Slot; readonly power: boolean }
  | { readonly do: "leave" | "start" | "cut" | "deafen" | "steal"; readonly who: Slot }
  | { readonly do: "sleep"; readonly who: Slot; readonly forMs: number }
  | { readonly do: "clock"; readonly who: Slot | "relay"; readonly byMs: number }
  | { readonly do: "relay"; readonly how: "kill" | "end" | "start" }
);

const who = fc.constantFrom(...SLOTS);
const ms = fc.oneof(fc.nat(50), fc.nat(500), fc.nat(5_000));
const just = <const Do extends string>(...words: readonly Do[]): fc.Arbitrary<Do> => fc.constantFrom(...words);

/** Any step. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ do: just("say"), who, ms },
      to: fc.subarray([...NAMES]),
      times: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 2 }) }, fc.constant(12)),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: just("answer", "ask", "read"), who, ms }) },
  { weight: 2, arbitrary: fc.record({ do: just("channel"), who, act: just("join", "join", "leave"), ms }) },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.record({ do: just("link"), who: fc.constantFrom(...LINKED), ms }),
      fc.record({ do: just("revoke"), who: fc.constantFrom(...LINKED), ms }),
    ),
  },
  { weight: 1, arbitrary: fc.record({ do: just("rotate"), who, ms }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: just("remove"), whom: fc.constantFrom(...REMOVABLE), isOut: fc.boolean(), ms }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: just("die-soon"), who, left: fc.integer({ min: 1, max: 6 }) },
      ...{ after: fc.boolean(), power: fc.boolean(), ms },
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: just("die"), who, power: fc.boolean(), ms }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: just("start", "start", "start", "cut", "deafen", "leave", "steal"), who, ms }),
  },
  { weight: 1, arbitrary: fc.record({ do: just("sleep"), who, forMs: fc.nat(60_000), ms }) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ do: just("clock"), who, byMs: fc.integer({ min: -48 * HOUR_MS, max: 48 * HOUR_MS }), ms }),
      // One that begins anew with its clock set back dates what is said then to before a device was there: to that it is the past.
      fc.record({ do: just("clock"), who: fc.constant("relay" as const), byMs: fc.nat(48 * HOUR_MS), ms }),
    ),
  },
  { weight: 3, arbitrary: fc.record({ do: just("relay"), how: just("kill", "end", "start", "start"), ms }) },
);

/** Takes a step, and lets time pass. */
export async function take(world: PersonsWorld, step: Step): Promise<void> {
  await carryOut(world, step);
  await world.timeline.run(step.ms);
}

async function carryOut(world: PersonsWorld, step: Step): Promise<void> {
  if (step.do === "relay") {
    if (step.how === "kill") world.relay.kill();
    else if (step.how === "end") world.relay.end();
    else world.relay.start();
    return;
  }
  if (step.do === "clock" && step.who === "relay") return world.relay.machine.jump(step.byMs);
  if (step.do === "remove") return world.remove(step.whom, step.isOut);
  if (step.do === "link") return world.link(step.who);
  const device = step.who === "relay" ? undefined : world.at(step.who);
  if (device !== undefined) onDevice(world, device, step);
}

function onDevice(
  world: PersonsWorld,
  device: Device,
  step: Exclude<Step, { readonly do: "relay" | "remove" | "link" }>,
): void {
  const { member } = device;
  switch (step.do) {
    case "say":
      for (let n = 0; n < step.times; n += 1) speak(world, device, step.to);
      return;
    case "answer":
      return answer(world, device);
    case "ask":
      return ask(world, device);
    case "read":
      return read(device);
    case "channel":
      return move(device, step.act);
    case "revoke":
      return world.revoke(step.who);
    case "rotate":
      return world.rotate(step.who);
    case "die-soon":
      return member.dieSoon({ left: step.left, after: step.after, power: step.power });
    case "die":
      return member.die(step.power);
    case "leave":
      return member.leave();
    case "start":
      return world.start(member);
    case "cut":
      return member.cut();
    case "deafen":
      return member.deafen();
    case "steal":
      // Of a device that is stolen whoever has it makes another client.
      if (device.revocation !== undefined) member.isHeedless = true;
      return;
    case "sleep":
      member.machine.sleep();
      world.timeline.after(step.forMs, () => member.machine.wake());
      return;
    case "clock":
      return member.machine.jump(step.byMs);
  }
}

/** Says something to members, or to the room. */
export function speak(world: PersonsWorld, device: Device, to: readonly string[]): void {
  const { room, machine, name, label } = device.member;
  const others = to.filter((one) => one !== name);
  if (room === undefined || machine.sleeps || (to.length > 0 && others.length === 0)) return;
  const at = world.timeline.now;
  void say(room, { via: "cli", text: `by ${label}`, to: others }, undefined).then((result) => {
    if (result.ok && result.value.id !== "") world.said.push({ id: result.value.id, device, to: others, at });
  });
}

/** Its person answers what waits longest, or what has that id. */
export function answer(world: PersonsWorld, device: Device, id?: string): void {
  const { room, store, machine, label } = device.member;
  const items = Object.values(store?.state.inbox ?? {}).filter(
    (one) => (one.answers ?? one.card ?? one.note) === undefined,
  );
  const item = items.find((one) => id === undefined || one.id === id);
  if (room === undefined || machine.sleeps || item === undefined) return;
  const at = world.timeline.now;
  void say(room, { via: "cli", text: `answer by ${label}`, to: [], thread: item.id }, undefined).then((result) => {
    if (!result.ok || result.value.id === "") return;
    const to = result.value.to.map((one) => one.split("/")[0]!);
    world.said.push({ id: result.value.id, device, to, at });
    if (device.member.name === "bob") world.answered.set(item.id, device);
  });
}

/** The session that waits on it is shown what is for it, if there is one. */
export function ask(world: PersonsWorld, { member }: Device): void {
  const { room, label, machine } = member;
  const seat = room?.seats.known(label)?.seat;
  if (room === undefined || machine.sleeps || seat === undefined) return;
  for (const { line, asked } of room.seats.prompt(seat, true).items)
    if (asked) world.asked.set(line.id, new Set([...(world.asked.get(line.id) ?? []), label]));
}

function read({ member: { room, store, machine } }: Device): void {
  if (room === undefined || machine.sleeps) return;
  void room.requests.markRead!({ via: "console", place: "*", read: store!.state.stamp }, quietSession("console"));
}

function move({ member: { room, machine } }: Device, act: "join" | "leave"): void {
  if (room === undefined || machine.sleeps) return;
  void room.requests.channel!({ via: "cli", act, channel: CHANNEL }, quietSession("cli"));
}
