// What is tried out when a walk of persons is over and all agree: a mention asks one device of a person, an answer closes it on all; and
// who does not belong to the room any more comes first when a relay begins anew, which knows of nothing, and speaks.
import { headsIn } from "./heads.ts";
import type { Device, PersonsWorld, Said } from "./persons-network.ts";
import { answer, ask, speak } from "./persons-steps.ts";

/** Longer than a request waits for the relay. */
const SOON_MS = 8_000;
/** So soon all are back after a relay began anew. */
const BACK_MS = 150_000;

/** What is not as promised. */
export async function closingFaults(world: PersonsWorld): Promise<readonly string[]> {
  return [...(await ofMention(world)), ...(await ofOutsiders(world))];
}

async function ofMention(world: PersonsWorld): Promise<readonly string[]> {
  const devices = world.live.filter(({ member }) => member.name === "bob");
  if (devices.length === 0) return [];
  const author = world.at("alice")!;
  const before = world.said.length;
  speak(world, author, ["bob"]);
  const own = (): Said | undefined => world.said.slice(before).find(({ device }) => device === author);
  for (let waitedMs = 0; waitedMs < BACK_MS && own() === undefined; waitedMs += SOON_MS)
    await world.timeline.run(SOON_MS);
  const id = own()?.id;
  if (id === undefined) return ["the author of a mention could not say it"];
  // A line that is half open shows by its silence.
  for (let waitedMs = 0; waitedMs < BACK_MS && devices.some(isWithout(id)); waitedMs += SOON_MS)
    await world.timeline.run(SOON_MS);
  const lacking = devices.filter(isWithout(id));
  if (lacking.length > 0) return lacking.map(({ member }) => `${member.label} is not told of a mention`);
  // Who says too much in a minute waits for the person.
  const isAutomatic = devices.every(({ member }) => member.store!.state.inbox[id]?.state === "auto");
  for (const device of devices) ask(world, device);
  const [first, ...others] = [...(world.asked.get(id) ?? [])];
  if (others.length > 0 || (first === undefined && isAutomatic))
    return [`a mention is asked of ${[first, ...others].join() || "nobody"}`];
  await world.timeline.run(SOON_MS);
  const open = (): string[] => devices.filter((device) => !isWithout(id)(device)).map(({ member }) => member.label);
  if (open().length < devices.length) return [`a mention that was shown waits on ${open().join() || "none"} alone`];
  answer(world, devices.at(-1)!, id);
  await world.timeline.run(SOON_MS);
  const state = author.member.store!.state.outbox[id]?.recipients["bob"]?.state;
  return [
    ...(open().length > 0 ? [`what was answered waits on ${open().join()}`] : []),
    ...(state === "answered" ? [] : [`what was answered is ${state} at its author`]),
  ];
}

function isWithout(id: string): (device: Device) => boolean {
  return ({ member }) => member.store?.state.inbox[id] === undefined;
}

async function ofOutsiders(world: PersonsWorld): Promise<readonly string[]> {
  const outsiders = world.devices.filter((device) => !world.live.includes(device));
  if (outsiders.length === 0) return [];
  const before = world.said.length;
  world.relay.kill();
  for (const { member } of outsiders) {
    member.isHeedless = true;
    member.leave();
  }
  world.relay.start();
  for (const { member } of outsiders) world.start(member);
  await world.timeline.run(100);
  for (const device of outsiders) for (const to of [[], ["carol"], ["alice", "bob"]]) speak(world, device, to);
  await world.timeline.run(BACK_MS);
  const said = new Map(world.said.slice(before).map(({ id, device }) => [id, device]));
  return world.live.flatMap((device) => countedAt(device, said));
}

function countedAt({ member }: Device, said: ReadonlyMap<string, Device>): readonly string[] {
  return headsIn(member.store!).flatMap(({ head, counts }) => {
    const by = counts ? said.get(head.id) : undefined;
    return by === undefined ? [] : [`${member.label} counts what ${by.member.label} says, who is out`];
  });
}
