// Who may wake an agent, and where another mode holds: decided by the person, obeyed by the inbox, told to the author.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { channel } from "../../packages/member/src/channels/requests.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import type { Relay } from "@agora/relay";
import type { Results } from "@agora/ipc";
import { makePlace, type Member, must, openRelay, type Place, request, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
let alice: Member;
let bob: Member;

beforeEach(async () => {
  relay = await openRelay();
  places = [makePlace("alice"), makePlace("bob")];
  alice = await places[0]!.open(relay.port);
  bob = await places[1]!.open(relay.port, { mode: "auto" });
  await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  await bob[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

async function mention(text: string, more: { channel?: string; thread?: string } = {}) {
  const said = must(await say(alice.room, { via: "cli", text, to: ["bob"], ...more }, undefined));
  return await until("it arrived", () => bob.store.state.inbox[said.id]);
}
const stateFor = async (...args: Parameters<typeof mention>): Promise<string> => (await mention(...args)).state;
const allow = (member: string, may: "wake" | "word" | "default"): Promise<unknown> =>
  request(bob, "allow", { via: "cli", member, may });
const modeAt = (args: object): ReturnType<typeof request<"modeAt">> => request(bob, "modeAt", { via: "cli", ...args });

describe("who may wake", () => {
  test("a word of somebody who may not waits, and its author is told that it does", async () => {
    expect(await stateFor("before")).toBe("auto");
    expect(must(await request(bob, "allow", { via: "cli", member: "@alice", may: "word" })).changed).toBe(true);
    const item = await mention("please look");
    expect(item).toMatchObject({ state: "open", reason: "waits for the person: this member may only leave a word" });
    await until("its author knows", () => alice.store.state.outbox[item.id]?.recipients["bob"]?.state === "held");
    expect(alice.store.state.outbox[item.id]?.recipients["bob"]?.reason).toContain("waits for the person");
    const who = must(await request(bob, "who", {}));
    expect(who.members.find(({ name }) => name === "alice")?.onlyLeavesWord).toBe(true);
    // Nobody else is told of the rule.
    expect(JSON.stringify(must(await request(alice, "who", {})))).not.toContain("onlyLeavesWord");
    await allow("alice", "default");
    expect(await stateFor("and now")).toBe("auto");
  });

  test("what holds for everyone holds for who has no rule of their own, and what was not begun yet is held", async () => {
    const begun = await mention("before");
    await allow("everyone", "word");
    expect(bob.store.state.inbox[begun.id]?.state).toBe("open");
    expect(await stateFor("no rule of its own")).toBe("open");
    await allow("alice", "wake");
    expect(await stateFor("one of its own")).toBe("auto");
    expect(must(await request(bob, "whoami", {})).allow).toEqual({
      everyone: "word",
      members: [{ name: "alice", may: "wake" }],
    });
  });

  test("is the person's alone to decide, and about members that are known", async () => {
    for (const via of ["tool", "shell"] as const) {
      const asked = await request(bob, "allow", { via, member: "alice", may: "word" });
      expect(asked).toMatchObject({ ok: false, code: "not-allowed" });
    }
    expect(must(await request(bob, "allow", { via: "tool" })).everyone).toBe("wake");
    expect(await allow("nobody", "word")).toMatchObject({ ok: false, code: "unknown-recipient" });
    expect(await allow("bob", "word")).toMatchObject({ ok: false, code: "bad-request" });
    expect(await allow("x y", "word")).toMatchObject({ ok: false, code: "bad-request" });
  });

  test("outlives the end of the daemon, however it ends", async () => {
    await allow("alice", "word");
    bob.crash();
    bob = await places[1]!.open(relay.port, { mode: "auto" });
    await until("bob is back", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
    expect(await stateFor("after that")).toBe("open");
  });
});

describe("the mode of a place", () => {
  const inChannel = async (): Promise<void> => {
    for (const one of [alice, bob]) must(await channel(one.room, { via: "cli", act: "join", channel: "review" }));
    await until(
      "both know",
      () => alice.room.channels.has("review", "bob") && bob.room.channels.has("review", "alice"),
    );
  };
  const placesNow = async (): Promise<Results["modeAt"]["places"]> =>
    must(await request(bob, "mode", { via: "cli" })).places ?? [];

  test("a channel's holds there alone, and a thread's before it", async () => {
    await inChannel();
    must(await modeAt({ channel: "#review", mode: "manual" }));
    const first = await mention("here", { channel: "review" });
    expect([first.state, await stateFor("elsewhere")]).toEqual(["open", "auto"]);
    must(await modeAt({ thread: first.thread.slice(0, 12), mode: "auto" }));
    expect(await stateFor("go on", { thread: first.thread, channel: "review" })).toBe("auto");
    expect(await stateFor("another", { channel: "review" })).toBe("open");
    expect(await placesNow()).toEqual([
      { channel: "review", mode: "manual" },
      { thread: first.thread, mode: "auto" },
    ]);
    must(await modeAt({ channel: "review" }));
    must(await modeAt({ thread: first.thread }));
    expect(await placesNow()).toEqual([]);
    expect(await stateFor("as in general", { channel: "review" })).toBe("auto");
  });

  test("an automatic place in a manual mode, but not for whom the person does not let wake", async () => {
    must(await request(bob, "mode", { via: "cli", mode: "manual" }));
    await inChannel();
    must(await modeAt({ channel: "review", mode: "auto" }));
    expect([await stateFor("here", { channel: "review" }), await stateFor("elsewhere")]).toEqual(["auto", "open"]);
    await allow("alice", "word");
    expect(await stateFor("again", { channel: "review" })).toBe("open");
  });

  test("an agent may make a place manual and nothing else; a place has to be there", async () => {
    await inChannel();
    for (const mode of ["auto", undefined] as const)
      expect(await modeAt({ via: "tool", channel: "review", ...(mode === undefined ? {} : { mode }) })).toMatchObject({
        ok: false,
        code: "not-allowed",
      });
    must(await modeAt({ via: "tool", channel: "review", mode: "manual" }));
    expect(await modeAt({ channel: "reveiw", mode: "auto" })).toMatchObject({ ok: false, code: "unknown-channel" });
    expect(await modeAt({ thread: "zzzzzzzz", mode: "auto" })).toMatchObject({ ok: false, code: "unknown-thread" });
    expect(await modeAt({ mode: "auto" })).toMatchObject({ ok: false, code: "bad-request" });
    expect(await modeAt({ mode: "auto", channel: "review", thread: "x" })).toMatchObject({ ok: false });
  });
});
