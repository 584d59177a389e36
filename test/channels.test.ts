// Channels by the commands that people type: real processes, a real relay, and a relay that dies in between.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquainted, type Person, type TestRelay, Town, until } from "./test-users.ts";

interface Channel {
  readonly name: string;
  readonly joined: boolean;
  readonly unread: number;
  readonly members: readonly string[];
  readonly topic?: string;
}
interface Line {
  readonly kind?: string;
  readonly author: string;
  readonly channel?: string;
  readonly text: string;
}

describe("channels, typed", () => {
  let town: Town;
  let relay: TestRelay;
  let alice: Person;
  let bob: Person;
  let carol: Person;

  beforeAll(async () => {
    town = new Town();
    relay = await town.relay();
    [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => town.person(name, relay)) as [Person, Person, Person];
    for (const person of [alice, bob, carol]) await person.start();
    await acquainted(alice, bob, carol);
  });
  afterAll(() => town[Symbol.asyncDispose]());

  const listed = async (person: Person): Promise<Channel | undefined> =>
    (await person.ask<Channel[]>(["channels"])).find(({ name }) => name === "build");
  const said = async (person: Person, ...more: string[]): Promise<readonly string[]> =>
    (await person.ask<{ lines: Line[] }>(["history", ...more])).lines.map(({ author, text }) => `${author}: ${text}`);

  test("one opens a channel, another joins by sending, and nobody else is sent anything of it", async () => {
    expect(await bob.type(["say", "#build anybody?"])).toMatchObject({ code: 1 });
    const opened = await alice.type(["join", "#build", "--topic", "what breaks"]);
    expect(opened).toMatchObject({ code: 0, out: "opened #build: what breaks\n" });
    await until("bob sees it", async () => (await listed(bob))?.members.includes("alice"));
    const words = await bob.type(["say", "#build", "is", "it", "green?"]);
    expect(words.out).toMatch(/^said in #build thread \w+\n {2}You are in #build now, with @alice\.\n$/);
    await until("alice has it", async () => (await listed(alice))?.unread === 1);
    expect((await alice.type(["channels"])).out).toBe(
      "#build (you are in it, 1 unread, channel owner @alice): what breaks\n  @alice @bob\n",
    );
    expect((await alice.type(["history", "--channel", "build"])).out).toMatch(
      /bob → #build thread \w+\n {2}is it green\?\n/,
    );
    expect(await listed(alice)).toMatchObject({ unread: 0 });
    await until("carol sees both", async () => (await listed(carol))?.members.length === 2);
    expect(await listed(carol)).toEqual({ name: "build", joined: false, unread: 0, members: ["alice", "bob"] });
    expect(await said(carol)).toEqual([]);
    expect(await said(alice, "--search", "green")).toEqual(["bob: is it green?"]);
    // Whoever reads the journal finds the channel as a plain field.
    const lines = (await alice.shown("history.jsonl", "is it green?")).trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as Line).filter(({ kind }) => kind !== "key");
    expect(events.map(({ channel }) => channel)).toEqual(["build", "build", "build"]);
  });

  test("one opens a channel for somebody, who is told and joins by a word", async () => {
    const words = ["join", "#plans", "--with", "@bob", "--topic", "what next", "--repo", "https://example.org/app.git"];
    const opened = await alice.type(words);
    const about = "what next · https://example.org/app.git";
    expect(opened).toMatchObject({ code: 0, out: `opened #plans: ${about}\ntold @bob how to join\n` });
    const told = await until("bob is told", async () =>
      (await bob.ask<{ text: string }[]>(["inbox"])).find(({ text }) => text.includes("#plans")),
    );
    expect(told.text).toBe(
      `Come to #plans (${about}): "agora join plans" in a terminal, /agora:join plans in a session.`,
    );
    expect((await bob.type(["join", "plans"])).out).toMatch(/^joined #plans/);
    await until("alice sees him there", async () =>
      (await alice.ask<Channel[]>(["channels"])).some(
        ({ name, members }) => name === "plans" && members.includes("bob"),
      ),
    );
    expect((await alice.type(["join", "plans", "--with", "@bob"])).out).not.toContain("told");
    const nobody = await alice.type(["join", "#plans", "--with", "@nobody"]);
    expect(nobody.code).toBe(1);
    expect(nobody.err).toContain("You are in #plans, but @nobody could not be told");
    for (const person of [alice, bob]) await person.ask(["leave", "plans"]);
  });

  test("a slip of the fingers sends nothing and says what was meant; a number and a heading are text", async () => {
    const slip = await bob.type(["say", "#biuld", "is", "it?"]);
    expect(slip).toMatchObject({ code: 1 });
    expect(slip.err).toContain("There is no channel #biuld here now; nothing was sent. Did you mean #build?");
    for (const text of ["#12 is broken", "# Plan"]) await bob.ask(["say", text]);
    await until("carol has both", async () => (await said(carol)).join() === "bob: #12 is broken,bob: # Plan");
  });

  test("a relay's end loses neither membership nor what is said after it", async () => {
    const flags = ["--port", relay.port];
    await relay.end("SIGKILL");
    const queued = await alice.ask<{ state: string }>(["say", "#build", "said in the dark"]);
    expect(queued.state).toBe("queued");
    relay = await town.relay(flags, { AGORA_TOKEN: relay.token });
    await until("bob has it", async () => (await said(bob, "--channel", "build")).includes("alice: said in the dark"));
    expect(await listed(bob)).toMatchObject({ joined: true, members: ["alice", "bob"] });
    expect(await said(carol)).not.toContain("alice: said in the dark");
  });

  test("a topic is the channel owner's, and who leaves is sent nothing more", async () => {
    expect((await bob.type(["topic", "#build", "mine"])).err).toContain(
      "In #build @alice, who opened it, sets its topic",
    );
    expect(await alice.type(["topic", "build", "what", "broke"])).toMatchObject({ code: 0 });
    await until("bob knows", async () => (await listed(bob))?.topic === "what broke");
    expect((await bob.type(["leave", "#build"])).out).toBe("left #build\n");
    await until("alice sees it", async () => (await listed(alice))?.members.join() === "alice");
    await alice.ask(["say", "#build", "alone now"]);
    await alice.ask(["say", "and this to all"]);
    await until("bob has what came after it", async () => (await said(bob)).includes("alice: and this to all"));
    expect(await said(bob)).not.toContain("alice: alone now");
    expect((await bob.type(["leave", "#build"])).err).toContain("You are not in #build.");
    // It was a person's shell: an agent's may join and speak, but not decide who is in it.
    const asAgent = await alice.type(["remove", "#build", "bob"], { CLAUDECODE: "1" });
    expect(asAgent).toMatchObject({ code: 1 });
  });
});
