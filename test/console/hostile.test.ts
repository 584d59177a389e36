// Hostile texts, folder names and file names: nothing of them acts, nothing is loaded from elsewhere, and all of it is shown.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { hasBrowser, message, TestBrowser } from "./browser.ts";
import { XSS_CORPUS, XSS_FILE_NAMES } from "./xss-corpus.ts";
import { HARMLESS, probe } from "./xss-probe.ts";

describe.skipIf(!hasBrowser())("hostile contents in the console", () => {
  let town: Town;
  let browser: TestBrowser;
  let alice: Person;
  let mallory: Person;
  let page: Page;
  const asked: string[] = [];

  beforeAll(async () => {
    town = new Town();
    const relay = await town.relay();
    alice = town.person("alice", relay);
    mallory = town.person("mallory", relay, { project: "<img src=x onerror=globalThis.xss=1>" });
    await alice.start();
    await mallory.start();
    browser = await TestBrowser.open();
    page = await browser.console(alice);
    page.on("request", (request) => asked.push(request.url()));
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });

  const expectHarmless = async (): Promise<void> => {
    expect(await probe(page)).toEqual(HARMLESS);
    expect(browser.complaints).toEqual([]);
    expect(
      asked.filter((url) => !url.startsWith(new URL(page.url()).origin) && !url.startsWith("ws://127.0.0.1")),
    ).toEqual([]);
  };

  test("texts are shown and do nothing, in the feed, a thread, the inbox and search", async () => {
    for (const [index, text] of XSS_CORPUS.entries()) {
      const to = index % 3 === 0 ? ["@alice"] : [];
      const said = await mallory.type(["say", ...to, "--", `${text}\n\nmark-${index}`]);
      expect(said.err).toBe("");
      await message(page, `mark-${index}`).last().waitFor();
      // What links there are is clicked: the page must still be there.
      const link = message(page, `mark-${index}`).last().locator(".markdown a");
      if ((await link.count()) > 0) expect(await link.first().getAttribute("href")).toMatch(/^(https?|mailto):/);
    }
    await expectHarmless();
    await page.getByRole("link", { name: /Inbox/ }).click();
    await page.getByRole("article", { name: "From mallory" }).first().waitFor();
    await expectHarmless();
    await page.getByRole("link", { name: /^Attention/ }).click();
    await page.getByRole("list", { name: "Waiting for you" }).getByRole("article").first().waitFor();
    await expectHarmless();
    await page.getByRole("searchbox").fill("mark-");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /with “mark-”/ }).waitFor();
    await expectHarmless();
    await page.goto(
      `${page.url().split("#")[0]}#/search/${encodeURIComponent("<img src=x onerror=globalThis.xss=1>")}`,
    );
    await page.getByRole("heading", { name: /onerror/ }).waitFor();
    await expectHarmless();
  });

  test("what turns text around or hides in it is made visible", async () => {
    await page.getByRole("link", { name: /^Room/ }).click();
    expect(await page.locator("main").textContent()).not.toMatch(/[\u202a-\u202e\u200b\u{e0041}]/u);
  });

  test("a folder's name among the facts of a member", async () => {
    await page.getByRole("link", { name: "People", exact: true }).click();
    await page.getByText("<img src=x onerror=globalThis.xss=1>").first().waitFor();
    await expectHarmless();
    await page.getByRole("link", { name: /^Room/ }).click();
  });

  test("what somebody is busy with, on the board", async () => {
    await page.getByRole("link", { name: "Board", exact: true }).click();
    for (const text of XSS_CORPUS.slice(0, 4)) {
      await mallory.ask(["busy", "--", text]);
      await page.locator("td[data-of=Doing]", { hasText: text }).waitFor();
    }
    await page.getByRole("searchbox", { name: "Show only rows" }).fill("<img src=x onerror=globalThis.xss=1>");
    await expectHarmless();
    await page.getByRole("link", { name: /^Room/ }).click();
  });

  test("file names, and a picture that is a script", async () => {
    for (const [index, name] of XSS_FILE_NAMES.entries()) {
      const path = join(mallory.project, name);
      writeFileSync(path, `<svg xmlns="http://www.w3.org/2000/svg"><script>parent.xss=${index}</script></svg>`);
      const said = await mallory.type(["say", "--file", path, "--", `file-${index}`]);
      expect(said.err).toBe("");
      await message(page, `file-${index}`).locator(".file a").first().waitFor();
    }
    // A broken picture is told by the browser itself; nothing else may be.
    browser.complaints.splice(0);
    await expectHarmless();
    const href = await message(page, "file-1").locator(".file a").last().getAttribute("href");
    const heard = await page.context().request.get(new URL(href!, page.url()).href);
    expect(heard.headers()["content-type"]).toBe("application/octet-stream");
    expect(heard.headers()["content-disposition"]).toMatch(/^attachment/);
    await until("still the same page", async () => (await page.evaluate("globalThis.xss")) === undefined);
  });

  test("an address that is no place of the page", async () => {
    for (const hash of [
      "#javascript:globalThis.xss=1",
      "#/with/%E0%A4%A",
      "#/room/thread=<img>",
      "#/__proto__/constructor",
      "#code=%3Cscript%3E",
    ]) {
      await page.goto(`${page.url().split("#")[0]}${hash}`);
      await page.locator("main textarea").waitFor();
    }
    await expectHarmless();
  });
});
