// Questions in a browser: an agent's tool asks, a person picks, ticks or writes in the console, and the agent is told. All that
// wait stand in one place; keyboard, notification, time left, and what axe finds.
import { findDaemon } from "@agora/ipc";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { PATIENCE_MS } from "../wait-until.ts";
import { openSession, type Session } from "../session.ts";
import { violations } from "./axe.ts";
import { consoleUrl, hasBrowser, message, pageAsks, TestBrowser, view } from "./browser.ts";

interface Shown {
  readonly title: string;
  readonly body: string;
}

describe.skipIf(!hasBrowser())("questions in the console", () => {
  let town: Town;
  let browser: TestBrowser;
  let alice: Person;
  let bob: Person;
  let a: Page;
  let session: Session;

  beforeAll(async () => {
    town = new Town();
    const relay = await town.relay();
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    await alice.start();
    await bob.start();
    session = await openSession(bob, bob.entry, "s-bob");
    await session.hook("UserPromptSubmit", "a long task");
    browser = await TestBrowser.open();
    const context = await browser.profile();
    await context.addInitScript(`
      globalThis.shown = [];
      globalThis.Notification = class extends EventTarget {
        static permission = "granted";
        static requestPermission = async () => "granted";
        constructor(title, { body }) { super(); globalThis.shown.push({ title, body }); }
        close() {}
      };`);
    a = await context.newPage();
    await a.goto(await consoleUrl(alice));
    await a.getByRole("navigation", { name: "Views" }).waitFor();
  });
  afterAll(async () => {
    await session?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  /** The agent asks alice; what its tool says. */
  async function asks(text: string, more: object = {}): Promise<string> {
    const answer = await session.tool("ask", { text, to: ["alice"], ...more });
    expect(answer).toMatchObject({ ok: true });
    return answer.text;
  }
  const card = (text: string) => a.getByRole("article", { name: "A question from bob" }).filter({ hasText: text });
  /** What the agent is given mid-turn, once that holds `text`. */
  const told = (text: string) =>
    until(`"${text}" in the agent's turn`, async () => {
      const heard = await session.hook("PostToolUse", "go on");
      return heard.includes(text) && heard;
    });

  test("one of: picked by the keyboard alone; the agent is told in a fence, and the place shows how it ended", async () => {
    await asks("Which **database** shall I take?", { choices: ["Postgres", "SQLite"], otherwise: "I take SQLite." });
    await view(a, /Questions 1 waiting/);
    await until("the title tells it", async () => (await a.title()).startsWith("(1)"));
    await card("Which database").getByText("Without an answer: I take SQLite.").waitFor();
    await card("Which database")
      .getByText(/\d+ h left/)
      .waitFor();
    const send = card("Which database").getByRole("button", { name: "Answer" });
    expect(await send.isDisabled()).toBe(true);
    expect(await card("Which database").locator("strong").allTextContents()).toContain("database");
    await card("Which database").getByRole("radio", { name: "Postgres" }).focus();
    await a.keyboard.press("Space");
    await a.keyboard.press("ArrowDown");
    expect(await card("Which database").getByRole("radio", { name: "SQLite" }).isChecked()).toBe(true);
    await a.keyboard.press("Tab");
    expect(await a.locator("button:focus").textContent()).toBe("Answer");
    await a.keyboard.press("Enter");
    await card("Which database").getByText('alice answered "SQLite"').waitFor();
    await a.getByText("No question waits for you").waitFor();
    const heard = await told('answered: \\"SQLite\\" by @alice (person)');
    expect(heard).toMatch(/<<room-\w{8}/);
    expect(await session.hook("PostToolUse", "go on")).not.toContain("SQLite");
  });

  test("many of, and own words beside them", async () => {
    await asks("Which tests shall run?", { choices: ["unit", "e2e", "soak"], many: true, other: true });
    const question = card("Which tests");
    await question.getByRole("checkbox", { name: "unit" }).check();
    await question.getByRole("checkbox", { name: "soak" }).check();
    await question.getByRole("checkbox", { name: "unit" }).uncheck();
    await question.getByRole("textbox", { name: "Other, in your own words" }).fill("the new ones");
    expect(await question.getByRole("checkbox", { name: "Other:" }).isChecked()).toBe(true);
    await question.getByRole("button", { name: "Answer" }).click();
    await question.getByText('alice answered "soak", "the new ones"').waitFor();
    await told('answered: \\"soak\\", \\"the new ones\\" by @alice (person)');
  });

  test("own words in the place of a choice, and a text: Enter sends it", async () => {
    await asks("Which colour?", { choices: ["red", "blue"], other: true });
    await card("Which colour").getByRole("textbox").fill("green");
    expect(await card("Which colour").getByRole("radio", { name: "Other:" }).isChecked()).toBe(true);
    await card("Which colour").getByRole("textbox").press("Enter");
    await card("Which colour").getByText('alice answered "green"').waitFor();
    await asks("What shall it be called?");
    await card("be called").getByRole("textbox", { name: "Your answer" }).fill("Agora <b>2</b>");
    await a.keyboard.press("Enter");
    await card("be called").getByText('alice answered "Agora <b>2</b>"').waitFor();
    await told("be called");
  });

  test("what a question says is shown and does nothing", async () => {
    const evil = '<img src=x onerror="alert(1)">';
    await asks(`${evil} [x](javascript:alert(1)) Which way?`, {
      choices: [evil, "\u202Egnp.exe\u0000"],
      otherwise: evil,
    });
    await card("Which way?").getByRole("radio", { name: evil }).check();
    expect(await card("Which way?").locator("img:not(.avatar img), a[href^=javascript]").count()).toBe(0);
    expect(await card("Which way?").textContent()).not.toMatch(/\u202e|\u0000/);
    await card("Which way?").getByRole("button", { name: "Answer" }).click();
    await card("Which way?").getByText(`alice answered "${evil}"`).waitFor();
    await told("Which way?");
  });

  test("what is urgent notifies, also who looks at the page; what a terminal answers ends here too", async () => {
    await view(a, "Settings");
    await a.getByRole("switch", { name: /notif/i }).or(a.getByLabel(/notif/i)).first().click();
    await view(a, /Questions/);
    await asks("I am stuck: may I delete the branch?", { urgent: true, choices: ["yes", "no"] });
    await card("I am stuck").getByText("urgent").waitFor();
    const shown = await until("a notification", async () => {
      const all = await a.evaluate<Shown[]>("shown");
      return all.length > 0 && all;
    });
    expect(shown[0]).toMatchObject({ title: "bob asks you, urgently", body: "I am stuck: may I delete the branch?" });
    const waiting = await alice.ask<{ waiting: { id: string }[] }>(["questions"]);
    expect(waiting.waiting).toHaveLength(1);
    await alice.ask(["answer", waiting.waiting[0]!.id.slice(0, 8), "no"]);
    await card("I am stuck").getByText('alice answered "no"').waitFor();
    await told("may I delete the branch?");
  });

  test("time runs out: the form goes, and the agent is told what it said it would do", async () => {
    await asks("Merge it now?", { minutes: 0.05, otherwise: "I leave it." });
    await card("Merge it now").getByText("nobody answered in time").waitFor();
    expect(await card("Merge it now").getByRole("textbox").count()).toBe(0);
    await told("You said what you would do then: I leave it.");
  });

  test("refused with a reason: the agent is told", async () => {
    await asks("Shall I rewrite it in Rust?");
    await card("in Rust").getByRole("button", { name: "Refuse" }).click();
    await a.getByRole("dialog").getByLabel("Reason").fill("not this year");
    await a.getByRole("dialog").getByRole("button", { name: "Refuse" }).click();
    await told("not this year");
  });

  test("decisions: answers and recorded ones in a list, newest first", async () => {
    await a.getByRole("button", { name: "Record a decision" }).click();
    await a.getByLabel("What was decided").fill("No releases on Fridays");
    await a.getByRole("button", { name: "Record", exact: true }).click();
    const first = a.getByRole("article", { name: "A decision of alice" }).first();
    await first.getByText("No releases on Fridays").waitFor();
    await a.getByRole("article", { name: "A decision of alice" }).getByText('"SQLite"').first().waitFor();
    const newest = await until("bob's daemon has it", async () => {
      const { decisions } = await bob.ask<{ decisions: { title: string; by: string }[] }>(["decisions"]);
      return decisions[0]?.title === "No releases on Fridays" && decisions[0];
    });
    expect(newest).toMatchObject({ title: "No releases on Fridays", by: "alice" });
  });

  test("the own agent's question waits here, too; axe finds nothing, in light and dark and on a phone", async () => {
    await session.tool("ask", { text: "May I use the network?", choices: ["yes", "no"], other: true, many: true });
    const looks = [
      { colorScheme: "light" },
      { colorScheme: "dark" },
      { viewport: { width: 390, height: 780 }, hasTouch: true },
    ] as const;
    for (const [i, look] of looks.entries()) {
      const page = await browser.console(bob, look);
      await view(page, /Questions 1 waiting/);
      const own = page.getByRole("article", { name: "A question from bob" }).filter({ hasText: "the network" });
      await own.getByText("your agent").waitFor();
      await own.getByRole("checkbox", { name: "yes" }).check();
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(await violations(page)).toEqual([]);
      if (i === looks.length - 1) await own.getByRole("button", { name: "Answer" }).click();
      if (i === looks.length - 1) await told('answered: \\"yes\\" by @bob (person)');
      await page.context().close();
    }
  });

  test("Attention: who waits, in one list, answered where it stands, by the keyboard; every count is its length", async () => {
    await view(a, /^Attention/);
    await a.getByText("Nobody waits for you").waitFor();
    await using own = await openSession(alice, alice.entry, "s-alice");
    await own.hook("UserPromptSubmit", "a long task");
    await asks("Which way?", { choices: ["left", "right"] });
    await asks("How far?", { urgent: true });
    const found = await findDaemon({
      home: { path: alice.home },
      project: alice.project,
      version: "0",
      timeoutMs: PATIENCE_MS,
    });
    if (!found.ok) throw new Error(found.message);
    await found.value.request("waiting", { session: "s-alice", tool: "<b>Bash</b>\u202e" });
    found.value.close();
    const list = a.getByRole("list", { name: "Waiting for you" });
    await list.getByRole("article", { name: "permission: alice/claude" }).getByText("Bash").waitFor();
    await list.getByRole("article", { name: "A question from bob" }).nth(1).waitFor();
    await list.getByRole("article").first().getByText("How far?").waitFor();
    await a.getByRole("link", { name: /^Attention 3 waiting/ }).waitFor();
    await until(
      "the title tells who, where and how many",
      async () => (await a.title()) === "(3) alice · lobby · Agora",
    );
    expect((await alice.ask<{ count: number; items: unknown[] }>(["attention"])).items).toHaveLength(3);
    expect(await alice.ask(["status"])).toMatchObject({ waits: 3 });
    expect(await violations(a)).toEqual([]);
    const size = a.viewportSize()!;
    await a.setViewportSize({ width: 320, height: 640 });
    expect(await a.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await a.setViewportSize(size);

    await a.keyboard.press("j");
    await a.keyboard.press("Enter");
    await list.getByRole("textbox", { name: "Your answer" }).waitFor();
    await a.keyboard.type("to the end");
    await a.keyboard.press("Enter");
    await a.getByRole("link", { name: /^Attention 2 waiting/ }).waitFor();
    await until("the focus is on the row in its place", async () =>
      a.evaluate<boolean>("document.activeElement?.matches('[data-row]') === true"),
    );
    await list.getByRole("radio", { name: "left" }).check();
    await list.getByRole("button", { name: "Answer" }).click();
    await own.hook("Stop");
    await a.getByText("Nobody waits for you").waitFor();
    await told("to the end");
    await view(a, /^Questions/);
  });

  test("a question is answered where it stands in the talk, and its form goes when it is answered elsewhere", async () => {
    /** Opens the talk at a question: it may be further from where the person has read than a screen. */
    const openAt = async (text: string): Promise<void> => {
      const id = await until(`"${text}" at alice's`, async () => {
        const { waiting } = await alice.ask<{ waiting: { id: string; text: string }[] }>(["questions"]);
        return waiting.find((one) => one.text === text)?.id;
      });
      await a.goto(`${a.url().split("#")[0]}#/room/message=${id}`);
    };
    await asks("Here or there?", { choices: ["here", "there"] });
    await openAt("Here or there?");
    const line = message(a, "Here or there?");
    await line.locator("summary").click();
    await line.getByRole("radio", { name: "here", exact: true }).focus();
    await a.keyboard.press("Space");
    await a.keyboard.press("ArrowDown");
    expect(await line.getByRole("radio", { name: "there" }).isChecked()).toBe(true);
    expect(await violations(a)).toEqual([]);
    await line.getByRole("button", { name: "Answer", exact: true }).click();
    await told('answered: \\"there\\" by @alice (person)');
    await line.locator("summary").waitFor({ state: "detached" });
    await asks("By whom?");
    await openAt("By whom?");
    await message(a, "By whom?").locator("summary").waitFor();
    await alice.ask(["answer", "last", "by the terminal"]);
    await message(a, "By whom?").locator("summary").waitFor({ state: "detached" });
    await view(a, /^Questions/);
  });

  test("a page asks for what it may, as the person, and a model's tool can't answer", async () => {
    await asks("Really?");
    await card("Really?").waitFor();
    const { waiting } = await alice.ask<{ waiting: { id: string; text: string }[] }>(["questions"]);
    const question = waiting.find(({ text }) => text === "Really?")!.id;
    const other = await pageAsks(a, "answer", { question, via: "tool", text: "by the page" });
    expect(other).toMatchObject({ ok: true, result: { words: '"by the page"' } });
    expect(await session.tool("room", { action: "questions" })).toMatchObject({ ok: true });
  });
});
