// Files on their way from a page to its own daemon: how far each is, and what becomes of the others when one is refused.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { field, hasBrowser, holds, message, TestBrowser, write } from "./browser.ts";

const MAX_FILE_BYTES = 1_000_000;
/** The page's way to its daemon while somebody looks at it, bytes a second: a minute for a file. */
const SLOW = 15_000;

describe.skipIf(!hasBrowser())("files that a page sends", () => {
  let town: Town;
  let browser: TestBrowser;
  let alice: Person;
  let page: Page;
  let devtools: CDPSession;

  beforeAll(async () => {
    town = new Town();
    const relay = await town.relay();
    alice = town.person("alice", relay);
    await town.person("bob", relay).start();
    await alice.start([], { AGORA_MAX_FILE: String(MAX_FILE_BYTES) });
    browser = await TestBrowser.open();
    page = await browser.console(alice);
    devtools = await page.context().newCDPSession(page);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());
  /** The page says why; the browser complains besides of what the daemon refused. */
  const wasRefused = async (): Promise<void> => {
    await page.getByRole("alert").getByText("too large", { exact: false }).waitFor();
    const refusal = (): number => browser.complaints.findIndex((complaint) => complaint.includes("413"));
    await until("the browser's own word on it", () => Promise.resolve(refusal() >= 0));
    browser.complaints.splice(refusal(), 1);
  };

  const list = () => page.getByRole("list", { name: "Files to send" });
  const attach = async (...files: (readonly [name: string, bytes: number])[]): Promise<void> => {
    for (const [name, bytes] of files) writeFileSync(join(town.folder, name), Buffer.alloc(bytes, 7));
    await page.locator("main input[type=file]").setInputFiles(files.map(([name]) => join(town.folder, name)));
  };
  /** How fast the page's own way to the daemon is, bytes a second; -1: as fast as it is. */
  const speed = (uploadThroughput: number): Promise<unknown> =>
    devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  const said = async (): Promise<string> => (await alice.type(["history"])).out;

  test("show how far they are until they are said", async () => {
    await attach(["film.bin", 900_000]);
    await speed(SLOW);
    await write(page, "the film");
    await list()
      .getByText(/^[1-9]\d? %$/)
      .waitFor();
    expect(await list().getByRole("button", { name: "Remove film.bin" }).isDisabled()).toBe(true);
    expect(await said()).not.toContain("film.bin");
    await speed(-1);
    await message(page, "film.bin").waitFor();
    await list().waitFor({ state: "detached" });
    expect(await field(page).inputValue()).toBe("");
  });

  test("what is sent while one is on its way comes behind it", async () => {
    await speed(SLOW);
    await attach(["slow.bin", 900_000]);
    await write(page, "the slow one");
    await list()
      .getByText(/^[1-9]\d? %$/)
      .waitFor();
    await write(page, "words behind it");
    expect(await field(page).inputValue()).toBe("");
    await attach(["quick.bin", 1_000]);
    await write(page, "the quick one");
    await speed(-1);
    await message(page, "quick.bin").waitFor();
    const words = await said();
    const order = ["slow.bin", "words behind it", "quick.bin"].map((word) => words.indexOf(word));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    await list().waitFor({ state: "detached" });
  });

  test("one that is refused stays with what is not said yet, and what was said is not said again", async () => {
    await attach(["small.bin", 1_000], ["large.bin", MAX_FILE_BYTES + 1]);
    await write(page, "two files");
    await wasRefused();
    await list().getByText("large.bin").waitFor();
    await list().getByText("small.bin").waitFor({ state: "detached" });
    await holds(page, "");
    await list().getByRole("button", { name: "Remove large.bin" }).click();
    await attach(["other.bin", 2_000]);
    await write(page, "another one");
    await message(page, "other.bin").waitFor();
    const words = await said();
    for (const once of ["small.bin", "two files", "other.bin", "another one"])
      expect({ once, count: words.split(once).length - 1 }).toEqual({ once, count: 1 });
  });

  test("what is typed meanwhile goes behind what is not said yet, to the same people", async () => {
    await speed(SLOW);
    await attach(["medium.bin", 900_000], ["large.bin", MAX_FILE_BYTES + 1]);
    await write(page, "@bob both");
    await list()
      .getByText(/^[1-9]\d? %$/)
      .waitFor();
    await field(page).fill("back in 5");
    await speed(-1);
    await wasRefused();
    await holds(page, "@bob back in 5");
    await list().getByRole("button", { name: "Remove large.bin" }).click();
    await field(page).fill("");
  });

  test("what is typed meanwhile for others stays theirs", async () => {
    await speed(SLOW);
    await attach(["first.bin", 900_000], ["large.bin", MAX_FILE_BYTES + 1]);
    await write(page, "@bob both");
    await list()
      .getByText(/^[1-9]\d? %$/)
      .waitFor();
    await field(page).fill("@carol hello");
    await speed(-1);
    await wasRefused();
    await holds(page, "@carol hello");
    await page.getByRole("alert").getByText("Not said: “@bob ”").waitFor();
    await list().getByRole("button", { name: "Remove large.bin" }).click();
    await field(page).fill("");
  });

  test("the words stay when the first one is refused", async () => {
    await attach(["large.bin", MAX_FILE_BYTES + 1]);
    await write(page, "@bob look at this");
    await wasRefused();
    await holds(page, "@bob look at this");
    await list().getByText("large.bin").waitFor();
  });
});
