// Hostile texts and files between two browsers that are members themselves: nothing of them acts, nothing is loaded from
// elsewhere, and all of it is shown.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestRelay, Town, until } from "../test-users.ts";
import { hasBrowser, message, TestBrowser, write } from "./browser.ts";
import { joinByForm, RelayFolder } from "./console-relay.ts";
import { XSS_CORPUS, XSS_FILE_NAMES } from "./xss-corpus.ts";
import { HARMLESS, probe } from "./xss-probe.ts";

describe.skipIf(!hasBrowser())("hostile contents at a member in a browser", () => {
  let town: Town;
  let bundle: RelayFolder;
  let relay: TestRelay;
  let browser: TestBrowser;
  let page: Page;
  let mallory: Page;
  const asked: string[] = [];

  beforeAll(async () => {
    town = new Town();
    bundle = new RelayFolder();
    relay = await bundle.start();
    browser = await TestBrowser.open();
    page = await (await browser.profile()).newPage();
    page.on("request", (request) => asked.push(request.url()));
    mallory = await (await browser.profile()).newPage();
    await joinByForm(page, relay, "wanda");
    await joinByForm(mallory, relay, "mallory");
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await relay?.end();
    bundle?.[Symbol.dispose]();
  });

  const expectHarmless = async (): Promise<void> => {
    expect(await probe(page)).toEqual(HARMLESS);
    const { host, origin } = new URL(page.url());
    const own = [`${origin}/`, `ws://${host}/`, `blob:${origin}/`];
    expect(asked.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
  };

  test("texts are shown and do nothing, in the feed, the inbox, a search, and after a reload", async () => {
    for (const [index, text] of XSS_CORPUS.entries()) {
      await write(mallory, `${index % 4 === 0 ? "@wanda " : ""}${text}\n\nmark-${index}.`);
      await message(page, `mark-${index}.`).last().waitFor();
    }
    await expectHarmless();
    expect(browser.complaints).toEqual([]);
    await page.getByRole("link", { name: /^Inbox/ }).click();
    await page.getByRole("article", { name: "From mallory" }).first().waitFor();
    await expectHarmless();
    await page.getByRole("searchbox").fill("mark-");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /with “mark-”/ }).waitFor();
    await expectHarmless();
    await page.getByRole("link", { name: /^Room/ }).click();
    await page.reload();
    await message(page, `mark-${XSS_CORPUS.length - 1}.`)
      .last()
      .waitFor();
    await expectHarmless();
    expect(browser.complaints).toEqual([]);
  });

  test("files are saved and never run, whatever they are called", async () => {
    for (const [index, name] of XSS_FILE_NAMES.entries()) {
      const file = join(town.folder, name);
      writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg"><script>parent.xss=${index}</script></svg>`);
      await mallory.locator("main input[type=file]").setInputFiles(file);
      await write(mallory, `file-${index}.`);
      await until(
        `the file ${index} comes`,
        async () => (await message(page, `file-${index}.`).locator(".file a").count()) > 0,
        {
          seen: async () =>
            `${await page.locator("main").innerText()}\n---\n${await mallory.locator("main").innerText()}`,
        },
      );
    }
    browser.complaints.splice(0); // a broken picture is told by the browser itself
    await expectHarmless();
    const href = await message(page, "file-1.").locator(".file a").last().getAttribute("href");
    const type = await page.evaluate<string>(`fetch("${href}").then((r) => r.blob()).then((b) => b.type, String)`);
    expect(type === "application/octet-stream" || /TypeError/.test(type)).toBe(true); // the policy lets no script fetch it
    await until("still the same page", async () => (await page.evaluate("globalThis.xss")) === undefined);
    browser.complaints.splice(0);
  });
});
