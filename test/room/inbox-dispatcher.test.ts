// Who gets a mention and when: manual and automatic mode, one seat at a time, every bound with its way back to the inbox.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { history } from "../../packages/member/src/messages/history.ts";
import { accept, inbox } from "../../packages/member/src/messages/inbox.ts";
import { wait } from "../../packages/member/src/messages/wait.ts";
import { append, say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import type { Relay } from "@agora/relay";
import type { Item } from "@agora/member";
import { ipcSession, makePlace, type Member, must, openRelay, type Place, request, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
let alice: Member;
let bob: Member;

async function open(mode: "manual" | "auto", more = {}): Promise<void> {
  alice = await places[0]!.open(relay.port);
  bob = await places[1]!.open(relay.port, { mode, ...more });
  await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
}
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

const tell = (member: Member, to: string[], text: string, more = {}) =>
  say(member.room, { via: "cli", text, to, ...more }, undefined);
async function mention(text: string, to = "bob"): Promise<string> {
  const said = must(await tell(alice, [to], text));
  await until("it arrived", () => bob.store.state.inbox[said.id]);
  return said.id;
}
const stateOf = (id: string): string | undefined => alice.store.state.outbox[id]?.recipients["bob"]?.state;
const reaches = (id: string, state: string): Promise<unknown> => until(`${id} ${state}`, () => stateOf(id) === state);
const shown = (handed: { items: readonly { line: { text: string }; again: boolean; asked: boolean }[] }): string[] =>
  handed.items.map((i) => `${i.line.text}${i.again ? " again" : ""}${i.asked ? " asked" : ""}`);

describe("manual mode", () => {
  test("shows a mention once at the next prompt and keeps it in the inbox", async () => {
    await open("manual");
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    const id = await mention("hello");
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["hello"]);
    await reaches(id, "handed");
    bob.room.seats.sign("claude", false);
    await reaches(id, "seen");
    expect(shown(bob.room.seats.turnEnd("claude"))).toEqual([]);
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual([]);
    expect(inbox(bob.room, { via: "cli" }).items.map((i) => [i.id, i.state])).toEqual([[id, "open"]]);
  });

  test("shows again, once, what was handed and not seen: the person pressed Esc", async () => {
    await open("manual");
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    await mention("hello");
    must(await tell(alice, [], "to all"));
    await until("talk arrived", () => bob.store.state.ordinal === 1);
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["hello", "to all"]);
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["hello again", "to all again"]);
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual([]);
  });

  test("a turn that the person breaks off is over, and what it was handed is shown again", async () => {
    await open("manual");
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    await mention("hello");
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["hello"]);
    bob.room.seats.waiting("claude");
    expect(bob.room.seats.facts()).toMatchObject([{ busy: true, waiting: true }]);
    bob.room.seats.breakOff("claude");
    expect(bob.room.seats.facts()).toMatchObject([{ busy: false }]);
    expect(bob.room.seats.facts()[0]?.waiting).toBeUndefined();
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["hello again"]);
  });

  test("gives a mention to one of two seats, the talk to both", async () => {
    await open("manual");
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    bob.room.seats.attach(ipcSession("2"), "claude", "s2");
    await mention("hello");
    must(await tell(alice, [], "to all"));
    await until("talk arrived", () => bob.store.state.ordinal === 1);
    expect(shown(bob.room.seats.prompt("claude.2", true))).toEqual(["hello", "to all"]);
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["to all"]);
  });

  test("accept hands it over as asked; the answer closes it and its author knows", async () => {
    await open("manual");
    const seat = bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    const id = await mention("please look");
    const accepted = must(accept(bob.room, { via: "hook", thread: id.slice(0, 6), extra: "carefully" }, seat));
    expect(accepted.lines.map((l) => l.text)).toEqual(["please look"]);
    must(await say(bob.room, { via: "tool", text: "looks fine", to: [], thread: id }, bob.store.state.seats["claude"]));
    await reaches(id, "answered");
    expect(bob.store.state.inbox).toEqual({});
    const answer = await until("the answer", () => Object.values(alice.store.state.inbox)[0]);
    expect(answer).toMatchObject({ from: "bob", role: "agent", hop: 1, answers: id });
  });

  test("accepted in an idle session it is given there, and wakes that session for nothing; another's is woken", async () => {
    await open("manual");
    const ipc = ipcSession("1");
    const seat = bob.room.seats.attach(ipc, "claude", "s1");
    let woken = 0;
    const idle = bob.room.seats.awaitWake(ipc, "s1").then((wake) => {
      woken += 1;
      return wake;
    });
    const id = await mention("please look");
    must(accept(bob.room, { via: "hook", thread: id }, seat));
    bob.room.seats.refresh();
    await Promise.resolve();
    expect(woken).toBe(0);
    expect(bob.store.state.inbox[id]).toMatchObject({ state: "accepted", handed: { seat: "claude" } });
    // Said in a terminal, it is for the next session that can be reached.
    const other = await mention("and here");
    must(accept(bob.room, { via: "cli", thread: other }, undefined));
    expect(await idle).toMatchObject({ wake: true, count: 1 });
  });

  test("only a person accepts or appends; reject tells the author why; append leaves it open", async () => {
    await open("manual");
    const id = await mention("please look");
    for (const via of ["tool", "shell"] as const) {
      expect(await request(bob, "accept", { via, thread: id })).toMatchObject({ ok: false, code: "not-allowed" });
      expect(await request(bob, "append", { via, thread: id, text: "x" })).toMatchObject({
        ok: false,
        code: "not-allowed",
      });
    }
    must(await append(bob.room, { via: "cli", thread: id, text: "tomorrow" }, undefined));
    expect(Object.keys(bob.store.state.inbox)).toEqual([id]);
    must(await reject(bob.room, { via: "cli", thread: id, reason: "no time" }, undefined));
    await reaches(id, "rejected");
    expect(alice.store.state.outbox[id]?.recipients["bob"]?.reason).toBe("no time");
    expect(bob.store.state.inbox).toEqual({});
  });

  test("a mention for the person is handed to no model, by whatever way, unless the person hands it on [ADDRESS-2]", async () => {
    await open("auto");
    const ipc = ipcSession("1");
    const seat = bob.room.seats.attach(ipc, "claude", "s1");
    let woken = false;
    void bob.room.seats.awaitWake(ipc, "s1").then(() => (woken = true));
    const id = await mention("private", "bob/person");
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual([]);
    expect(shown(bob.room.seats.sign("claude", true))).toEqual([]);
    expect(shown(bob.room.seats.turnEnd("claude"))).toEqual([]);
    for (const via of ["tool", "shell"] as const) {
      expect(inbox(bob.room, { via }).items).toEqual([]);
      const waited = await wait(bob.room, { via, timeoutS: 0 }, undefined, () => undefined);
      expect(waited.items).toEqual([]);
      expect(must(history(bob.room, { via, limit: 10 })).lines).toEqual([]);
    }
    expect(woken).toBe(false);
    expect(inbox(bob.room, { via: "cli" }).items).toHaveLength(1);
    expect(must(history(bob.room, { via: "cli", limit: 10 })).lines).toHaveLength(1);
    must(accept(bob.room, { via: "hook", thread: id }, seat));
    expect(bob.store.state.inbox[id]).toMatchObject({ handed: { seat: "claude" } });
  });

  test("a mention to an ended session falls to the member, with a note", async () => {
    await open("manual");
    const said = must(await tell(alice, ["bob/claude.7"], "hello"));
    expect(said.notes[0]).toContain("has ended");
    expect(said.to).toEqual(["bob"]);
  });
});

describe("automatic mode", () => {
  test("wakes one idle seat per mention, twice in a row, and the answer ends it", async () => {
    await open("auto");
    const ipc = ipcSession("1");
    const other = ipcSession("2");
    bob.room.seats.attach(ipc, "claude", "s1");
    bob.room.seats.attach(other, "claude", "s2");
    let woken = 0;
    for (const text of ["first", "second"]) {
      const wakes = [bob.room.seats.awaitWake(ipc, "s1"), bob.room.seats.awaitWake(other, "s2")];
      const id = await mention(text);
      const wake = await Promise.race(wakes);
      expect(wake).toMatchObject({ wake: true, count: 1, from: ["alice"] });
      woken += 1;
      const handed = bob.room.seats.prompt("claude", false);
      expect(shown(handed)).toEqual([`${text} asked`]);
      expect(shown(bob.room.seats.prompt("claude.2", true))).toEqual([]);
      bob.room.seats.turnEnd("claude.2");
      must(await say(bob.room, { via: "tool", text: "done", to: ["alice"] }, bob.store.state.seats["claude"]));
      await reaches(id, "answered");
      expect(shown(bob.room.seats.turnEnd("claude"))).toEqual([]);
    }
    expect(woken).toBe(2);
  });

  test("a Stop asks once for each outstanding mention; without an answer it falls to the inbox", async () => {
    await open("auto");
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    bob.room.seats.prompt("claude", true);
    const id = await mention("while you work");
    expect(shown(bob.room.seats.turnEnd("claude"))).toEqual(["while you work asked"]);
    expect(shown(bob.room.seats.turnEnd("claude"))).toEqual([]);
    expect(bob.store.state.inbox[id]).toMatchObject({ state: "open", reason: "no answer" });
  });

  test("what was asked in a turn that the person breaks off waits for the person, and wakes nobody again", async () => {
    await open("auto");
    const ipc = ipcSession("1");
    bob.room.seats.attach(ipc, "claude", "s1");
    const first = bob.room.seats.awaitWake(ipc, "s1");
    const id = await mention("while you slept");
    await first;
    expect(shown(bob.room.seats.prompt("claude", false))).toEqual(["while you slept asked"]);
    let woken = 0;
    void bob.room.seats.awaitWake(ipc, "s1").then(() => (woken += 1));
    bob.room.seats.breakOff("claude");
    expect(bob.room.seats.isBusy("claude")).toBe(false);
    expect(bob.store.state.inbox[id]).toMatchObject({ state: "open", reason: "the turn was broken off" });
    bob.room.seats.refresh();
    await Promise.resolve();
    expect(woken).toBe(0);
    await mention("a new one");
    await until("the next one wakes", () => woken === 1);
  });

  test("the hop is the daemon's to count: one more than was handed, none after a person typed; the role follows from the way in [CHAIN-1] [ROLE-1]", async () => {
    await open("manual");
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    const speak = async (via: "tool" | "hook" | "cli"): Promise<Item> => {
      const said = must(await say(bob.room, { via, text: "x", to: ["alice"] }, bob.store.state.seats["claude"]));
      return until("it arrived", () => alice.store.state.inbox[said.id]);
    };
    expect(await speak("tool")).toMatchObject({ hop: 0, role: "agent" });
    const seat = alice.room.seats.attach(ipcSession("2"), "claude", "a1");
    alice.room.seats.prompt(seat.seat, false);
    must(await say(alice.room, { via: "tool", text: "one", to: ["bob"] }, alice.store.state.seats["claude"]));
    await until("it arrived", () => Object.keys(bob.store.state.inbox).length === 1);
    bob.room.seats.prompt("claude", false);
    expect(await speak("tool")).toMatchObject({ hop: 2, role: "agent" });
    expect(await speak("hook")).toMatchObject({ hop: 0, role: "user" });
    // An agent's shell that can't be told apart speaks for the longest chain, so that no bound is evaded.
    const shell = must(await say(bob.room, { via: "shell", text: "x", to: ["alice"] }, undefined));
    expect(await until("it arrived", () => alice.store.state.inbox[shell.id])).toMatchObject({ hop: 2, role: "agent" });
    bob.room.seats.sign("claude", false);
    bob.room.seats.prompt("claude", true);
    expect(await speak("tool")).toMatchObject({ hop: 0 });
  });

  test("stops at the hop limit, at the age, at too many turns for one author [CHAIN-2]", async () => {
    await open("auto", { hopLimit: 1, mentionMaxAgeMs: 50 });
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    const old = await mention("old");
    await until("too old", () => bob.store.state.inbox[old]?.reason === "too old for an automatic answer");
    // Alice's agent was handed something at hop 0: what it says has hop 1.
    const seat = alice.room.seats.attach(ipcSession("3"), "claude", "a1");
    must(await tell(bob, ["alice"], "to alice"));
    await until("arrived", () => Object.values(alice.store.state.inbox).length === 1);
    alice.room.seats.prompt("claude", true);
    const said = must(
      await say(alice.room, { via: "tool", text: "hop one", to: ["bob"] }, alice.store.state.seats[seat.seat]),
    );
    await until("held", () => stateOf(said.id) === "held");
    expect(alice.store.state.outbox[said.id]?.recipients["bob"]?.reason).toBe("hop limit 1");
    for (let n = 0; n < 8; n += 1) await mention(`n${n}`);
    expect(Object.values(bob.store.state.inbox).some((i) => i.reason?.startsWith("too many automatic turns"))).toBe(
      true,
    );
  });

  test("what a session held is free when it ends", async () => {
    await open("auto");
    const ipc = ipcSession("1");
    bob.room.seats.attach(ipc, "claude", "s1");
    const wake = bob.room.seats.awaitWake(ipc, "s1");
    await mention("hello");
    await wake;
    ipc.end();
    bob.room.seats.end("s1");
    const next = ipcSession("2");
    bob.room.seats.attach(next, "claude", "s2");
    expect(await bob.room.seats.awaitWake(next, "s2")).toMatchObject({ wake: true, count: 1 });
    expect(shown(bob.room.seats.prompt("claude.2", false))).toEqual(["hello asked"]);
  });
});

describe("seats", () => {
  test("a session keeps its seat over /clear and resume; nothing is shown twice", async () => {
    await open("manual");
    const ipc = ipcSession("1");
    bob.room.seats.attach(ipc, "claude", "s1");
    must(await tell(alice, [], "one"));
    await until("talk", () => bob.store.state.ordinal === 1);
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["one"]);
    bob.room.seats.turnEnd("claude");
    bob.room.seats.end("s1");
    bob.room.seats.resession(ipc, "s1-cleared");
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual([]);
    ipc.end();
    must(await tell(alice, [], "two"));
    await until("talk", () => bob.store.state.ordinal === 2);
    const resumed = bob.room.seats.attach(ipcSession("2"), "claude", "s1-cleared");
    expect(resumed.seat).toBe("claude");
    expect(shown(bob.room.seats.prompt("claude", true))).toEqual(["two"]);
  });
});

test("accept takes along what else waits in the thread, oldest first; one count of what waits everywhere", async () => {
  await open("manual");
  bob.room.seats.attach(ipcSession("1"), "claude", "s1");
  const first = await mention("look at the schema");
  const { thread } = bob.store.state.inbox[first]!;
  const said = must(await tell(alice, ["bob"], "and at the index", { thread }));
  await until("the second", () => bob.store.state.inbox[said.id]);
  const { items } = inbox(bob.room, { via: "cli" });
  expect(items.map(({ waits }) => waits)).toEqual([true, true]);
  const { item, others } = must(accept(bob.room, { via: "hook", thread }, bob.store.state.seats["claude"]));
  expect([...(others ?? []), item].map(({ text }) => text)).toEqual(["look at the schema", "and at the index"]);
  expect(inbox(bob.room, { via: "cli" }).items.map(({ state, waits }) => [state, waits])).toEqual([
    ["accepted", undefined],
    ["accepted", undefined],
  ]);
});
