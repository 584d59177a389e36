// An operator's hand on real rooms: what holds everywhere, what a raw client can't get past, what survives.
import { beforeEach, describe, expect, test } from "vitest";
import { findHome, signGrant } from "@agora/user-config";
import { join } from "node:path";
import { ipcSession, makePlace, type Member, must, openRelay, until } from "./fixture.ts";
import { relay, root, places, open, pair, act, tell, relayIs, useOperatedRoom } from "./operated-room.ts";

useOperatedRoom();

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

  test("a pause holds what is said until it is resumed, and is over at once [CONTROL-5]", async () => {
    const [olga, bob] = await pair();
    must(await act(olga, "pause"));
    await until("bob heard", () => bob.room.controls.brake()?.act === "pause");
    const said = must(await tell(bob, ["olga"], "later"));
    expect(said).toMatchObject({ state: "queued", reason: expect.stringContaining("paused") as unknown });
    const asked = must(await tell(olga, ["bob"], "an operator may always speak"));
    await until("it waits", () => bob.store.state.inbox[asked.id]?.reason?.includes("paused the room"));
    must(await act(olga, "resume"));
    await until("it goes out", () => olga.store.state.inbox[said.id] !== undefined);
    await until("what waited goes on", () => bob.store.state.inbox[asked.id]?.state === "auto");
  });

  test("a pause for a second is taken back by whoever said it, in words that all hear [CONTROL-18]", async () => {
    const [olga, bob] = await pair();
    must(await act(olga, "pause", { forS: 1, reason: "a moment" }));
    await until("it is over", () => controlsIn(bob).includes("resumed the room"));
    expect(controlsIn(bob)).toEqual([
      expect.stringMatching(/^paused the room until \d\d:\d\d UTC: a moment$/),
      "resumed the room",
    ]);
    await until("nothing holds bob", () => bob.room.controls.brake() === undefined);
    // Right behind the word that it ends: what a person decided in between counts more.
    const [paused, resumed] = [...bob.store.history.from(0)].flatMap(({ value }) =>
      "kind" in value && value.kind === "control" ? [(JSON.parse(value.head) as { time: number }).time] : [],
    );
    expect(resumed! - paused!).toBe(1);
    expect(await act(olga, "stop", { forS: 5 })).toMatchObject({ ok: false, code: "bad-request" });
  });

  test("a stop outlives the relay and reaches who was away; it is in every history [CONTROL-4] [JOIN-12]", async () => {
    const [olga, bob] = await pair();
    must(await act(olga, "stop", { reason: "enough" }));
    await until("bob heard", () => bob.room.controls.brake()?.act === "stop");
    await olga[Symbol.asyncDispose]();
    await relay.close();
    relayIs(await openRelay(relay.port, 2_000, root));
    await until("bob is back", () => bob.room.connection().state === "joined");
    const carol = await open(2);
    await until("carol knows", () => carol.room.controls.brake()?.act === "stop");
    await until("carol has it", () => controlsIn(carol).includes("stopped the room: enough"));
    bob.crash();
    const again = await open(1);
    expect(again.room.controls.brake()?.act).toBe("stop"); // before any relay said so
    const back = await open(0);
    await until("olga is an operator here", () => back.room.grant() === "operator");
    must(await act(back, "reset"));
    for (const member of [again, carol]) await until("over", () => member.room.controls.brake() === undefined);
  });

  test("rates are the relay's to keep, for one or for all; controls are not slowed [CONTROL-9]", async () => {
    const [olga, bob] = await pair();
    must(await act(olga, "rates", { rate: { burst: 2, perSecond: 0.01 } }));
    await until("bob heard", () => bob.room.controls.rate()?.burst === 2);
    const states = [];
    for (const text of ["a", "b", "c"]) states.push(must(await tell(bob, [], text)).state);
    expect(states).toEqual(["relayed", "relayed", "queued"]);
    expect(bob.room.outbox.waits(must(await tell(bob, [], "d")).id)).toMatch(/^rate, retry in/);
    for (const text of ["a", "b"]) must(await tell(olga, [], text));
    must(await act(olga, "rates", { member: "bob", rate: { burst: 3, perSecond: 0.02 } }));
    expect(olga.room.controls.state().members).toMatchObject([{ name: "bob", rate: { burst: 3, perSecond: 0.02 } }]);
    for (let n = 0; n < 4; n += 1) expect(must(await act(olga, "rates", { member: "bob" })).state).toBe("relayed");
    expect(olga.room.controls.state().members).toEqual([]);
    must(await act(olga, "rates"));
    await until("all went out", () => Object.values(bob.store.state.outbox).every((e) => e.state !== "queued"));
  });
});

describe("a ban", () => {
  const invited = async (n: number): Promise<Member> => {
    const home = findHome({ AGORA_HOME: join(places[0]!.dir, "home") });
    invite ??= must(await signGrant(home, { room: "lobby", grant: "member" })).jwt;
    return open(n, { token: invite });
  };
  let invite: string | undefined;
  beforeEach(() => {
    invite = undefined;
  });

  test("bars the invite it came by under every new key and name, spares others, and says what it barred [CONTROL-17]", async () => {
    const olga = await open(0);
    const [bob, carol] = [await invited(1), await invited(2)];
    await until("all are here", () => ["bob", "carol"].every((name) => olga.room.members.isHere(name)));
    const done = must(await act(olga, "ban", { member: "bob" }));
    expect(done.barred).toEqual({ key: bob.room.myKey, name: "bob", grantId: expect.any(String) as unknown });
    expect(done.notes).toEqual([expect.stringContaining("@carol came by the same invite and may go on")]);
    await until("bob is out", () => bob.room.connection().state === "refused");
    for (const name of ["bob", "bobby"]) {
      places.push(makePlace(name));
      const again = await invited(places.length - 1);
      await until(`${name} is refused`, () => again.room.connection().state === "refused");
    }
    expect(must(await tell(carol, [], "still here")).state).toBe("relayed");
    must(await act(olga, "unban", { member: "bob" }));
    places.push(makePlace("bobs"));
    await invited(places.length - 1);
    await until("what was barred is free", () => olga.room.members.isHere("bobs"));
  });

  test("knows after a restart by which invite somebody came who is away [CONTROL-17]", async () => {
    const olga = await open(0);
    const bob = await invited(1);
    await invited(2);
    await until("all are here", () => ["bob", "carol"].every((name) => olga.room.members.isHere(name)));
    await bob[Symbol.asyncDispose]();
    await until("bob is away", () => !olga.room.members.isHere("bob"));
    olga.crash();
    const again = await open(0);
    await until("olga is an operator", () => again.room.grant() === "operator");
    const done = must(await act(again, "ban", { member: "bob" }));
    expect(done.barred).toEqual({ key: bob.room.myKey, name: "bob", grantId: expect.any(String) as unknown });
    expect(done.notes).toEqual([expect.stringContaining("@carol came by the same invite and may go on")]);
  });

  test("of who came by the shared token says that the token can't be barred", async () => {
    const [olga] = await pair();
    expect(must(await act(olga, "ban", { member: "bob" })).notes).toEqual([expect.stringContaining("another token")]);
  });
});

const controlsIn = (member: Member): string[] =>
  [...member.store.history.from(0)].flatMap(({ value }) =>
    "kind" in value && value.kind === "control" ? [value.text] : [],
  );

describe("one member", () => {
  test("is paused and resumed: what it says waits, what it said before is answered by nobody", async () => {
    const [olga, bob] = await pair();
    must(await act(olga, "pause", { member: "bob" }));
    await until("bob heard", () => bob.room.inbox.limits().held?.includes("this member"));
    expect(olga.room.members.list().find((m) => m.name === "bob")?.paused).toBe(true);
    const said = must(await tell(bob, ["olga"], "later"));
    expect(said.state).toBe("queued");
    expect(must(await tell(olga, ["bob"], "you wait")).state).toBe("relayed");
    must(await act(olga, "resume", { member: "@bob" }));
    await until("it goes out", () => olga.store.state.inbox[said.id] !== undefined);
    expect(olga.room.controls.state().members).toEqual([]);
  });

  test("is kicked and may come back, is banned and may not, until the ban is taken back [CONTROL-6]", async () => {
    const [olga, bob] = await pair();
    must(await act(olga, "kick", { member: "bob" }));
    await until("bob is out", () => !olga.room.members.isHere("bob"));
    bob.crash();
    const back = await open(1);
    await until("bob is back", () => olga.room.members.isHere("bob"));
    must(await act(olga, "ban", { member: "bob", reason: "noise" }));
    await until("bob is refused", () => back.room.connection().state === "refused");
    expect(olga.room.controls.state().members).toMatchObject([
      { name: "bob", key: bob.room.myKey, banned: { by: "olga" } },
    ]);
    must(await act(olga, "unban", { member: "bob" }));
    back.crash();
    await open(1);
    await until("bob is back", () => olga.room.members.isHere("bob"));
  });

  test("is interrupted: its turn is told, what it held waits, nothing wakes it until its person types [CONTROL-13]", async () => {
    const [olga, bob] = await pair();
    const ipc = ipcSession("1");
    bob.room.seats.attach(ipc, "claude", "s1");
    const said = must(await tell(olga, ["bob"], "do this"));
    await until("arrived", () => bob.store.state.inbox[said.id]);
    expect(bob.room.seats.prompt("claude", false).items).toHaveLength(1);
    must(await act(olga, "interrupt", { member: "bob/claude" }));
    await until("interrupted", () => bob.store.state.seats["claude"]?.interrupted);
    expect(bob.store.state.inbox[said.id]).toMatchObject({
      state: "open",
      reason: "an operator interrupted the session",
    });
    expect(bob.room.seats.sign("claude", true).notices).toEqual([expect.stringContaining("interrupted this session")]);
    expect(bob.room.seats.turnEnd("claude").items).toEqual([]);
    const next = must(await tell(olga, ["bob"], "and this"));
    await until("arrived", () => bob.store.state.inbox[next.id]?.state === "auto");
    expect(bob.room.seats.turnEnd("claude").items).toEqual([]);
    bob.room.seats.prompt("claude", true);
    expect(bob.store.state.inbox[next.id]).toMatchObject({ handed: { seat: "claude" } });
  });

  test("hears what an operator says as from an operator, and is asked by it when it is named [CONTROL-14]", async () => {
    const [olga, bob] = await pair();
    const carol = await open(2);
    for (const member of [bob, carol]) member.room.seats.attach(ipcSession(member.room.me), "claude", member.room.me);
    await until("carol is here", () => olga.room.members.isHere("carol"));
    const { id } = must(await act(olga, "inject", { member: "bob", text: "look at the build" }));
    await until("bob has it", () => bob.store.state.inbox[id]);
    await until("carol has it", () => carol.store.state.ordinal === 1);
    const atBob = bob.room.seats.prompt("claude", true).items;
    expect(atBob).toMatchObject([{ asked: true, line: { text: "look at the build", control: { act: "inject" } } }]);
    const atCarol = carol.room.seats.prompt("claude", true).items;
    expect(atCarol).toMatchObject([
      { asked: false, line: { author: "olga", kind: "control", text: "look at the build" } },
    ]);
  });
});
