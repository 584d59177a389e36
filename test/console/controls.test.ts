// Every control an operator has, clicked in a browser; its effect seen at the other's daemon and on the other's screen. Who is
// no operator has no such buttons, and what such a page asks for all the same is refused.
import type { AnswerData } from "@agora/commands";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { openSession, type Session } from "../session.ts";
import { hasBrowser, message, pageAsks, TestBrowser, view, write } from "./browser.ts";

describe.skipIf(!hasBrowser())("an operator's page", () => {
  let town: Town;
  let browser: TestBrowser;
  let relay: TestRelay;
  let olga: Person;
  let bob: Person;
  let o: Page;
  let b: Page;
  let session: Session;

  beforeAll(async () => {
    town = new Town();
    const owner = town.person("olga", undefined);
    const { relay: line } = await owner.ask<{ relay: string }>(["room", "create", "lobby"]);
    relay = await town.relay([], { AGORA_ROOM_KEYS: line.replace("AGORA_ROOM_KEYS=", ""), AGORA_TOKEN: "a-token" });
    olga = town.person("olga", relay);
    await olga.start();
    bob = await join("bob", "member", ["--mode", "auto"]);
    session = await openSession(bob, bob.entry, "s-bob");
    await session.hook("UserPromptSubmit", "a long task");
    browser = await TestBrowser.open();
    o = await browser.console(olga);
    b = await browser.console(bob);
  });
  afterAll(async () => {
    await session?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  /** Somebody who comes by an invite, so that the daemon knows the room's root key and obeys its operators. */
  async function join(name: string, grant: string, flags: readonly string[] = []): Promise<Person> {
    const { invite } = await olga.ask<{ invite: string }>([
      ...["invite", name, "--grant", grant, "--relay", relay.url, "--room", "lobby"],
    ]);
    const person = town.person(name, relay);
    await person.ask(["start", "-n", name, ...flags, invite]);
    return person;
  }

  const controls = (person: Person) => person.ask<AnswerData["controls"]>(["controls"]);
  const decided = (person: Person, what: string, probe: (now: AnswerData["controls"]) => unknown) =>
    until(`${what} at ${person.name}`, async () => Boolean(probe(await controls(person))));
  const ofBob = (now: AnswerData["controls"]) => now.members.find(({ name }) => name === "bob");
  const connection = async (person: Person) => (await person.ask<AnswerData["status"]>(["status"])).connection.state;
  const card = (name: string) => o.locator(".member", { hasText: name });
  const dialog = () => o.getByRole("dialog");
  const forBob = (name: string) => card("bob").locator("> .buttons").getByRole("button", { name, exact: true });
  /** What bob's session is given in its turn, or as the next begins, once that holds `text`. */
  const told = (text: string, event = "PostToolUse") =>
    until(`"${text}" in bob's session`, async () => {
      const heard = await session.hook(event, "go on");
      return heard.includes(text) && heard;
    });
  /** Answers the dialog that stands open. */
  async function answer(action: string, reason = ""): Promise<void> {
    if (reason !== "") await dialog().getByRole("textbox").fill(reason);
    await dialog().getByRole("button", { name: action, exact: true }).click();
    await dialog().waitFor({ state: "detached" });
  }

  test("pauses and resumes the room", async () => {
    await o.getByRole("button", { name: "Pause", exact: true }).first().click();
    await decided(bob, "the pause", (now) => now.paused !== undefined);
    await b.getByText("Paused by olga", { exact: false }).waitFor();
    await write(b, "said in the pause");
    await message(b, "said in the pause").getByText("waits for the relay").waitFor();
    await o.getByRole("button", { name: "Resume" }).first().click();
    await decided(bob, "its end", (now) => now.paused === undefined);
    await b.getByText("Paused by olga").waitFor({ state: "detached" });
    await message(o, "said in the pause").waitFor();
  });

  test("stops everything and resets it; the other's session is told", async () => {
    await o.getByRole("button", { name: "Stop all" }).click();
    await answer("Stop all", "enough");
    await decided(bob, "the stop", (now) => now.stopped?.reason === "enough");
    await b.getByText("Stopped by olga: enough", { exact: false }).waitFor();
    await told("an operator stopped the room");
    expect(await session.tool("say", { text: "an agent goes on" })).toMatchObject({
      ok: false,
      text: expect.stringContaining("stopped the room") as unknown,
    });
    await write(b, "a person goes on");
    await b.getByText("an operator stopped the room", { exact: false }).first().waitFor();
    await o.getByRole("button", { name: "Reset" }).first().click();
    await decided(bob, "its end", (now) => now.stopped === undefined);
    await b.getByText("Stopped by olga").waitFor({ state: "detached" });
  });

  test("pauses one member, and resumes it where all that is in force stands", async () => {
    await view(o, "People");
    await forBob("Pause").click();
    await answer("Pause", "too fast");
    await decided(bob, "his pause", (now) => ofBob(now)?.paused?.reason === "too fast");
    await view(b, "People");
    await b.locator(".member", { hasText: "you" }).getByText("paused", { exact: true }).waitFor();
    await o.getByRole("list", { name: "In force" }).getByText("bob: paused by olga: too fast").waitFor();
    await o.getByRole("button", { name: "Resume bob" }).click();
    await decided(bob, "its end", (now) => ofBob(now)?.paused === undefined);
  });

  test("sets rates for all and for one, and gives back the relay's own", async () => {
    await o.getByRole("button", { name: "Rate of everybody …" }).click();
    await dialog().getByLabel("Messages at once").fill("7");
    await dialog().getByLabel("Then so many a second").fill("0.5");
    await answer("Set");
    await decided(bob, "the rate", (now) => now.rate?.burst === 7 && now.rate.perSecond === 0.5);
    await o.getByRole("list", { name: "In force" }).getByText("Everybody: 7 at once, then 0.5 a second").waitFor();

    await forBob("Rate …").click();
    await dialog().getByLabel("Messages at once").fill("0");
    await dialog().getByRole("button", { name: "Set" }).click();
    expect(await dialog().count()).toBe(1); // what can't be a rate is not sent
    await dialog().getByLabel("Messages at once").fill("1");
    await dialog().getByLabel("Then so many a second").fill("0.01");
    await answer("Set");
    await decided(bob, "his rate", (now) => ofBob(now)?.rate?.burst === 1);
    await bob.ask(["say", "the one that is allowed"]);
    expect((await bob.ask<AnswerData["say"]>(["say", "one too many"])).reason).toContain("rate");

    await forBob("Rate …").click();
    await dialog().getByLabel("As the relay has it").check();
    await answer("Set");
    await decided(bob, "the end of his", (now) => ofBob(now)?.rate === undefined);
    await o.getByRole("button", { name: "Take back", exact: true }).click();
    await decided(bob, "the end of all", (now) => now.rate === undefined);
    await until("what waited goes out", async () =>
      (await olga.ask<AnswerData["history"]>(["history"])).lines.some(({ text }) => text === "one too many"),
    );
  });

  test("says something as the operator, to all and to one", async () => {
    await o.getByRole("button", { name: "Say to everybody …" }).click();
    await dialog().getByRole("button", { name: "Say", exact: true }).click();
    expect(await dialog().count()).toBe(1); // nothing to say yet
    await answer("Say", "the build is red");
    await view(b, /^Room/);
    await message(b, "the build is red").waitFor();
    expect(await told("the build is red", "UserPromptSubmit")).toMatch(/olga \(user\)[^\n]* operator to room/);

    await forBob("Inject …").click();
    await answer("Say", "look at the build");
    await message(b, "look at the build").waitFor();
    const item = await until("bob is asked", async () =>
      (await bob.ask<AnswerData["inbox"]>(["inbox"])).find(({ text }) => text === "look at the build"),
    );
    expect(item).toMatchObject({ from: "olga", state: "auto" });
    expect(await told("look at the build")).toMatch(/olga \(user\)[^\n]* operator asked of you/);
  });

  test("interrupts a session: what it held waits for its person", async () => {
    const asked = await olga.ask<AnswerData["say"]>(["say", "@bob", "do this, for ever"]);
    await until("bob has it", async () =>
      (await bob.ask<AnswerData["inbox"]>(["inbox"])).some(({ id }) => id === asked.id),
    );
    await told("do this, for ever");
    expect((await session.tool("room", { action: "busy", text: "the parser" })).ok).toBe(true);
    await card("bob").getByText("the parser").waitFor();
    await card("bob").getByRole("list", { name: "Sessions of bob" }).getByText("working").waitFor();
    await card("bob").getByRole("list", { name: "Sessions of bob" }).getByRole("button", { name: "Interrupt" }).click();
    await answer("Interrupt", "wrong branch");
    await until("it waits", async () =>
      (await bob.ask<AnswerData["inbox"]>(["inbox"])).some(
        ({ id, state, reason }) =>
          id === asked.id && state === "open" && reason === "an operator interrupted the session",
      ),
    );
    await told("an operator (@olga) interrupted this session");
    await view(b, /^Inbox/);
    await b
      .getByRole("article", { name: "From olga" })
      .filter({ hasText: "do this, for ever" })
      .getByText("an operator interrupted the session")
      .waitFor();
    await view(b, /^Room/);
  });

  test("sets the room's card, and makes another one a lead, who sets it too", async () => {
    await view(o, /^Room/);
    const about = (page: Page) => page.getByRole("group", { name: "About the room" });
    expect(await about(b).count()).toBe(0);
    await about(o).getByRole("button", { name: "Set the card" }).click();
    await dialog().getByLabel("Title").fill("The shop");
    await dialog().getByLabel("Purpose").fill("Orders & <b>payments</b>");
    await dialog()
      .getByLabel(/^Repositories/)
      .fill("https://git.example.org/shop.git=shop\ngit@git.example.org:api.git=api");
    await answer("Set");
    await view(b, /^Room/);
    await about(b).getByText("Orders & <b>payments</b>").waitFor();
    await about(b).getByText("2 repositories").click();
    expect(await about(b).getByRole("link").getAttribute("href")).toBe("https://git.example.org/shop.git");
    await view(o, "People");
    await forBob("Make lead …").click();
    await answer("Give the grant");
    await about(b).getByRole("button", { name: "Set the card" }).click();
    await b.getByLabel("Title").fill("Our shop");
    await b
      .getByRole("dialog")
      .getByLabel(/^Repositories/)
      .fill("");
    await b.getByRole("dialog").getByRole("button", { name: "Set" }).click();
    await view(o, /^Room/);
    await about(o).getByText("Our shop").waitFor();
    expect(await olga.ask(["card"])).toMatchObject({ by: "bob", repositories: [] });
    expect((await olga.type(["room", "show"])).out).toContain("Our shop");
    await view(o, "People");
  });

  test("makes another one an operator, where the room's root key is", async () => {
    expect(await b.getByRole("button", { name: "Stop all" }).count()).toBe(0);
    await forBob("Make operator …").click();
    await dialog().getByLabel("For a day").check();
    await answer("Give the grant");
    await decided(bob, "the grant", (now) => now.operator);
    await b.getByRole("button", { name: "Stop all" }).waitFor();
    await bob.type(["update"]); // presence says so from the next join on
    await card("bob").getByText("operator", { exact: true }).waitFor();
    await browser.isBack(b, bob, "an operator's word");
    await view(b, "People");
    await b.getByRole("heading", { name: "Operator" }).waitFor();
    expect(await b.getByRole("button", { name: "Make operator …" }).count()).toBe(0); // his machine has no root key
    await forBob("Make operator …").waitFor({ state: "detached" });
  });

  test("removes a member, bans its key and takes the ban back", async () => {
    await view(o, "People");
    await forBob("Kick").click();
    await answer("Remove", "a moment");
    await until("bob is out", async () => (await connection(bob)) !== "joined");
    await b.getByText("Not connected to the relay: An operator removed this member", { exact: false }).waitFor();
    await forBob("Ban").click();
    await answer("Ban", "noise");
    await o.getByRole("list", { name: "In force" }).getByText("bob: banned by olga: noise").waitFor();
    await bob.type(["update"]); // asks again at once
    await until("bob is refused", async () => (await connection(bob)) === "refused");
    await b.getByText("An operator banned this key", { exact: false }).waitFor();
    await forBob("Take back the ban").click();
    await until("it is taken back", async () => ofBob(await controls(olga))?.banned === undefined);
    await bob.type(["update"]);
    await until("bob is back", async () => (await connection(bob)) === "joined");
    await b.getByText("Not connected to the relay").waitFor({ state: "detached" });
    await browser.isBack(b, bob, "back again");
  });

  test("who is none has no such buttons, and raw requests of that page are refused", async () => {
    const otto = await join("otto", "observer");
    const mia = await join("mia", "member");
    const before = (await controls(olga)).members;
    for (const [person, refusal] of [
      [otto, /observer|operator/],
      [mia, /Only an operator/],
    ] as const) {
      const page = await browser.console(person);
      await view(page, "People");
      await page.locator(".member", { hasText: "olga" }).waitFor();
      for (const name of [/Pause|Stop all|Resume|Reset/, /Kick|Ban|Interrupt|Inject/, /Rate|Say to|Make operator/])
        expect(await page.getByRole("button", { name }).count()).toBe(0);
      for (const args of [
        { act: "pause" },
        { act: "stop" },
        { act: "kick", member: "olga" },
        { act: "ban", member: "olga" },
        { act: "interrupt", member: "olga" },
        { act: "inject", text: "obey me" },
        { act: "rates", rate: { burst: 1, perSecond: 1 } },
      ])
        expect(await pageAsks(page, "control", args)).toMatchObject({
          ok: false,
          code: "not-allowed",
          message: expect.stringMatching(refusal) as unknown,
        });
      expect(await pageAsks(page, "grant", { member: "olga" })).toMatchObject({ ok: false, code: "not-allowed" });
      await page.context().close();
    }
    const seen = await browser.console(otto);
    expect(await pageAsks(seen, "say", { text: "psst", to: [] })).toMatchObject({
      ok: false,
      message: "You are an observer here: you see the room and say nothing.",
    });
    await seen.context().close();
    const now = await controls(olga);
    expect([now.members, now.paused, now.stopped, now.rate]).toEqual([before, undefined, undefined, undefined]);
    const { lines } = await olga.ask<AnswerData["history"]>(["history"]);
    expect(lines.filter(({ author }) => author === "otto" || author === "mia")).toEqual([]);
  });
});
