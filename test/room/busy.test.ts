// A relay that can't do things for a while, on ports that a test holds, and members that know nothing of it: all is said, heard and
// confirmed in the end, by itself.
import { systemClock } from "@agora/ports";
import { DEFAULT_RELAY_CONFIG, type Relay } from "@agora/relay";
import { afterEach, beforeEach, expect } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import { memoryPorts } from "../../relay-server/src/memory/ports.ts";
import { type Call, HandledPorts } from "../../relay-server/test/ports/hand.ts";
import { verifies } from "../verifies.ts";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

const ALL: readonly Call[] = ["append", "find", "read", "follow", "claim", "release", "publish", "to", "listen"];

let relay: Relay;
let hand: HandledPorts;
let places: Place[];
let alice: Member;
let bob: Member;

const stateOf = (member: Member, id: string): string | undefined => member.store.state.outbox[id]?.state;
const textsAt = (member: Member): string[] =>
  [...member.store.history.from(0)].flatMap(({ value }) => ("text" in value ? [value.text] : []));
const isJoined = (member: Member): boolean => member.room.connection().state === "joined";

beforeEach(async () => {
  hand = new HandledPorts(memoryPorts(DEFAULT_RELAY_CONFIG.ring, systemClock));
  relay = await openRelay(0, 2_000, undefined, {}, { ports: hand });
  places = [makePlace("alice"), makePlace("bob")];
  [alice, bob] = await Promise.all([places[0]!.open(relay.port), places[1]!.open(relay.port)]);
  await until("both are in", () => isJoined(alice) && isJoined(bob) && alice.room.members.get("bob") !== undefined);
});
afterEach(async () => {
  for (const member of [alice, bob]) await member[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

verifies(["BUSY-3", "BUSY-1"], "what was said while the log failed goes out by itself, in its order", async () => {
  hand.trouble.set("append", "fails");
  const ids: string[] = [];
  for (const text of ["one", "two", "three"]) {
    const said = must(await say(alice.room, { via: "cli", text, to: [] }, undefined));
    ids.push(said.id);
    expect(stateOf(alice, said.id)).toBe("queued");
  }
  await until("it says why", () => alice.room.outbox.waits(ids[0]!)?.startsWith("busy"));
  hand.trouble.clear();
  await until("all are relayed", () => ids.every((id) => stateOf(alice, id) === "relayed"));
  await until("bob has them", () => textsAt(bob).length === 3);
  expect(textsAt(bob)).toEqual(["one", "two", "three"]);
  expect(textsAt(alice)).toEqual(["one", "two", "three"]);
});

verifies(["BUSY-1", "RECEIPT-6"], "a receipt that could not be passed is told again", async () => {
  hand.trouble.set("to", "fails");
  const { id } = must(await say(alice.room, { via: "cli", text: "hello", to: ["bob"] }, undefined));
  await until("bob has it", () => textsAt(bob).includes("hello"));
  await until("a receipt was refused", () => (hand.calls.get("to") ?? 0) > 0);
  hand.trouble.clear();
  const state = (): string | undefined => alice.store.state.outbox[id]?.recipients["bob"]?.state;
  await until("alice knows", () => state() !== undefined && state() !== "queued" && state() !== "relayed");
});

verifies(
  ["BUSY-1", "BUSY-4", "CLOSE-2"],
  "after an outage of everything all are in again, and lack nothing",
  async () => {
    for (const call of ALL) hand.trouble.set(call, "fails");
    hand.lose("lobby");
    await until("both were closed", () => !isJoined(alice) && !isJoined(bob));
    const { id } = must(await say(alice.room, { via: "cli", text: "in the dark", to: [] }, undefined));
    expect(stateOf(alice, id)).toBe("queued");
    hand.trouble.clear();
    await until("both are in", () => isJoined(alice) && isJoined(bob));
    await until("it is relayed", () => stateOf(alice, id) === "relayed");
    await until("bob has it", () => textsAt(bob).includes("in the dark"));
  },
);
