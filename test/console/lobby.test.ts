// A browser that knocks: it waits in the lobby of a room whose operator decides on her own page.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, type TestRelay, Town } from "../test-users.ts";
import { violations } from "./axe.ts";
import { hasBrowser, TestBrowser, view } from "./browser.ts";
import { consoleOf, RelayFolder } from "./console-relay.ts";

describe.skipIf(!hasBrowser())("the lobby", () => {
  let town: Town;
  let bundle: RelayFolder;
  let relay: TestRelay;
  let browser: TestBrowser;
  let olga: Person;
  let o: Page;

  beforeAll(async () => {
    town = new Town();
    bundle = new RelayFolder();
    const owner = town.person("olga", undefined);
    const { relay: line } = await owner.ask<{ relay: string }>(["room", "create", "lobby"]);
    relay = await bundle.start({ env: { AGORA_ROOM_KEYS: line.replace("AGORA_ROOM_KEYS=", "") } });
    olga = town.person("olga", relay);
    await olga.start();
    browser = await TestBrowser.open();
    o = await browser.console(olga);
    await view(o, "People");
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await relay?.end();
    bundle?.[Symbol.dispose]();
  });
  afterEach(() => browser.complain());

  async function knock(name: string, invite: string): Promise<Page> {
    const page = await (await browser.profile()).newPage();
    await page.goto(`${consoleOf(relay)}#invite=${invite}`);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Join" }).click();
    return page;
  }

  test("who asks waits, and an operator lets in or refuses on her page", async () => {
    const { invite } = await olga.ask<{ invite: string }>(["invite", "--ask", "--uses", "5"]);
    const bob = await knock("bob", invite);
    await bob.getByText("you asked @olga to be let in", { exact: false }).waitFor();
    await o.getByText("bob (key", { exact: false }).waitFor();
    expect(await violations(o)).toEqual([]);
    await o.getByRole("button", { name: "Let bob in" }).click();
    await bob.getByRole("navigation", { name: "Views" }).waitFor();
    await o.locator(".member", { hasText: "bob" }).getByText("here", { exact: true }).waitFor();
    const eve = await knock("eve", invite);
    await o.getByRole("button", { name: "Refuse eve" }).click();
    await eve.getByText("You were not let in", { exact: false }).waitFor();
  });

  test("an invite is made on the page; for a name, the form has it filled in", async () => {
    await o.getByRole("button", { name: "Invite …" }).click();
    await o.getByLabel("Name (may be empty)").fill("carol");
    await o.getByRole("button", { name: "Make the invite" }).click();
    const link = await o.getByLabel("The same as a link, for a browser").inputValue();
    expect(link.startsWith(`${consoleOf(relay)}#invite=agora1.`)).toBe(true);
    const page = await (await browser.profile()).newPage();
    await page.goto(link);
    expect(await page.getByLabel("Your name").inputValue()).toBe("carol");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("navigation", { name: "Views" }).waitFor();
    await page.close();
    await o.locator(".member", { hasText: "carol" }).getByText("away since", { exact: false }).waitFor();
  });
});
