// Channels and conversations with one member in a browser: opened, joined, spoken in, left; unread, topic, members.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { violations } from "./axe.ts";
import { field, hasBrowser, holds, message, TestBrowser, view, write } from "./browser.ts";

describe.skipIf(!hasBrowser())("channels in the console", () => {
  let town: Town;
  let browser: TestBrowser;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let a: Page;
  let b: Page;

  beforeAll(async () => {
    town = new Town();
    const relay = await town.relay();
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    carol = town.person("carol", relay);
    for (const person of [alice, bob, carol]) await person.start();
    browser = await TestBrowser.open();
    a = await browser.console(alice);
    b = await browser.console(bob);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  const open = async (page: Page, name: "Room" | "Channels"): Promise<void> => {
    await view(page, new RegExp(`^${name}`));
    await page.getByRole("heading", { name, level: 1 }).waitFor();
  };
  const place = (page: Page, name: string | RegExp) =>
    page.getByRole("navigation", { name: "Channels and people" }).getByRole("link", { name });

  test("one opens a channel and sets its topic; another sees it, joins, and both talk there alone", async () => {
    await open(a, "Channels");
    await a.getByText("There is no channel yet").waitFor();
    await a.getByRole("button", { name: "Join or open a channel" }).click();
    await a.getByLabel("Its name").fill("#build");
    await a.getByRole("button", { name: "Join", exact: true }).click();
    await a.getByRole("heading", { name: "#build", level: 1 }).waitFor();
    await a.getByRole("button", { name: "Set topic" }).click();
    await a.getByLabel(/^Topic/).fill("What breaks <b>and</b> why");
    await a.getByRole("button", { name: "Set", exact: true }).click();
    await a.getByRole("group", { name: "About channel build" }).getByText("What breaks <b>and</b> why").waitFor();

    await a.getByLabel("Mode in build").selectOption("auto here");
    await until("the mode holds there", async () => {
      const { mode, places } = await alice.ask<{ mode: string; places: unknown }>(["mode"]);
      return mode === "manual" && JSON.stringify(places) === '[{"channel":"build","mode":"auto"}]';
    });

    await open(b, "Channels");
    await b.getByRole("link", { name: /#build.*not joined.*alice/ }).click();
    await b.getByText("alice is in it").waitFor();
    await b.getByRole("button", { name: "Join", exact: true }).click();
    await b.getByText("What breaks <b>and</b> why", { exact: true }).waitFor();
    await write(b, "is it green?");
    await message(a, "is it green?").waitFor();
    await until("alice has read it", async () => {
      const [one] = await alice.ask<{ unread: number }[]>(["channels"]);
      return one?.unread === 0;
    });
    await a.getByText("joined", { exact: false }).first().waitFor();
    await open(a, "Room");
    expect(await message(a, "is it green?").count()).toBe(0);
    const { lines } = await carol.ask<{ lines: { text: string }[] }>(["history"]);
    expect(lines.map(({ text }) => text)).not.toContain("is it green?");
  });

  test("what was said there is unread until one looks, also for the terminal", async () => {
    await open(a, "Room");
    await write(b, "still red");
    await place(a, /build 1 unread/).waitFor();
    await place(a, /build/).click();
    await a.getByRole("heading", { name: "#build", level: 1 }).waitFor();
    await message(a, "still red").waitFor();
    await until("it counts as read", async () => (await place(a, "build").textContent()) === "build");
    const [channel] = await bob.ask<{ name: string; unread: number; topic: string }[]>(["channels"]);
    expect(channel).toMatchObject({ name: "build", unread: 0, topic: "What breaks <b>and</b> why" });
  });

  test("a mention and its answer in a thread stay in the channel", async () => {
    await write(a, "@bob look at this");
    await view(b, /^Inbox/);
    await b.getByRole("article", { name: "From alice" }).getByRole("link", { name: "in #build" }).click();
    await message(b, "look at this").hover();
    await message(b, "look at this")
      .getByRole("button", { name: /Reply to alice/ })
      .click();
    await write(b, "looking", "thread");
    await message(a, "looking").waitFor();
    await b.keyboard.press("Escape");
    await open(b, "Room");
    expect(await message(b, "looking").count()).toBe(0);
  });

  test("a leading #name in the room goes to the channel; an unknown one is refused and nothing lost", async () => {
    await open(b, "Room");
    await write(b, "#build from the room");
    await message(a, "from the room").waitFor();
    expect(await message(b, "from the room").count()).toBe(0);
    await write(b, "#biuld a slip");
    await b.getByRole("alert").getByText("Did you mean #build?").waitFor();
    await holds(b, "#biuld a slip");
    await field(b).fill("");
  });

  test("what two say to each other stands in a view of its own, with what is unread", async () => {
    await open(a, "Room");
    await write(b, "for everybody");
    await message(a, "for everybody").waitFor();
    await open(a, "Channels");
    await place(b, /alice/).click();
    await b.getByRole("heading", { name: "alice", level: 1 }).waitFor();
    await write(b, "between us");
    await place(a, /bob.*1 unread/).waitFor();
    await place(a, /bob/).click();
    await message(a, "between us").waitFor();
    expect(await message(a, "for everybody").count()).toBe(0);
    expect(await message(a, "still red").count()).toBe(0);
    await until("it counts as read", async () => !(await place(a, /bob/).textContent())?.includes("unread"));
    await write(a, "and back");
    await message(b, "and back").waitFor();
  });

  test("its owner lets one only read there, and archives it; both see that, and it is taken back", async () => {
    await place(a, /build/).click();
    const about = (page: Page) => page.getByRole("group", { name: "About channel build" });
    await about(a).getByText("2 members").click();
    await about(a).getByRole("button", { name: "Only read bob" }).click();
    await about(a).getByText("only reads", { exact: true }).waitFor();
    await place(b, /build/).click();
    await b.getByText("You only read in this channel.").waitFor();
    await about(a).getByRole("button", { name: "Let speak bob" }).click();
    await b.getByText("You only read in this channel.").waitFor({ state: "detached" });
    await about(a).getByRole("button", { name: "Archive" }).click();
    await a.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    for (const page of [a, b]) await page.getByText("This channel is archived: it can be read.").waitFor();
    expect(await about(b).getByRole("button", { name: "Open again" }).count()).toBe(0);
    await about(a).getByRole("button", { name: "Open again" }).click();
    for (const page of [a, b]) await page.getByText("This channel is archived").waitFor({ state: "detached" });
    await about(a).getByText("2 members").click();
  });

  test("nothing of it is hard to use without eyes or mouse; a phone reaches it", async () => {
    await a.goto(`${a.url().split("#")[0]}#/channel/build`);
    await message(a, "still red").waitFor();
    expect(await violations(a)).toEqual([]);
    await open(a, "Channels");
    expect(await violations(a)).toEqual([]);
    await a.setViewportSize({ width: 390, height: 780 });
    await a.getByRole("link", { name: /#build/ }).click();
    await message(a, "still red").waitFor();
    expect(await a.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await a.setViewportSize({ width: 1280, height: 800 });
  });

  test("its owner removes a member; whoever leaves is sent nothing more", async () => {
    await place(b, "build").click();
    await place(a, "build").click();
    await a.getByText("2 members").click();
    await a.getByRole("button", { name: "Remove bob" }).click();
    await a.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await b.getByRole("button", { name: "Join" }).waitFor();
    await a.getByRole("button", { name: "Leave", exact: true }).click();
    await a.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await a.getByText("Nobody is in this channel now.").waitFor();
  });
});
