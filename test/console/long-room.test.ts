// A long room: older lines come as one scrolls, by wheel and by keyboard; and being told while one looks elsewhere.
import { findDaemon } from "@agora/ipc";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { type Person, Town, until } from "../test-users.ts";
import { consoleUrl, field, hasBrowser, installability, message, TestBrowser } from "./browser.ts";

const LINES = 900;

describe.skipIf(!hasBrowser())("a long room in the console", () => {
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
    const client = await findDaemon({
      home: { path: bob.home },
      project: bob.project,
      version: "0",
      timeoutMs: PATIENCE_MS,
    });
    if (!client.ok) throw new Error(client.message);
    for (let n = 0; n < LINES; n += 100) {
      const hundred = Array.from({ length: 100 }, (_, i) => ({ via: "cli" as const, text: `line ${n + i}.`, to: [] }));
      await Promise.all(hundred.map((args) => client.value.request("say", args, { timeoutMs: PATIENCE_MS })));
    }
    client.value.close();
    await until("all lines are there", async () => {
      const { lines } = await alice.ask<{ lines: unknown[] }>(["history", "--limit", "1000"]);
      return lines.length === LINES;
    });
    browser = await TestBrowser.open();
    const context = await browser.profile({ permissions: ["notifications"] });
    await context.addInitScript(`
      globalThis.told = [];
      globalThis.Notification = class extends EventTarget {
        static permission = "granted";
        static requestPermission = async () => "granted";
        constructor(title, options) { super(); globalThis.told.push(title + " | " + options.body); }
        close() {}
      };
      Object.defineProperty(document, "hidden", { get: () => globalThis.away === true });`);
    page = await context.newPage();
    await page.goto(await consoleUrl(alice));
    await message(page, `line ${LINES - 1}.`).waitFor();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });

  test("holds few rows in the document, whatever is loaded", async () => {
    expect(await page.locator("main article.row").count()).toBeLessThan(60);
  });

  test("older lines come in above without moving what is read", async () => {
    const feed = page.locator("main .feed");
    await feed.hover();
    await until("the first line", async () => {
      await page.mouse.wheel(0, -3_000);
      return (await message(page, "line 0.").count()) > 0;
    });
    const shown = await page.locator("main article.row .markdown").allTextContents();
    const numbers = shown.map((text) => Number(/\d+/.exec(text)?.[0]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("by keyboard to the newest and back to the oldest", async () => {
    await page.locator("main article.row").first().focus();
    await page.keyboard.press("End");
    await page
      .locator("article:focus")
      .getByText(`line ${LINES - 1}.`)
      .waitFor();
    await page.keyboard.press("Home");
    await page.locator("article:focus").getByText("line 0.", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Newest" }).click();
    await message(page, `line ${LINES - 1}.`).waitFor();
  });

  test("a mention is told on the desktop, only while one looks elsewhere", async () => {
    await page.goto(`${page.url().split("#")[0]}#/settings`);
    await page.getByLabel("Notify me on the desktop").check();
    await bob.type(["say", "@alice", "while you look"]);
    await page.getByRole("alert").getByText("while you look").waitFor({ state: "attached" });
    await page.evaluate("globalThis.away = true");
    await bob.type(["say", "to nobody in particular"]);
    await bob.type(["say", "@alice", "while you are away"]);
    await until("it is told", async () => (await page.evaluate<string[]>("globalThis.told")).length > 0);
    expect(await page.evaluate("globalThis.told")).toEqual(["bob mentions you | while you are away"]);
    await page.evaluate("globalThis.away = false");
    await page.goto(`${page.url().split("#")[0]}#/room`);
    await field(page).waitFor();
  });

  test("can be installed, and nothing was complained of", async () => {
    const manifest = await page.evaluate<{
      name: string;
      start_url: string;
      display: string;
      icons: { src: string }[];
    }>("fetch(document.querySelector('link[rel=manifest]').href).then((r) => r.json())");
    expect(manifest).toMatchObject({ name: "Agora", start_url: "./", display: "standalone" });
    const icon = await page.evaluate(`fetch("${manifest.icons[0]!.src}").then((r) => r.headers.get("content-type"))`);
    expect(icon).toBe("image/svg+xml");
    browser.complain();
  });

  test("Chromium itself would install it, and finds its icon", async () => {
    const place = page.url().split("#")[0]!;
    expect(await installability(await consoleUrl(alice))).toMatchObject({
      obstacles: [],
      mistakes: [],
      manifest: { name: "Agora", display: "kStandalone", id: place, startUrl: place, scope: place },
    });
    // It does look: what is no page of the console has no manifest.
    expect((await installability(`${place}icon.svg`)).obstacles).toEqual(["no-manifest"]);
  });
});
