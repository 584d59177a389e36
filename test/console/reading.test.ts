// Reading after an absence: the room opens at the first new line when they don't fit on a screen, what was not on the screen
// stays unread, whatever tab it is, and a message of long ago is reached with its neighbours.
import { findDaemon } from "@agora/ipc";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { type Person, Town, until } from "../test-users.ts";
import { violations } from "./axe.ts";
import { consoleUrl, hasBrowser, message, TestBrowser } from "./browser.ts";

const BEFORE = 30;
const NEW = 261;

describe.skipIf(!hasBrowser())("who was away", () => {
  let town: Town;
  let browser: TestBrowser;
  let alice: Person;
  let bob: Person;
  let page: Page;

  beforeAll(async () => {
    town = new Town();
    const relay = await town.relay(["--rate-user", "off"]);
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    await alice.start();
    await bob.start();
    browser = await TestBrowser.open();
    await says(0, BEFORE);
    page = await browser.console(alice);
    await message(page, `line ${BEFORE - 1}.`).waitFor();
    await isMarkedUpTo(BEFORE - 1);
    await page.goto("about:blank");
    await says(BEFORE, BEFORE + NEW);
    await bob.type(["say", "@alice", "and this to you"]);
    await until("all lines are there", async () => (await texts()).at(-1) === "and this to you");
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  async function says(from: number, to: number): Promise<void> {
    const options = { home: { path: bob.home }, project: bob.project, version: "0", timeoutMs: PATIENCE_MS };
    const client = await findDaemon(options);
    if (!client.ok) throw new Error(client.message);
    for (let n = from; n < to; n += 1)
      await client.value.request("say", { via: "cli", text: `line ${n}.`, to: [] }, { timeoutMs: PATIENCE_MS });
    client.value.close();
    await until("they are there", async () => (await texts()).includes(`line ${to - 1}.`));
  }
  const texts = async (): Promise<string[]> =>
    (await alice.ask<{ lines: { text: string }[] }>(["history", "--limit", "1000"])).lines.map(({ text }) => text);
  /** The stamp of a line, and the daemon's mark, which all tabs and devices share. */
  const isMarkedUpTo = (n: number | string): Promise<unknown> =>
    until(`line ${n} is read`, async () => {
      const { lines } = await alice.ask<{ lines: { text: string; stamp?: string }[] }>(["history", "--limit", "1000"]);
      const wanted = typeof n === "number" ? `line ${n}.` : n;
      return lines.find(({ text }) => text === wanted)?.stamp === (await mark());
    });
  async function mark(): Promise<string | undefined> {
    const options = { home: { path: alice.home }, project: alice.project, version: "0", timeoutMs: PATIENCE_MS };
    const client = await findDaemon(options);
    if (!client.ok) throw new Error(client.message);
    const reads = await client.value.request("reads", { via: "console" });
    client.value.close();
    return reads.ok ? reads.value.read["*"] : undefined;
  }
  const bar = (at: Page) => at.getByRole("group", { name: "New messages" });
  const isShown = (at: Page, text: string): Promise<boolean> =>
    message(at, text).evaluate((row) => {
      const box = row.getBoundingClientRect();
      const feed = row.closest(".feed")!.getBoundingClientRect();
      return box.top >= feed.top - 1 && box.bottom <= feed.bottom + 1;
    });

  test("lands on the first of them, with a line above it, and is told how many there are", async () => {
    page = await browser.console(alice);
    await message(page, `line ${BEFORE}.`).waitFor();
    await until("the first new one on the screen", () => isShown(page, `line ${BEFORE}.`));
    await page.getByText("New", { exact: true }).waitFor();
    await bar(page).getByText("1 to you", { exact: false }).waitFor();
    const [, count] = /^(\d+) new since/.exec((await bar(page).textContent()) ?? "") ?? [];
    // What fits on the screen counts as read, the rest doesn't.
    expect(Number(count)).toBeGreaterThan(NEW / 2);
    expect(Number(count)).toBeLessThanOrEqual(NEW + 1);
    expect(await violations(page)).toEqual([]);
  });

  test("another tab begins where this one was left, and the line stays where it was here", async () => {
    const read = await until("something is read", () => mark());
    const other = await page.context().newPage();
    await other.goto(await consoleUrl(alice));
    await bar(other).waitFor();
    await other.close();
    expect(await mark()).not.toBeUndefined();
    expect(read).not.toBe(undefined);
    await page.getByText("New", { exact: true }).waitFor();
  });

  test("marks all as read, and no tab tells of new ones any more", async () => {
    await bar(page).getByRole("button", { name: "Mark all read" }).click();
    await bar(page).waitFor({ state: "detached" });
    await until("nothing is unread", async () => (await page.getByRole("link", { name: /Room \d/ }).count()) === 0);
    await isMarkedUpTo("and this to you"); // the page shows it at once, and tells the daemon a moment later
    const other = await browser.console(alice);
    await message(other, "and this to you").waitFor();
    expect(await bar(other).count()).toBe(0);
    await other.context().close();
  });

  test("a found message is opened with its neighbours, and older ones come in above", async () => {
    await page.goto(`${page.url().split("#")[0]}#/search/${encodeURIComponent("line 40.")}`);
    await page.getByRole("link", { name: "in context" }).first().click();
    const feed = page.getByRole("feed", { name: "Messages from then" });
    await feed.getByText("line 41.").waitFor();
    await feed.getByText("line 39.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const found = feed.getByRole("article").filter({ hasText: "line 39." });
    await found.hover();
    await found.getByRole("button", { name: "Copy a link to this message" }).click();
    const link = await until("the link", () => page.evaluate<string>("navigator.clipboard.readText()"));
    expect(link).toMatch(/^agora:\/\/lobby\/message\/[0-9a-z]{20}$/);
    const opened = await alice.type(["open", link, "--limit", "3"]);
    expect(opened.out).toMatch(/line 38\.[^]*▸ this one[^]*line 39\.[^]*line 40\./);
    await bob.type(["say", `see ${link} please`]);
    await page.getByRole("link", { name: "Back to the newest" }).click();
    await message(page, "please").getByRole("link", { name: link }).click();
    await feed.getByText("line 38.").waitFor();
    await page.getByRole("link", { name: "Back to the newest" }).click();
    await message(page, "and this to you").waitFor();
  });

  test("a channel opens at its first new line, and is read when its end was on the screen", async () => {
    for (const person of [alice, bob]) await person.type(["join", "#build"]);
    const link = (at: Page) =>
      at.getByRole("navigation", { name: "Channels and people" }).getByRole("link", { name: /build/ });
    await link(page).waitFor();
    for (let n = 0; n < 30; n += 1) await bob.type(["say", "#build", `build ${n}.`]);
    await link(page).getByText("30 unread", { exact: false }).waitFor();
    await link(page).click();
    await message(page, "build 0.").waitFor();
    await page.getByText("New", { exact: true }).waitFor();
    await until("the first one on the screen", () => isShown(page, "build 0."));
    await page.getByRole("link", { name: /^Health/ }).click();
    await link(page).getByText("30 unread", { exact: false }).waitFor();
    await link(page).click();
    await page.getByRole("button", { name: "Newest" }).click();
    await message(page, "build 29.").waitFor();
    await until("the daemon knows", async () => {
      const channels = await alice.ask<{ name: string; unread: number }[]>(["channels"]);
      return channels.find(({ name }) => name === "build")?.unread === 0;
    });
    await page.getByRole("link", { name: /^Health/ }).click();
    await link(page).getByText("unread", { exact: false }).waitFor({ state: "detached" });
  });
});
