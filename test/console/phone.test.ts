// A phone's browser becomes one more device of a person: by a link that `agora link` shows, six words on both sides, and a yes on the
// first device; then it is that person, until it is revoked.
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { violations } from "./axe.ts";
import { hasBrowser, message, TestBrowser, view, write } from "./browser.ts";
import { consoleOf, RelayFolder } from "./console-relay.ts";

interface Devices {
  readonly devices: readonly {
    readonly id: string;
    readonly name: string;
    readonly here?: true;
    readonly revoked?: true;
  }[];
  readonly asking?: readonly { readonly print: string; readonly name: string; readonly words: readonly string[] }[];
}

const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  userAgent:
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
};
/** What a finger hits, CSS pixels. */
const TARGET = 44;

describe.skipIf(!hasBrowser())("a phone linked as a device", () => {
  let town: Town;
  let bundle: RelayFolder;
  let relay: TestRelay;
  let env: Record<string, string>;
  let browser: TestBrowser;
  let context: BrowserContext;
  let phone: Page;
  let alice: Person;
  let bob: Person;
  const secrets: string[] = [];

  beforeAll(async () => {
    town = new Town();
    bundle = new RelayFolder();
    const owner = town.person("alice", undefined);
    const { relay: line } = await owner.ask<{ relay: string }>(["room", "create", "lobby"]);
    env = { AGORA_ROOM_KEYS: line.replace("AGORA_ROOM_KEYS=", "") };
    relay = await bundle.start({ env });
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    await alice.start();
    await bob.start();
    browser = await TestBrowser.open();
    context = await browser.profile(PHONE);
    phone = await context.newPage();
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await relay?.end();
    bundle?.[Symbol.dispose]();
  });
  afterEach(() => browser.complain());

  const makeLink = async (): Promise<string> => {
    const { link } = await alice.ask<{ link: string }>(["link"]);
    secrets.push(link.slice(link.indexOf("#link=") + "#link=".length));
    return link;
  };
  const devices = (): Promise<Devices> => alice.ask<Devices>(["devices"]);
  /** Who asks with these words: the laptop shows the same six. */
  const asking = (words: readonly string[]) =>
    until(
      `${words.join(" ")} on the laptop, too`,
      async () => (await devices()).asking?.find((one) => one.words.join() === words.join()),
      { seen: async () => JSON.stringify((await devices()).asking) },
    );
  const wordsOn = async (page: Page): Promise<string[]> => {
    await page.getByText("Does your first device show these six words?", { exact: false }).waitFor();
    return page.getByRole("list", { name: "Six words to compare" }).getByRole("listitem").allTextContents();
  };
  const inRoom = (page: Page) => page.getByRole("navigation", { name: "Views" }).waitFor();
  const fits = async (page: Page): Promise<void> => {
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await page.evaluate(SMALL_TARGETS)).toEqual([]);
    expect(await violations(page)).toEqual([]);
  };
  const isDone = async (id: string): Promise<boolean> =>
    !(await alice.ask<{ id: string }[]>(["inbox"])).some((item) => item.id === id);

  test("it shows the words that the laptop shows, also after a reload, and is in after the yes [LINKING-1] [LINKING-3]", async () => {
    const link = await makeLink();
    expect(link.startsWith(`${consoleOf(relay)}#link=`)).toBe(true);
    await phone.goto(link);
    const words = await wordsOn(phone);
    expect(words).toHaveLength(6);
    expect(phone.url()).toBe(consoleOf(relay));
    const asked = await asking(words);
    expect(asked).toMatchObject({ name: "Chrome on Android", words });
    await fits(phone);
    await phone.reload();
    expect(await wordsOn(phone)).toEqual(words);
    expect((await devices()).asking?.map((one) => one.words)).toEqual([words]);
    await bob.type(["say", "said before"]);
    await alice.ask(["link", asked.print, "--yes"]);
    await inRoom(phone);
    await message(phone, "said before").waitFor(); // the laptop gives it what it has
    await until("the laptop sees it", async () =>
      (await devices()).devices.some(({ name, here }) => name === "Chrome on Android" && here === true),
    );
    await until("bob sees both", async () => (await bob.type(["who"])).out.includes("on 2 devices"));
    await fits(phone);
  });

  test("a mention arrives on both, is answered on the phone and done on the laptop [DEVICE-7] [DEVICE-8]", async () => {
    const { id } = await bob.ask<{ id: string }>(["say", "@alice", "which port?"]);
    await until("the laptop has it", async () => !(await isDone(id)));
    await message(phone, "which port?").waitFor();
    await phone.getByRole("link", { name: /Inbox 1/ }).click();
    await fits(phone);
    await phone.getByRole("link", { name: "Answer yourself" }).click();
    await write(phone, "8080", "thread");
    await until("bob has the answer", async () =>
      (await bob.ask<{ lines: { text: string; author: string }[] }>(["history"])).lines.some(
        ({ text, author }) => text === "8080" && author === "alice",
      ),
    );
    await until("it is done on the laptop", () => isDone(id));
    await until("it is one person's answer", async () => {
      const { events } = await bob.ask<{ events: { deliveries: { state: string }[] }[] }>(["status", id]);
      return events[0]?.deliveries.map(({ state }) => state).join() === "answered";
    });
  });

  test("the same link opened again there is no mistake, and elsewhere it is used up [LINKING-3]", async () => {
    const [used] = secrets;
    await phone.goto(`${consoleOf(relay)}#link=${used}`);
    await phone.waitForURL(consoleOf(relay));
    await inRoom(phone);
    const other = await (await browser.profile(PHONE)).newPage();
    await other.goto(`${consoleOf(relay)}#link=${used}`);
    await other.getByText("Another device came by this link", { exact: false }).waitFor();
    await fits(other);
    await other.goto(`${consoleOf(relay)}#link=${used?.slice(0, 100)}`);
    await other.getByText("This link is not whole", { exact: false }).waitFor();
    await other.context().close();
  });

  test("on the laptop's own page the person says no to one and yes to another", async () => {
    const page = await browser.console(alice);
    const link = await makeLink();
    const stranger = await (await browser.profile(PHONE)).newPage();
    await stranger.goto(link);
    const card = page.getByRole("alert").filter({ hasText: "asks to be linked as your device" });
    await card.getByText((await wordsOn(stranger)).join(" ")).waitFor();
    expect(await violations(page)).toEqual([]);
    await card.getByRole("button", { name: "No" }).click();
    await stranger.getByText("Your first device said no", { exact: false }).waitFor();
    await stranger.context().close();
    const tablet = await (await browser.profile(PHONE)).newPage();
    await tablet.goto(link);
    await card.getByText((await wordsOn(tablet)).join(" ")).waitFor();
    await card.getByRole("button", { name: "Yes, the same words" }).click();
    await inRoom(tablet);
    await tablet.context().close();
    await page.context().close();
  });

  test("a browser that is somebody already asks first, and stays who it is where its person wants no link", async () => {
    const page = await (await browser.profile(PHONE)).newPage();
    const words = ["invite", "carol", "--relay", relay.url, "--room", "lobby"];
    const { invite } = await alice.ask<{ invite: string }>(words);
    await page.goto(`${consoleOf(relay)}#invite=${invite}`);
    await page.getByRole("button", { name: "Join" }).click();
    await inRoom(page);
    await page.goto(await makeLink());
    await page.getByText("This browser is @carol in lobby already", { exact: false }).waitFor();
    await fits(page);
    await page.reload();
    await page.getByRole("button", { name: "Do not link it" }).click();
    await inRoom(page);
    expect((await devices()).asking ?? []).toEqual([]);
    await page.context().close();
  });

  test("waits while the relay is away, and goes on with the same words", async () => {
    const link = await makeLink();
    const late = await (await browser.profile(PHONE)).newPage();
    await late.goto(link);
    const words = await wordsOn(late);
    await relay.end();
    await late.getByText("The relay is not reached yet", { exact: false }).waitFor();
    relay = await bundle.start({ port: relay.port, env });
    expect(await wordsOn(late)).toEqual(words);
    await late.context().close();
    browser.complaints.splice(0); // the browser tells of each connection that was refused
  });

  test("revoked, the phone says so in one sentence and is out; linked anew it is back [LINKING-5]", async () => {
    const { id } = (await devices()).devices.find(({ name }) => name === "Chrome on Android")!;
    await inRoom(phone);
    await view(phone, /^Room/);
    await alice.ask(["devices", "revoke", id]);
    const said = phone.getByText("This device was revoked from another one of yours", { exact: false });
    await said.waitFor();
    await phone.reload();
    await said.waitFor();
    await bob.type(["say", "without the phone"]);
    await until("the laptop hears it", async () => (await alice.type(["history"])).out.includes("without the phone"));
    expect(await message(phone, "without the phone").count()).toBe(0);
    await phone.goto(await makeLink());
    const words = await wordsOn(phone);
    const asked = await asking(words);
    await alice.ask(["link", asked.print, "--yes"]);
    await inRoom(phone);
    await message(phone, "without the phone").waitFor();
  });

  test("no link stands in the relay's log", () => {
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of secrets) expect(bundle.log).not.toContain(secret.slice(0, 40));
  });
});

/** What can be hit and is smaller than a finger; words within a sentence are no targets of their own. */
const SMALL_TARGETS = `[...document.querySelectorAll("a, button, input, select, textarea, summary, [role=switch]")]
  .filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    const isHidden = width === 0 || height === 0 || getComputedStyle(one).visibility === "hidden" || one.closest(".skip");
    const inSentence = one.matches("p a, .text a");
    const label = one.closest("label")?.getBoundingClientRect();
    const size = label === undefined ? { width, height } : label;
    return !isHidden && !inSentence && (size.width < ${TARGET} || size.height < ${TARGET});
  })
  .map((one) => (one.getAttribute("aria-label") ?? one.textContent ?? one.tagName).trim().slice(0, 40) + " " +
    Math.round(one.getBoundingClientRect().width) + "x" + Math.round(one.getBoundingClientRect().height))`;
