// A room with a root key, its owner and others, on a real relay.
import { afterEach, beforeEach } from "vitest";
import { control } from "../../packages/member/src/controls/requests.ts";
import { createRoomRoot, findHome } from "@agora/user-config";
import type { Relay } from "@agora/relay";
import { join } from "node:path";
import { makePlace, type Member, must, openRelay, type Place, request, until } from "./fixture.ts";

export let relay: Relay;
export let root: string;
export let places: Place[];
export let opened: Member[];

export async function open(n: number, more = {}, world = {}): Promise<Member> {
  const member = await places[n]!.open(relay.port, { root, mode: "auto", ...more }, { owns: n === 0, ...world });
  opened.push(member);
  return member;
}
export async function pair(): Promise<[olga: Member, bob: Member]> {
  const olga = await open(0);
  const bob = await open(1);
  await until("both are here", () => olga.room.members.isHere("bob") && bob.room.members.isHere("olga"));
  return [olga, bob];
}
export const act = (member: Member, what: Parameters<typeof control>[1]["act"], more = {}) =>
  control(member.room, { via: "cli", act: what, ...more });
export const tell = (member: Member, to: string[], text: string, via: "cli" | "tool" = "cli") =>
  request(member, "say", { via, text, to });

/** Makes the relay and the places before each test, and closes all after. */
export function useOperatedRoom(): void {
  beforeEach(async () => {
    places = [makePlace("olga"), makePlace("bob"), makePlace("carol")];
    opened = [];
    root = must(await createRoomRoot(findHome({ AGORA_HOME: join(places[0]!.dir, "home") }), "lobby")).key;
    relay = await openRelay(0, 2_000, root);
  });
  afterEach(async () => {
    for (const member of opened) await member[Symbol.asyncDispose]();
    await relay.close();
    for (const place of places) place.remove();
  });
}

/** Another relay is there from now on; the one before was closed. */
export function relayIs(next: Relay): void {
  relay = next;
}
