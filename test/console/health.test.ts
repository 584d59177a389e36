// Whether all is well, as the health view tells it: how much is said, what waits, the bounds in force, the own sessions, and
// what a relay that dies and comes back does to them.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { openSession } from "../session.ts";
import { hasBrowser, TestBrowser, view, write } from "./browser.ts";

const OPERATOR_TOKEN = "a-token-of-operators";
const FLAGS = [
  ...["--operator-token", OPERATOR_TOKEN],
  ...["--rate-user", "40,20", "--rate-agent", "4,1"],
  ...["--max-members", "7", "--max-text", "2K", "--max-file", "3M"],
];

describe.skipIf(!hasBrowser())("the health view", () => {
  let town: Town;
  let browser: TestBrowser;
  let relay: TestRelay;
  let alice: Person;
  let bob: Person;
  let page: Page;

  beforeAll(async () => {
    town = new Town();
    relay = await town.relay(FLAGS);
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    await Promise.all([alice.start([], { AGORA_TOKEN: OPERATOR_TOKEN, AGORA_HOP_LIMIT: "9" }), bob.start()]);
    browser = await TestBrowser.open();
    page = await browser.console(alice);
    await view(page, "Health");
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  const tile = (title: string) => page.getByRole("region", { name: title, exact: true });
  /** Waits until a tile has this value, and these words below it. */
  async function shows(title: string, value: string, words: string | RegExp = ""): Promise<void> {
    await tile(title).locator(".value").getByText(value, { exact: true }).waitFor();
    await tile(title).locator(".dim").filter({ hasText: words }).waitFor();
  }
  const bars = (words: string | RegExp) => page.getByRole("region", { name: "Messages a minute" }).getByLabel(words);
  const hears = (person: Person, text: string): Promise<boolean> =>
    until(`"${text}" at ${person.name}`, async () =>
      (await person.ask<{ lines: { text: string }[] }>(["history"])).lines.some((line) => line.text === text),
    );

  test("the relay is there, and nothing waits", async () => {
    await shows("Relay", "joined", relay.url);
    await shows("Reconnects", "0", "since this page was opened");
    await shows("Waits to be sent", "0", "0 not yet arrived");
    await shows("Attention", "0", "waiting for you");
    await shows("This page", "open", "to the own daemon");
  });

  test("how much is said, by the minute, as it comes", async () => {
    await bars("In the last 30 minutes: at most 0 a minute, 0 in all").waitFor();
    await bob.ask(["say", "one"]);
    await bars("In the last 30 minutes: at most 1 a minute, 1 in all").waitFor();
    await alice.ask(["say", "two"]);
    await bob.ask(["say", "@alice", "three"]);
    await bars(/at most [123] a minute, 3 in all$/).waitFor();
    await shows("Attention", "1", "waiting for you");
    const heights = await bars(/3 in all$/)
      .locator("rect")
      .evaluateAll((all) => all.map((bar) => Number(bar.getAttribute("height"))));
    expect(heights).toHaveLength(30);
    expect(Math.max(...heights)).toBe(58); // the fullest minute
    expect(heights.slice(0, 25)).toEqual(Array.from({ length: 25 }, () => 2)); // nothing was said then
  });

  test("the bounds: the relay's limits and rates, and an operator's instead", async () => {
    await shows("Limits", "7 members", "texts 2 KB, files 3.0 MB");
    await shows("Rate", "the relay's own", "people 40, then 20/s; agents 4, then 1/s");
    await alice.ask(["rates", "all", "12", "0.5"]);
    await shows("Rate", "12, then 0.5/s", "for everybody, set by an operator");
    await alice.ask(["rates", "all", "off"]);
    await shows("Rate", "the relay's own", "people 40, then 20/s; agents 4, then 1/s");
    await shows("Automatic turns", "≤ 9", "in manual mode; 0 chains stopped");
  });

  test("the own sessions: what each does, whether it can be woken, its last sign", async () => {
    await using session = await openSession(alice, alice.entry, "s-alice");
    await session.hook("UserPromptSubmit", "good morning");
    const own = page.getByRole("region", { name: "Your sessions" });
    await own.getByRole("row", { name: "claude working no –", exact: true }).waitFor();
    await session.hook("Stop"); // the turn was given what bob had said
    await own.getByRole("row", { name: /^claude idle no prompt, / }).waitFor();
  });

  test("on the board a session is chosen by keyboard, paused and spoken to, and one press takes the pause back", async () => {
    await using session = await openSession(bob, bob.entry, "s-bob");
    await session.hook("UserPromptSubmit", "good morning");
    const paused = (is: boolean): Promise<boolean> =>
      until(`bob is ${is ? "" : "not "}paused`, async () => {
        const { members } = await bob.ask<{ members: { name: string; paused?: object }[] }>(["controls"]);
        return members.some((one) => one.name === "bob" && one.paused !== undefined) === is;
      });
    await view(page, "Board");
    await page.getByRole("searchbox", { name: "Show only rows" }).fill("bob");
    await page.getByRole("checkbox", { name: "bob/claude" }).focus();
    await page.keyboard.press("Space");
    const acts = page.getByRole("group", { name: "With the chosen" });
    await acts.getByRole("button", { name: "Pause" }).click();
    await paused(true);
    await page.locator(".board .paused").waitFor();
    await page.getByText("Paused bob.").getByRole("button", { name: "Undo" }).click();
    await paused(false);
    await acts.getByRole("button", { name: "Say …" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("a word from the board");
    await page.getByRole("dialog").getByRole("button", { name: "Say", exact: true }).click();
    await hears(bob, "a word from the board");
    await acts.getByRole("button", { name: "None" }).click();
    await acts.waitFor({ state: "detached" });
    await view(page, "Health");
  });

  test("a key pressed twice pauses the room, and the note that says so takes it back", async () => {
    const toast = (words: string) => page.locator(".toast", { hasText: words });
    await page.keyboard.press("p");
    await page.keyboard.press("p");
    await toast("Paused the room.").getByRole("button", { name: "Undo" }).click();
    const banner = page.locator(".banner", { hasText: "Paused by alice" });
    await banner.waitFor({ state: "detached" });
    expect((await alice.ask<{ paused?: object }>(["controls"])).paused).toBeUndefined();
    // With an end, which everybody is told.
    await page.keyboard.press("p");
    await page.keyboard.press("p");
    await banner.getByRole("button", { name: "End in 10 min" }).click();
    await banner.getByText(/Messages wait until \d/).waitFor();
    const ends = (one: Person): Promise<boolean> =>
      until(`${one.name} knows the end`, async () => {
        const { paused } = await one.ask<{ paused?: { until?: number } }>(["controls"]);
        return paused?.until !== undefined;
      });
    await ends(bob);
    await banner.getByRole("button", { name: "Resume" }).click();
    await banner.waitFor({ state: "detached" });
  });

  test("how much was said in a quarter of an hour, an hour and a day, by the daemon's count", async () => {
    const said = page.getByRole("region", { name: "Said" });
    await said.getByText(/^[4-9] messages by 2 members in the last 1 hour, of these 0 by agents/).waitFor();
    await said.getByRole("radio", { name: "15 min" }).check();
    await said.getByText(/^[4-9] messages by 2 members in the last 15 min/).waitFor();
    await view(page, "Flow");
    await page.getByRole("row", { name: /^bob alice 1 0$/ }).waitFor();
    await view(page, "Health");
  });

  /** The relay ends, two things are said, and another one is there at the same address. */
  async function cut(signal: NodeJS.Signals, reconnects: number): Promise<void> {
    await relay.end(signal);
    await shows("Relay", "connecting", /tries again in \d+ s/);
    await view(page, /^Room/);
    await write(page, `to all, after ${signal}`);
    await write(page, `@bob to you, after ${signal}`);
    await view(page, "Health");
    await shows("Waits to be sent", "2", "1 not yet arrived");
    await shows("Reconnects", String(reconnects - 1));
    relay = await town.relay([...FLAGS, "--port", relay.port, "--token", relay.token]);
    await shows("Relay", "joined", relay.url);
    await shows("Reconnects", String(reconnects));
    await shows("Waits to be sent", "0", "0 not yet arrived");
    await hears(bob, `to all, after ${signal}`);
    await hears(bob, `to you, after ${signal}`);
  }

  test("a relay that dies is counted when another one is there, and what is said meanwhile as waiting", async () => {
    await cut("SIGKILL", 1);
    await cut("SIGTERM", 2);
  });
});
