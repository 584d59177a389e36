// The operator's commands as people type them: real processes, real relay, its restart, an agent that is told.
import type { AnswerData } from "@agora/commands";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquainted, type Person, type TestRelay, Town, until } from "./test-users.ts";
import { openSession } from "./session.ts";

const town = new Town();
let relay: TestRelay;
let olga: Person;
let bob: Person;

beforeAll(async () => {
  olga = town.person("olga", undefined);
  const made = await olga.type(["room", "create", "lobby", "--json"]);
  const { relay: line } = JSON.parse(made.out) as { relay: string };
  relay = await town.relay([], { AGORA_ROOM_KEYS: line.replace("AGORA_ROOM_KEYS=", ""), AGORA_TOKEN: "a-token" });
  olga = town.person("olga", relay);
  bob = town.person("bob", relay);
  await olga.start();
  // Bob comes by an invite, so his daemon knows the room's root key.
  const invited = await olga.type(["invite", "bob", "--relay", relay.url, "--room", "lobby", "--json"]);
  const { invite } = JSON.parse(invited.out) as { invite: string };
  await bob.type(["start", "-n", "bob", invite]);
  await acquainted(olga, bob);
});
afterAll(() => town[Symbol.asyncDispose]());

const connectionOf = async (person: Person): Promise<string> =>
  (await person.ask<AnswerData["status"]>(["status"])).connection.state;
const controls = (person: Person) => person.ask<AnswerData["controls"]>(["controls"]);
const heard = (person: Person, what: string, probe: (now: AnswerData["controls"]) => unknown) =>
  until(`${what} at ${person.name}`, async () => Boolean(probe(await controls(person))));

describe("an operator", () => {
  test("is the room's owner; an invite makes nobody one", async () => {
    expect(await controls(olga)).toMatchObject({ operator: true, owner: true, members: [] });
    expect(await controls(bob)).toMatchObject({ operator: false, owner: false });
    const refused = await olga.type(["invite", "eve", "--grant", "operator", "--relay", relay.url, "--room", "lobby"]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("agora grant eve operator") as unknown });
    expect(await bob.type(["pause"])).toMatchObject({ code: 1, err: expect.stringContaining("operator") as unknown });
  });

  test("ends every wait by a stop, with the code that says: don't start it again", async () => {
    const waiting = [bob, olga].map((person) => person.type(["wait", "--timeout", "240"]));
    await Promise.all([bob.overtake(), olga.overtake()]);
    expect((await olga.type(["stop-all", "enough"])).code).toBe(0);
    for (const ended of waiting)
      expect(await ended).toMatchObject({ code: 3, out: expect.stringContaining("don't wait again") as unknown });
    expect((await bob.type(["wait", "--timeout", "240"])).code).toBe(3);
    expect((await olga.type(["reset"])).code).toBe(0);
    await heard(bob, "the reset", (now) => now.stopped === undefined);
    expect((await bob.type(["wait", "--timeout", "1"])).code).toBe(0);
    // A pause passes: it is waited through.
    const through = bob.type(["wait", "--timeout", "240"]);
    await olga.type(["pause"]);
    await heard(bob, "the pause", (now) => now.paused);
    await olga.type(["resume"]);
    expect((await olga.type(["say", "@bob", "there?"])).code).toBe(0);
    expect(await through).toMatchObject({ code: 0, out: expect.stringContaining("there?") as unknown });
    expect((await bob.type(["reject", "last"])).code).toBe(0);
  });

  test("stops and resets the room; sends are refused meanwhile, in a shell and by a tool's way", async () => {
    expect((await olga.type(["stop-all", "enough", "for", "today"])).out).toBe("stopped the room\n");
    await heard(bob, "the stop", (now) => now.stopped?.reason === "enough for today");
    for (const env of [{}, { CLAUDECODE: "1" }])
      expect(await bob.type(["say", "hello"], env)).toMatchObject({
        code: 1,
        err: expect.stringContaining("an operator stopped the room") as unknown,
      });
    const { lines } = await bob.ask<AnswerData["history"]>(["history"]);
    expect(lines.at(-1)).toMatchObject({ kind: "control", text: "stopped the room: enough for today" });
    expect((await bob.type(["history"])).out).toContain("[operator]");
    expect((await olga.type(["reset"])).code).toBe(0);
    await heard(bob, "the reset", (now) => now.stopped === undefined);
    expect((await bob.type(["say", "hello"])).code).toBe(0);
  });

  test("pauses the room, or one by name; nobody is paused for a reason by mistake", async () => {
    expect((await olga.type(["pause", "bob"])).out).toBe("paused @bob\n");
    for (const person of [olga, bob])
      await heard(person, "bob's pause", (now) => now.members.some((m) => m.name === "bob" && m.paused !== undefined));
    const said = await bob.ask<AnswerData["say"]>(["say", "@olga", "later"]);
    expect(said.state).toBe("queued");
    expect((await olga.type(["resume", "@bob"])).out).toBe("resumed @bob\n");
    await until("it goes out", async () =>
      (await olga.ask<AnswerData["inbox"]>(["inbox"])).some((i) => i.id === said.id),
    );
    expect((await olga.type(["pause", "lunch"])).out).toBe("paused the room\n");
    await heard(bob, "the pause", (now) => now.paused?.reason === "lunch");
    expect((await olga.type(["resume"])).code).toBe(0);
    await heard(bob, "the end", (now) => now.paused === undefined);
  });

  test("says something as an operator, sets rates, bans and forgives", async () => {
    expect((await olga.type(["inject", "@bob", "look", "here"])).out).toBe("said as an operator to @bob\n");
    await until("bob is asked", async () =>
      (await bob.ask<AnswerData["inbox"]>(["inbox"])).some((i) => i.text === "look here"),
    );
    expect((await olga.type(["rates", "all", "5", "0.5"])).code).toBe(0);
    await heard(bob, "the rate", (now) => now.rate?.burst === 5);
    expect((await olga.type(["rates", "all", "off"])).code).toBe(0);
    expect((await olga.type(["rates", "bob", "0", "1"])).code).toBe(2);
    expect((await olga.type(["ban", "bob", "noise"])).out).toMatch(
      /^banned: @bob\n {2}barred: the key .*, the name bob, the invite it came by/,
    );
    await until("bob is refused", async () => (await connectionOf(bob)) === "refused");
    expect((await olga.type(["unban", "bob"])).code).toBe(0);
    await bob.type(["update"]);
    await until("bob is back", async () => (await connectionOf(bob)) === "joined");
  });

  test("kicks: the member is away, reads why, and may come back [CONTROL-6]", async () => {
    expect((await olga.type(["kick", "@bob", "too", "loud"])).out).toBe("removed from the room: @bob\n");
    const says = async (person: Person, word: string, what: RegExp) => what.test((await person.type([word])).out);
    const why = /as bob: connecting \(An operator removed this member from the room: ask them why/;
    await until("he is away, and reads why", async () => {
      const shown = [says(olga, "who", /^ {2}bob: away/m), says(bob, "who", why), says(bob, "status", why)];
      const isShown = (await Promise.all(shown)).every(Boolean);
      // He tries again by himself after a while: on a busy machine before all of it was looked at.
      if (!isShown && (await connectionOf(bob)) === "joined") await olga.type(["kick", "@bob", "too", "loud"]);
      return isShown;
    });
    expect((await bob.type(["update"])).code).toBe(0);
    await until("he is back", () => says(olga, "who", /^ {2}bob: online/m));
    await until("it is in his history", () => says(bob, "history", /removed @bob: too loud/));
  });

  test("interrupts a session: it is told, what it held waits, nothing more is handed to it until its person types [CONTROL-13]", async () => {
    expect((await bob.type(["mode", "auto"])).code).toBe(0);
    await using session = await openSession(bob, bob.entry, "s-bob");
    await session.hook("UserPromptSubmit", "a long task");
    const told = (text: string) =>
      until(`"${text}" in the session`, async () => {
        const heard = await session.hook("PostToolUse");
        return heard.includes(text) && heard;
      });
    const asks = async (text: string) => {
      await olga.ask(["say", "@bob", text]);
      await until(`"${text}" at bob`, async () => (await bob.type(["history"])).out.includes(text));
    };
    await asks("sort the tests");
    await told("sort the tests");
    expect((await olga.type(["interrupt", "@bob/claude"])).out).toBe("interrupted: @bob/claude\n");
    await told("an operator (@olga) interrupted this session");
    expect(await bob.ask<AnswerData["inbox"]>(["inbox"])).toContainEqual(
      expect.objectContaining({ text: "sort the tests", reason: "an operator interrupted the session" }),
    );
    expect(await session.hook("Stop")).not.toContain("sort the tests");
    await asks("and the imports");
    // A turn that begins by itself brings none of it; the person's own does.
    expect(await session.hook("UserPromptSubmit", "<task-notification>")).not.toContain("and the imports");
    const typed = await session.hook("UserPromptSubmit", "go on");
    if (!typed.includes("and the imports")) await told("and the imports");
  });

  test("makes another one; an agent's shell can do none of it", async () => {
    expect((await olga.type(["grant", "bob", "operator"])).code).toBe(0);
    await heard(bob, "the grant", (now) => now.operator);
    for (const words of [["pause"], ["stop-all"], ["kick", "olga"], ["grant", "bob", "operator"], ["more", "last"]])
      expect(await olga.type(words, { CLAUDECODE: "1" })).toMatchObject({ code: 1, out: "" });
    expect((await bob.type(["pause"])).code).toBe(0);
    await heard(olga, "bob's pause", (now) => now.paused?.by === "bob");
    expect((await bob.type(["resume"])).code).toBe(0);
    expect((await bob.type(["busy", "the", "parser"])).out).toContain("the parser");
    await until("olga sees it", async () => (await olga.type(["who"])).out.includes("the parser"));
    await until("he answers", async () => /^@bob answered after \d+ ms/.test((await olga.type(["ping", "bob"])).out));
  });

  test("is obeyed after the relay's restart", async () => {
    await olga.ask(["stop-all"]);
    await heard(bob, "the stop", (now) => now.stopped);
    const { port } = relay;
    const keys = (await olga.type(["room", "create", "lobby", "--json"])).out;
    const { key } = JSON.parse(keys) as { key: string };
    await relay.end("SIGKILL");
    relay = await town.relay(["--port", port], { AGORA_ROOM_KEYS: `lobby=${key}`, AGORA_TOKEN: "a-token" });
    const carol = town.person("carol", relay);
    await until("bob is back", async () => (await connectionOf(bob)) === "joined");
    await carol.start();
    // Carol has the shared token and not the root key: her daemon believes no control, the relay obeys it.
    const said = await carol.type(["say", "hello"]);
    expect(said.err).toContain("stopped");
    await olga.ask(["reset"]);
    await until("carol speaks", async () => (await carol.type(["say", "hello"])).code === 0);
  });
});
