// An operator's hand on real rooms: what holds everywhere, what a raw client can't get past, what survives.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { control, grant } from "../../packages/daemon/src/handlers/control.ts";
import { inbox } from "../../packages/daemon/src/handlers/inbox.ts";
import { say } from "../../packages/daemon/src/handlers/say.ts";
import { createRoomRoot, findHome } from "@agora/home";
import { newId } from "@agora/protocol";
import type { Relay } from "@agora/relay";
import { join } from "node:path";
import { ipcSession, type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";

let relay: Relay;
let root: string;
let places: Place[];
let opened: Member[];

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

async function open(n: number, more = {}, world = {}): Promise<Member> {
  const member = await places[n]!.open(relay.port, { root, mode: "auto", ...more }, { owns: n === 0, ...world });
  opened.push(member);
  return member;
}
async function pair(): Promise<[olga: Member, bob: Member]> {
  const olga = await open(0);
  const bob = await open(1);
  await until("both are here", () => olga.room.members.isHere("bob") && bob.room.members.isHere("olga"));
  return [olga, bob];
}
const act = (member: Member, what: Parameters<typeof control>[1]["act"], more = {}) =>
  control(member.room, { via: "cli", act: what, ...more });
const tell = (member: Member, to: string[], text: string, via: "cli" | "tool" = "cli") =>
  say(member.room, { via, text, to }, undefined);

describe("the room", () => {
  test("stop refuses what is said, tells each agent once, and is over with reset [CONTROL-5] [CONTROL-12]", async () => {
    const [olga, bob] = await pair();
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    must(await act(olga, "stop", { reason: "enough" }));
    await until("bob heard", () => bob.room.controls.brake()?.act === "stop");
    expect(await tell(bob, [], "hello", "tool")).toMatchObject({ ok: false, code: "stopped" });
    expect(await tell(bob, ["olga"], "hello")).toMatchObject({ ok: false, code: "stopped" });
    expect(must(await tell(olga, [], "listen")).state).toBe("relayed");
    expect(bob.room.seats.sign("claude", true).notices).toEqual([expect.stringContaining("stopped the room")]);
    expect(bob.room.seats.sign("claude", true).notices).toBeUndefined();
    expect(bob.room.controls.state()).toMatchObject({ stopped: { by: "olga", reason: "enough" } });
    must(await act(olga, "reset"));
    await until("over", () => bob.room.controls.brake() === undefined);
    expect(bob.room.seats.prompt("claude", true).notices).toEqual([expect.stringContaining("goes on")]);
    expect(must(await tell(bob, [], "hello", "tool")).state).toBe("relayed");
  });
});
