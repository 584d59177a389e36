// Everybody can use it: axe finds nothing in any view, light and dark, on a desk and on a phone; and all goes by keyboard.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { violations } from "./axe.ts";
import { field, hasBrowser, message, TestBrowser, write } from "./browser.ts";

describe.skipIf(!hasBrowser())("access to the console", () => {
  let town: Town;
  let browser: TestBrowser;
  let relay: TestRelay;
  let alice: Person;
  let bob: Person;
  let page: Page;

  beforeAll(async () => {
    town = new Town();
    const owner = town.person("alice", undefined);
    const { relay: line } = await owner.ask<{ relay: string }>(["room", "create", "lobby"]);
    relay = await town.relay([], {
      AGORA_ROOM_KEYS: line.replace("AGORA_ROOM_KEYS=", ""),
      AGORA_TOKEN: "a-token",
    });
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    await alice.start();
    // By an invite, so that his daemon knows the room's root key and obeys its operators.
    const { invite } = await alice.ask<{ invite: string }>(["invite", "bob", "--relay", relay.url, "--room", "lobby"]);
    await bob.ask(["start", "-n", "bob", invite]);
    await bob.type([
      "say",
      "# A plan\n\n- one\n- [x] two\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n```ts\nconst x = 1;\n```\n> quoted",
    ]);
    await bob.type(["say", "--role", "agent", "@alice", "shall I merge it?"]);
    await bob.type(["say", "@alice", "and a second thing"]);
    browser = await TestBrowser.open();
    page = await browser.console(alice);
    await message(page, "second thing").waitFor();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  /** The views, and what stands in each once it is there. */
  const views = {
    room: (at: Page) => message(at, "second thing"),
    inbox: (at: Page) => at.getByRole("article", { name: "From bob" }).first(),
    questions: (at: Page) => title(at, "Questions"),
    threads: (at: Page) => title(at, "Threads"),
    people: (at: Page) => at.locator(".member").first(),
    board: (at: Page) => at.getByRole("rowheader", { name: "bob" }).first(),
    flow: (at: Page) => title(at, "Flow"),
    health: (at: Page) => at.getByRole("region", { name: "Relay", exact: true }),
    settings: (at: Page) => at.getByRole("heading", { name: "Keys" }),
    "with/bob": (at: Page) => message(at, "second thing"),
    "search/plan": (at: Page) => at.getByRole("heading", { name: /with “plan”/ }),
  };
  const title = (at: Page, name: string) => at.getByRole("heading", { name, level: 1 });
  /** Opens each view, and looks at it when it is there. */
  async function inEachView(at: Page, look: (view: string) => Promise<void>): Promise<void> {
    for (const [view, there] of Object.entries(views)) {
      await at.goto(`${at.url().split("#")[0]}#/${view}`);
      await there(at).waitFor();
      await look(view);
    }
  }

  test.each(["light", "dark"] as const)("axe finds nothing in any view: %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await inEachView(page, async (view) =>
      expect({ view, violations: await violations(page) }).toEqual({ view, violations: [] }),
    );
    await page.goto(`${page.url().split("#")[0]}#/room`);
    await message(page, "second thing").hover();
    await message(page, "second thing").getByRole("button", { name: "Reply to bob" }).click();
    await message(page, "second thing", "thread").waitFor();
    await field(page).fill("@b");
    await page.getByRole("option").first().waitFor();
    expect(await violations(page)).toEqual([]);
    await field(page).fill("");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Stop all" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel" }).click();
  });

  test("axe finds nothing on a phone, where everything has its place", async () => {
    const phone = await browser.console(alice, {
      viewport: { width: 390, height: 780 },
      hasTouch: true,
      isMobile: true,
    });
    await message(phone, "second thing").waitFor();
    await inEachView(phone, async (view) => {
      expect({ view, violations: await violations(phone) }).toEqual({ view, violations: [] });
      expect(await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    });
    await phone.getByRole("link", { name: "Room" }).tap();
    await write(phone, "from the phone");
    await message(page, "from the phone").waitFor();
    await message(phone, "from the phone").getByRole("button", { name: "Reply to alice" }).tap();
    await write(phone, "and its thread", "thread");
    await message(phone, "and its thread", "thread").waitFor();
    await phone.getByRole("button", { name: "Close the thread" }).tap();
    await phone.getByRole("link", { name: /Inbox/ }).tap();
    await phone.getByRole("button", { name: "Reject" }).first().waitFor();
    await phone.context().close();
  });

  test("a page that was not let in says what to do, accessibly", async () => {
    const context = await browser.profile();
    const other = await context.newPage();
    await other.goto(page.url().split("#")[0]!);
    await other.getByText("has not been let in").waitFor();
    expect(await violations(other)).toEqual([]);
    await context.close();
    browser.complaints.splice(0); // the browser tells of the refused connections
  });

  /** The focus is where people talk, and not nowhere. */
  const isInTalk = () => page.evaluate<boolean>("document.activeElement?.closest('#main') !== null");

  test("by keyboard alone: write, complete, walk, reply, look around, accept, and come back", async () => {
    await page.goto(`${page.url().split("#")[0]}#/room`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("c");
    await page.keyboard.type("@bo");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.keyboard.type("typed without a mouse");
    await page.keyboard.press("Enter");
    await message(page, "typed without a mouse").getByText("waits in the inbox").waitFor();
    await page.keyboard.press("Escape");
    expect(await isInTalk()).toBe(true);
    await message(page, "typed without a mouse").focus();
    await page.keyboard.press("k");
    await page.keyboard.press("j");
    expect(await page.evaluate("document.activeElement.textContent")).toContain("typed without a mouse");
    await page.keyboard.press("r");
    await page.locator(".aside textarea:focus").waitFor();
    await page.keyboard.type("and answered");
    await page.keyboard.press("Enter");
    await message(page, "and answered", "thread").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".aside").waitFor({ state: "detached" });
    expect(await isInTalk()).toBe(true);
    const accept = page.getByRole("button", { name: "Accept", exact: true });
    await until("the inbox is there", async () => {
      await page.keyboard.press("g");
      await page.keyboard.press("i"); // within a second and a half, which a busy machine may not hold
      return await accept.first().isVisible();
    });
    const before = await accept.count();
    for (let presses = 0; presses < 60; presses++) {
      if (await accept.first().evaluate((button) => button === button.ownerDocument.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByText("handed over", { exact: false }).first().waitFor();
    await until("one waits no more", async () => (await accept.count()) === before - 1);
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("without a mouse");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /1 with “without a mouse”/ }).waitFor();
  });

  test("a screen reader hears what arrives, and mentions at once", async () => {
    await bob.type(["say", "a quiet word"]);
    await page.getByRole("log").getByText("bob: a quiet word").waitFor({ state: "attached" });
    await bob.type(["say", "@alice", "a loud word"]);
    await page.getByRole("alert").getByText("bob to you: a loud word").waitFor({ state: "attached" });
  });

  test("an observer sees all and has nothing to write or act with", async () => {
    const { invite } = await alice.ask<{ invite: string }>([
      ...["invite", "otto", "--grant", "observer", "--relay", relay.url, "--room", "lobby"],
    ]);
    const otto = town.person("otto", relay);
    await otto.ask(["start", "-n", "otto", invite]);
    const seen = await browser.console(otto);
    await bob.type(["say", "for everybody's eyes"]);
    await message(seen, "for everybody's eyes").waitFor();
    await seen.getByText("You observe this room").waitFor();
    expect(await seen.locator("textarea").count()).toBe(0);
    expect(await seen.getByRole("switch").count()).toBe(0);
    expect(await seen.getByRole("button", { name: /Pause|Stop all/ }).count()).toBe(0);
    expect(await violations(seen)).toEqual([]);
    await seen.context().close();
  });

  test("an operator pauses, stops and resets the room; others see it and have no such buttons", async () => {
    const others = await browser.console(bob);
    expect(await others.getByRole("button", { name: "Stop all" }).count()).toBe(0);
    await page.getByRole("button", { name: "Pause" }).first().click();
    await others.getByText("Paused by alice", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Resume" }).first().click();
    await others.getByText("Paused by alice").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Stop all" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop all" }).click();
    await others.getByText("Stopped by alice", { exact: false }).waitFor();
    await write(others, "may I?");
    await others.getByText("an operator stopped the room", { exact: false }).first().waitFor();
    await page.getByRole("button", { name: "Reset" }).first().click();
    await others.getByText("Stopped by alice").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "People", exact: true }).click();
    for (const form of ["Rate …", "Make operator …"]) {
      await page.locator(".member", { hasText: "bob" }).getByRole("button", { name: form }).click();
      await page.getByRole("dialog").waitFor();
      expect({ form, violations: await violations(page) }).toEqual({ form, violations: [] });
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.locator(".member", { hasText: "bob" }).getByRole("button", { name: "Kick" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByRole("link", { name: /^Room/ }).click();
    await page.getByText("removed @bob", { exact: false }).first().waitFor();
    await others.context().close();
  });
});
