// Mentions in automatic mode: what is woken, asked once, and given back to the person.
import { describe, expect, test } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import type { Item } from "@agora/member";
import { ipcSession, must, until } from "./fixture.ts";
import { alice, bob, open, tell, mention, stateOf, reaches, shown, useMentionRoom } from "./mention-room.ts";

useMentionRoom();

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
