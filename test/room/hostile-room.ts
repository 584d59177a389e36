// A room with two honest members on a real relay, and a raw client that means ill.
import { memoryLog } from "@agora/ports/testing";
import { type SignedEvent } from "@agora/protocol";
import type { Relay } from "@agora/relay";
import { afterEach, beforeEach } from "vitest";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { inbox } from "../../packages/member/src/messages/inbox.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

export const room = "lobby";
export const toBob = [{ member: "bob" }];
export let relay: Relay;
export let places: Place[];
export let log: ReturnType<typeof memoryLog>;
export let alice: Member;
export let bob: Member;
export let mallory: RawMember;

export const now = (n = 0): string => `${Date.now()}-${n}`;
export const deliver = (event: SignedEvent, stamp = now(), to = "bob"): void => {
  const { head, sig, body } = event;
  mallory.send({ type: "deliver", room, to, stamp, event: { head, sig, body } });
};
/** All that mallory sent so far has been handled by bob. Said again until it came: in a flood the relay drops frames. */
export const handled = async (): Promise<void> => {
  const last = mallory.seal("that was all");
  const stamp = now();
  const { id } = JSON.parse(last.head) as { id: string };
  const again = setInterval(() => deliver(last, stamp), 500);
  try {
    deliver(last, stamp);
    await until("all was handled", () =>
      [...bob.store.history.back()].some(({ value }) => "id" in value && value.id === id),
    );
  } finally {
    clearInterval(again);
  }
};
export const items = (member = bob): string[] =>
  inbox(member.room, { via: "cli" }).items.map((i) => `${i.from}: ${i.text}`);
export const kept = (): string[] =>
  [...bob.store.history.from(0)].flatMap(({ value }) => ("id" in value ? [`${value.author}: ${value.text}`] : []));
export const tell = async (from: Member, to: string[], text: string, more = {}): Promise<string> =>
  must(await say(from.room, { via: "cli", text, to, ...more }, undefined)).id;

/** Opens the room before each test, and closes it after; fails if a daemon made a mistake of its own. */
export function useHostileRoom(): void {
  beforeEach(async () => {
    relay = await openRelay();
    places = [makePlace("alice"), makePlace("bob")];
    log = memoryLog();
    alice = await places[0]!.open(relay.port);
    bob = await places[1]!.open(relay.port, {}, { log });
    mallory = await RawMember.join(relay, { name: "mallory" });
    await until("all are here", () => [alice, bob].every((m) => m.room.members.online().length === 3));
  });
  afterEach(async () => {
    mallory[Symbol.dispose]();
    await alice[Symbol.asyncDispose]();
    await bob[Symbol.asyncDispose]();
    await relay.close();
    for (const place of places) place.remove();
    const bug = log.lines.find((line) => line.event === "bug");
    if (bug !== undefined) throw new Error(`bob's daemon threw: ${String(bug.fields["message"])}`);
  });
}
