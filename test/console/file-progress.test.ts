// A larger file on its way over a slow network: both consoles show how far it is, and so do both terminals.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { type NetworkPath, openPath } from "../soak/proxy.ts";
import { hasBrowser, message, TestBrowser, write } from "./browser.ts";

/** Some 40 KB come to bob in a second, so that it is under way for much longer than anybody looks. */
const FILE_BYTES = 2_000_000;

describe.skipIf(!hasBrowser())("a file under way, in the console", () => {
  let town: Town;
  let browser: TestBrowser;
  /** What bob hears of the relay comes this way. */
  let path: NetworkPath;
  let alice: Person;
  let bob: Person;
  let a: Page;
  let b: Page;

  beforeAll(async () => {
    town = new Town();
    const relay = await town.relay();
    path = await openPath(Number(relay.port));
    alice = town.person("alice", relay);
    bob = town.person("bob", undefined);
    const way = ["--relay", `ws://127.0.0.1:${path.port}`];
    await Promise.all([alice.start(), bob.start(way, { AGORA_TOKEN: relay.token })]);
    browser = await TestBrowser.open();
    a = await browser.console(alice);
    b = await browser.console(bob);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await path?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  const row = (page: Page) => message(page, "film.bin").locator(".file-line");
  const share = (page: Page) => row(page).getByText(/· (?:[2-9]|\d\d) %$/);

  test("shows the percentage where it comes from and where it goes", async () => {
    writeFileSync(join(town.folder, "film.bin"), Buffer.alloc(FILE_BYTES, 7));
    path.slow();
    await a.locator("main input[type=file]").setInputFiles(join(town.folder, "film.bin"));
    await write(a, "the film");
    await share(b).waitFor(); // only then: before, the sender's own copy has a percentage, too
    await share(a).waitFor();
    path.freeze(); // it stays where it is, however long one looks
    for (const page of [a, b]) {
      const [, percent] = /· (\d+) %$/.exec((await row(page).textContent()) ?? "") ?? [];
      expect(Number(percent)).toBeGreaterThan(0);
      expect(Number(percent)).toBeLessThan(100);
    }
    expect(await row(b).getByRole("link").count()).toBe(0); // there is nothing to open yet
    expect((await alice.type(["history"])).out).toMatch(/file film\.bin \(2\.0 MB, sent, bob [1-9]\d? %\)/);
    expect((await bob.type(["history"])).out).toMatch(/file film\.bin \(2\.0 MB, [1-9]\d? % here\)/);
  });

  test("and takes it away when the file is there", async () => {
    path.open();
    await row(b).getByRole("link", { name: "film.bin" }).waitFor();
    for (const page of [a, b]) await share(page).waitFor({ state: "detached" });
    await until("the terminal says so, too", async () =>
      (await alice.type(["history"])).out.includes("file film.bin (2.0 MB, sent, bob has it)"),
    );
  });
});
