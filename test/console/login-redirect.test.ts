// How the browser is opened: by a file that only its user can read, and by no word that stands in the list of processes.
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { hasBrowser, TestBrowser } from "./browser.ts";

describe.skipIf(!hasBrowser())("the console's door", () => {
  let town: Town;
  let alice: Person;
  let browser: TestBrowser;
  let words: string;
  let printed: string;

  beforeAll(async () => {
    town = new Town();
    alice = town.person("alice", await town.relay());
    await alice.start();
    browser = await TestBrowser.open();
    // What would open a browser here writes down what it was given.
    const bin = join(town.folder, "bin");
    const seen = join(town.folder, "opened");
    mkdirSync(bin);
    writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\nprintf '%s\\n' "$@" > ${seen}.new && mv ${seen}.new ${seen}\n`, {
      mode: 0o755,
    });
    const env = { DISPLAY: ":9", PATH: `${bin}:${process.env["PATH"] ?? ""}` };
    const ran = await alice.type(["console"], env);
    printed = ran.out;
    words = await until("the opener", async () => {
      try {
        return readFileSync(seen, "utf8").trim();
      } catch {
        return undefined;
      }
    });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  test("the browser is given one word, a private file, and not the code", async () => {
    expect(words).toMatch(/^file:\/\/\S+\.html$/);
    const code = /#code=([\w-]+)/.exec(printed)?.[1];
    expect(code).toBeDefined();
    expect(words).not.toContain(code);
    const file = fileURLToPath(words);
    expect(readFileSync(file, "utf8")).toContain(code);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(file.startsWith(alice.home)).toBe(true);
  });

  test("it leads in, once", async () => {
    const page = await (await browser.profile()).newPage();
    await page.goto(words);
    await page.getByRole("navigation", { name: "Views" }).waitFor();
    expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{12}\/r\/\w{16}\/$/);
    const late = await (await browser.profile()).newPage();
    await late.goto(words);
    await late.getByRole("heading", { name: "This address was used already" }).waitFor();
    browser.complaints.splice(0); // the browser tells of the code that was refused
  });
});
