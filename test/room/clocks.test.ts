// Members whose clocks are wrong, and jump: what they ask, answer, grant and interrupt comes out as with right ones.
import { afterEach, expect, test } from "vitest";
import { ask } from "../../packages/member/src/questions/ask.ts";
import { grant } from "../../packages/member/src/controls/appoint.ts";
import { control } from "../../packages/member/src/controls/requests.ts";
import { answer, questions } from "../../packages/member/src/questions/requests.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { createRoomRoot, findHome } from "@agora/user-config";
import type { Relay } from "@agora/relay";
import { join } from "node:path";
import { ipcSession, type Member, makePlace, must, openRelay, type Place, until, wrongClock } from "./fixture.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OFFS = { right: 0, "a day behind": -DAY_MS, "two minutes behind": -120_000, "an hour ahead": HOUR_MS } as const;

let relay: Relay | undefined;
let root: string;
const places: Place[] = [];
const members: Member[] = [];
afterEach(async () => {
  for (const member of members.splice(0)) await member[Symbol.asyncDispose]();
  await relay?.close();
  for (const place of places.splice(0)) place.remove();
});

/** Olga, who owns the room, and bob; each with a clock that is off by what is said of it at that moment. */
async function pair(off: { olga: number; bob: number }, more = {}): Promise<[olga: Member, bob: Member]> {
  places.push(makePlace("olga"), makePlace("bob"));
  root = must(await createRoomRoot(findHome({ AGORA_HOME: join(places[0]!.dir, "home") }), "lobby")).key;
  relay = await openRelay(0, 2_000, root);
  for (const [n, name] of (["olga", "bob"] as const).entries()) {
    const world = { owns: n === 0, clock: wrongClock(() => off[name]) };
    members.push(await places[n]!.open(relay.port, { root, ...more }, world));
  }
  await until("both are here", () =>
    members.every((m) => ["olga", "bob"].every((name) => m.room.members.isHere(name))),
  );
  return members as [Member, Member];
}
const asks = (member: Member, to: string, text: string, timeoutS: number) =>
  ask(member.room, { via: "cli", text, to: [to], timeoutS }, undefined, () => undefined);
const waiting = (member: Member) => questions(member.room, { via: "cli" }).waiting;
const open = (member: Member) => questions(member.room, { via: "cli" });

for (const [asker, olga] of Object.entries(OFFS))
  for (const [asked, bob] of Object.entries(OFFS))
    test(`an asker whose clock is ${asker}, somebody asked whose clock is ${asked}: the question has the time it was given`, async () => {
      const [o, b] = await pair({ olga, bob });
      const { id } = must(await asks(o, "bob", "Which colour?", 1_200));
      const form = await until("the question waits for the person", () => waiting(b).find((one) => one.id === id));
      const own = open(o).asked.find((one) => one.id === id)!;
      for (const { leftMs } of [form, own]) expect(Math.round(leftMs! / 60_000)).toBe(20);
      // What a person reads of times is by the clock of our own machine.
      expect(Math.abs(form.expires! - b.room.clock.now() - 1_200_000)).toBeLessThan(15_000);
      expect(Math.abs(form.at - b.room.clock.now())).toBeLessThan(
        asker === "a day behind" || asker === "two minutes behind" ? 2 * DAY_MS : 15_000,
      );
      must(await answer(b.room, { via: "cli", question: id, text: "Red" }));
      await until("the answer counts", () => o.room.questions.standing(id)?.state === "answered");
      const short = must(await asks(o, "bob", "And now?", 2)); // what takes longer to be written down is not asked
      await until("its time is over for both", () =>
        [o, b].every((m) => m.room.questions.standing(short.id)?.state === "expired"),
      );
      expect(waiting(b)).toEqual([]);
    });

test("a clock that jumps while a question is open changes nothing of it, nor does a restart [TIME-1] [EVENT-10]", async () => {
  const off = { olga: 0, bob: 0 };
  const [o, b] = await pair(off);
  const { id } = must(await asks(o, "bob", "Which colour?", 1_200));
  await until("it waits", () => waiting(b).some((one) => one.id === id));
  for (const ms of [HOUR_MS, -DAY_MS, 5 * DAY_MS]) {
    [off.olga, off.bob] = [-ms, ms];
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // the daemons look each second
    for (const m of [o, b]) expect([ms, m.room.questions.standing(id)?.state]).toEqual([ms, "open"]);
    expect(Math.round(waiting(b)[0]!.leftMs! / 60_000)).toBe(20);
  }
  b.crash();
  const again = await places[1]!.open(relay!.port, { root }, { clock: wrongClock(() => off.bob) });
  members.push(again);
  await until("joined", () => again.room.connection().state === "joined");
  expect(waiting(again).map((one) => one.id)).toEqual([id]);
});

test("an interruption is for who hears of it within a minute by the relay's clock [CONTROL-13]", async () => {
  for (const bob of [0, HOUR_MS, -DAY_MS]) {
    const [o, b] = await pair({ olga: -bob, bob }, { mode: "auto" });
    const seat = b.room.seats.attach(ipcSession("1"), "claude", "s1").seat;
    b.crash();
    must(await control(o.room, { via: "cli", act: "interrupt", member: "bob" }));
    const back = await places[1]!.open(relay!.port, { root, mode: "auto" }, { clock: wrongClock(() => bob) });
    members.push(back);
    back.room.seats.attach(ipcSession("2"), "claude", "s1");
    await until("it is heard", () => back.store.state.seats[seat]?.interrupted === true);
    for (const member of members.splice(0)) await member[Symbol.asyncDispose]();
    await relay?.close();
    for (const place of places.splice(0)) place.remove();
  }
});

test("a grant that an owner with a wrong clock gives for a time lasts that time, at relay and readers [GRANT-3]", async () => {
  for (const olga of [-DAY_MS, DAY_MS]) {
    const [o, b] = await pair({ olga, bob: -olga });
    const { expires } = must(await grant(o.room, { via: "cli", member: "bob", expiresS: 3_600 }));
    expect(Math.abs(expires! - o.room.clock.now() - HOUR_MS)).toBeLessThan(15_000);
    await until("bob is an operator", () => b.room.controls.mayControl());
    must(await control(b.room, { via: "cli", act: "pause" }));
    await until("his word holds", () => o.room.controls.state().paused?.by === "bob");
    // When it was said is shown by the clock of who looks.
    for (const m of [o, b])
      expect(Math.abs(m.room.controls.state().paused!.at - m.room.clock.now())).toBeLessThan(15_000);
    for (const member of members.splice(0)) await member[Symbol.asyncDispose]();
    await relay?.close();
    for (const place of places.splice(0)) place.remove();
  }
});

test("what is said to an agent is not too old because clocks differ", async () => {
  const [o, b] = await pair({ olga: -DAY_MS, bob: HOUR_MS }, { mode: "auto" });
  const { id } = must(await say(o.room, { via: "cli", text: "do this", to: ["bob"] }, undefined));
  await until("it came", () => b.store.state.inbox[id]);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(b.store.state.inbox[id]).toMatchObject({ state: "auto" });
});
