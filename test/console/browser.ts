// A real browser on the real console: pages of people whose daemons are real. Whatever a page complains of fails the test.
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { PATIENCE_MS, TEST_MS, until } from "../wait-until.ts";
import type { Person } from "../test-users.ts";

/** The whole browser, where Debian puts it: it alone judges whether a page can be installed. */
const WHOLE = process.env["AGORA_CHROMIUM"] ?? "/usr/bin/chromium";
/** The one without windows, where it is, draws the same pages at a quarter of the cost. */
const SHELL = "/usr/bin/chromium-headless-shell";
const EXECUTABLE = process.env["AGORA_CHROMIUM"] === undefined && existsSync(SHELL) ? SHELL : WHOLE;
/** Without a language it reads no file whose name is not ASCII. */
const ENV = { ...process.env, LC_ALL: "C.UTF-8" } as Record<string, string>;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether these tests can run: a gate must have the browser, elsewhere they are left out with a line. */
export function hasBrowser(): boolean {
  if (existsSync(WHOLE)) return true;
  if (process.env["CI"] !== undefined) throw new Error(`The console's tests need Chromium at ${WHOLE}.`);
  process.stderr.write(`Left out: the tests of the console (no Chromium at ${WHOLE}; AGORA_CHROMIUM names another).\n`);
  return false;
}

/** A browser; its pages are watched. */
export class TestBrowser implements AsyncDisposable {
  /** What pages complained of: exceptions, refusals of their policy, failed loading. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(): Promise<TestBrowser> {
    const options = { executablePath: EXECUTABLE, args: FLAGS, env: ENV, timeout: TEST_MS };
    return new TestBrowser(await chromium.launch(options));
  }

  /** Throws what pages complained of since the last time. */
  complain(): void {
    const all = this.complaints.splice(0);
    if (all.length > 0) throw new Error(all.join("\n"));
  }

  /** A profile of its own: other cookies than every other one has. */
  async profile(options: Parameters<Browser["newContext"]>[0] = {}): Promise<BrowserContext> {
    // Nothing fades: what is looked at, by axe too, is what stays.
    const still = { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" } as const;
    const context = await this.#browser.newContext({ ...still, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    context.on("page", (page) => this.#watch(page));
    return context;
  }

  /** The console of a person, in a profile of its own. */
  async console(person: Person, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
    const context = await this.profile(options);
    const page = await context.newPage();
    await page.goto(await consoleUrl(person));
    await page.getByRole("navigation", { name: "Views" }).waitFor();
    return page;
  }

  /** Waits until a page is with its person's daemon again, after a newer one took over: it shows what the person says there. */
  async isBack(page: Page, person: Person, text: string): Promise<void> {
    await person.ask(["say", text]);
    await view(page, /^Room/);
    await message(page, text).waitFor();
    this.complaints.splice(0); // Chromium itself tells of the connections that were refused meanwhile
  }

  #watch(page: Page): void {
    page.on("pageerror", (error) => this.complaints.push(`exception: ${error.message}`));
    page.on("dialog", (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console: ${message.text()}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** What Chromium says of a page that somebody wants to install as an app. */
export interface Installability {
  /** By their ids, what keeps it from being installed. */
  readonly obstacles: readonly string[];
  /** What is wrong with the manifest. */
  readonly mistakes: readonly string[];
  /** The manifest as it was understood. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Asks Chromium whether a page can be installed; in a profile that stays, for from any other one nothing can. */
export async function installability(url: string): Promise<Installability> {
  const options = { executablePath: WHOLE, args: FLAGS, env: ENV, timeout: TEST_MS };
  await using context = await chromium.launchPersistentContext("", options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(url);
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  const { errors, manifest } = await session.send("Page.getAppManifest");
  return {
    obstacles: installabilityErrors.map(({ errorId }) => errorId),
    mistakes: errors.map(({ message: text }) => text),
    manifest: { ...manifest },
  };
}

/** An address that opens the person's console once. */
export async function consoleUrl(person: Person): Promise<string> {
  const { url } = await person.ask<{ url: string }>(["console", "--no-browser"]);
  return url;
}

/** The field of the room or of the open thread. */
export function field(page: Page, place: "room" | "thread" = "room"): ReturnType<Page["locator"]> {
  return place === "room" ? page.locator("main textarea") : page.locator(".aside textarea");
}

/** Waits until a field holds this text, and no other. */
export async function holds(page: Page, text: string, place: "room" | "thread" = "room"): Promise<void> {
  const seen = (): Promise<string> => field(page, place).inputValue();
  await until(`"${text}" in the field`, async () => (await seen()) === text, { seen });
}

/** Writes and sends. */
export async function write(page: Page, text: string, place: "room" | "thread" = "room"): Promise<void> {
  await field(page, place).fill(text);
  await field(page, place).press("Enter");
}

/** The messages of the room or of the open thread that hold a text. */
export function message(page: Page, text: string, place: "room" | "thread" = "room"): ReturnType<Page["locator"]> {
  return page.locator(place === "room" ? "main article.row" : ".aside article.row").filter({ hasText: text });
}

/** Opens one of the views by its link. */
export async function view(page: Page, name: string | RegExp): Promise<void> {
  const views = page.getByRole("navigation", { name: "Views" });
  await views.getByRole("link", typeof name === "string" ? { name, exact: true } : { name }).click();
}

/** What a page's own script could ask: a request by a connection of its own, and what is answered. */
export async function pageAsks(page: Page, name: string, args: object): Promise<unknown> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const socket = new WebSocket(new URL("./live", location.href.split("#")[0]).href.replace("http", "ws"));
    socket.onopen = () => socket.send(${JSON.stringify(JSON.stringify({ id: 1, do: name, args }))});
    socket.onerror = () => reject(new Error("refused"));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.id === 1) { resolve(message); socket.close(); }
    };
  })`);
}
