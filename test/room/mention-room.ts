// Two members on a real relay, of whom one mentions the other.
import { afterEach, beforeEach } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import type { Relay } from "@agora/relay";
import { makePlace, type Member, must, openRelay, type Place, until } from "./fixture.ts";

export let relay: Relay;
export let places: Place[];
export let alice: Member;
export let bob: Member;

export async function open(mode: "manual" | "auto", more = {}): Promise<void> {
  alice = await places[0]!.open(relay.port);
  bob = await places[1]!.open(relay.port, { mode, ...more });
  await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
}

export const tell = (member: Member, to: string[], text: string, more = {}) =>
  say(member.room, { via: "cli", text, to, ...more }, undefined);
export async function mention(text: string, to = "bob"): Promise<string> {
  const said = must(await tell(alice, [to], text));
  await until("it arrived", () => bob.store.state.inbox[said.id]);
  return said.id;
}
export const stateOf = (id: string): string | undefined => alice.store.state.outbox[id]?.recipients["bob"]?.state;
export const reaches = (id: string, state: string): Promise<unknown> =>
  until(`${id} ${state}`, () => stateOf(id) === state);
export const shown = (handed: {
  items: readonly { line: { text: string }; again: boolean; asked: boolean }[];
}): string[] => handed.items.map((i) => `${i.line.text}${i.again ? " again" : ""}${i.asked ? " asked" : ""}`);

/** Makes the relay and both places before each test, and closes all after. */
export function useMentionRoom(): void {
  beforeEach(async () => {
    relay = await openRelay();
    places = [makePlace("alice"), makePlace("bob")];
  });
  afterEach(async () => {
    await alice[Symbol.asyncDispose]();
    await bob[Symbol.asyncDispose]();
    await relay.close();
    for (const place of places) place.remove();
  });
}
