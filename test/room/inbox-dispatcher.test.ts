// Who gets a mention and when: manual and automatic mode, one seat at a time, every bound with its way back to the inbox.
import { describe, expect, test } from "vitest";
import { history } from "./read-history.ts";
import { accept, inbox } from "../../packages/member/src/messages/inbox.ts";
import { wait } from "../../packages/member/src/messages/wait.ts";
import { append, say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import { ipcSession, must, request, until } from "./fixture.ts";
import { alice, bob, open, tell, mention, reaches, shown, useMentionRoom } from "./mention-room.ts";

useMentionRoom();

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
