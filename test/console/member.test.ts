// A browser that is a member itself: over the console that a relay serves, with members whose daemons are real.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { decodeInvite } from "@agora/protocol";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { violations } from "./axe.ts";
import { field, hasBrowser, installability, message, TestBrowser, write } from "./browser.ts";
import { consoleOf, joinByForm, RelayFolder, TOKEN } from "./console-relay.ts";

interface HistoryLine {
  readonly author: string;
  readonly text: string;
  readonly role: string;
}

const history = async (person: Person): Promise<readonly HistoryLine[]> =>
  (await person.ask<{ lines: HistoryLine[] }>(["history", "--limit", "500"])).lines;

/** Waits until a person's daemon has a line with this text, and gives how often. */
const countOf = (person: Person, text: string): Promise<number> =>
  until(`${text} at ${person.name}`, async () => {
    const found = (await history(person)).filter((line) => line.text === text).length;
    return found > 0 && found;
  });

const room = (page: Page): Promise<void> => page.getByRole("link", { name: /^Room/ }).click();

describe.skipIf(!hasBrowser())("a member in a browser", () => {
  let town: Town;
  let bundle: RelayFolder;
  let relay: TestRelay;
  let env: Record<string, string>;
  let browser: TestBrowser;
  let context: BrowserContext;
  let page: Page;
  let alice: Person;
  let bob: Person;
  const addresses: string[] = [];
  /** What lets somebody in: the shared token, and the grant of an invite. */
  const secrets = [TOKEN];

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
    context = await browser.profile();
    page = await context.newPage();
    page.on("request", (request) => addresses.push(request.url()));
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
    await relay?.end();
    bundle?.[Symbol.dispose]();
  });
  afterEach(() => browser.complain());

  test("the form is for everybody, and says what is wrong", async () => {
    await page.goto(consoleOf(relay));
    await page.getByRole("heading", { name: "Join the room" }).waitFor();
    await page.getByText("it trusts the relay", { exact: false }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Your name").fill("not a name");
    await page.getByLabel("Token or invite").fill("wrong");
    await page.getByRole("button", { name: "Join" }).click();
    await until("a word on the name", async () => /name/i.test((await page.getByRole("alert").textContent()) ?? ""));
    await page.getByLabel("Your name").fill("wanda");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("The token or grant is wrong", { exact: false }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test("the form comes without the room, which is loaded when somebody joins; failing that, a sentence says so", async () => {
    const fresh = await browser.profile();
    const seen = await fresh.newPage();
    const sizes = new Map<string, number>();
    seen.on("response", (response) => sizes.set(response.url(), Number(response.headers()["content-length"])));
    await seen.route(/member-room-/, (route) => route.abort());
    await seen.goto(consoleOf(relay));
    await seen.getByRole("heading", { name: "Join the room" }).waitFor();
    await seen.waitForLoadState("networkidle");
    expect([...sizes.keys()].filter((url) => /views-|member-room-/.test(url))).toEqual([]);
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(5 * 1024);
    expect(bytes).toBeLessThan(30 * 1024);
    await seen.getByLabel("Your name").fill("nora");
    await seen.getByLabel("Token or invite").fill(TOKEN);
    await seen.getByRole("button", { name: "Join" }).click();
    await seen.getByText("The rest of this page did not come", { exact: false }).waitFor();
    await fresh.close();
    // The browser itself notes what was not loaded; nothing else may be there.
    expect(browser.complaints.splice(0).filter((one) => !one.includes("Failed to load resource"))).toEqual([]);
  });

  test("Chromium would install it as an app", async () => {
    const place = consoleOf(relay);
    expect(await installability(place)).toMatchObject({
      obstacles: [],
      mistakes: [],
      manifest: { name: "Agora", display: "kStandalone", id: place, startUrl: place, scope: place },
    });
  });

  test("an invite in the address leaves it at once, and one for another relay is refused", async () => {
    const { invite } = await alice.ask<{ invite: string }>([
      "invite",
      "wanda",
      "--relay",
      relay.url,
      "--room",
      "lobby",
    ]);
    const other = await alice.ask<{ invite: string }>([
      ...["invite", "wanda", "--relay", "wss://relay.example.org", "--room", "lobby"],
    ]);
    secrets.push(decodeInvite(invite)!.token);
    await joinByForm(page, relay, "wanda", invite);
    expect(page.url()).toBe(consoleOf(relay));
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Sign out of this browser" }).click();
    await page.getByRole("heading", { name: "Join the room" }).waitFor();
    await page.goto(`${consoleOf(relay)}#invite=${other.invite}`);
    await page.reload(); // only the fragment changed
    await page.getByLabel("Your name").fill("wanda");
    expect(page.url()).toBe(consoleOf(relay));
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("This invite is for another relay", { exact: false }).waitFor();
    await joinByForm(page, relay, "wanda", invite);
  });

  test("both talk, and each hears it once", async () => {
    await write(page, "Hello **from** a browser");
    await message(page, "Hello from a browser").locator("strong").waitFor();
    expect(await countOf(bob, "Hello **from** a browser")).toBe(1);
    expect((await history(bob)).at(-1)).toMatchObject({ author: "wanda", role: "user" });
    await bob.type(["say", "Hello from a daemon"]);
    await message(page, "Hello from a daemon").waitFor();
    expect(await message(page, "Hello from a daemon").count()).toBe(1);
    await page.getByRole("link", { name: "People", exact: true }).click();
    await page.locator(".member", { hasText: "wanda" }).getByText("browser", { exact: false }).first().waitFor();
    await room(page);
  });

  test("a mention waits in the inbox; taking it on, an answer and a refusal are told its author", async () => {
    const inbox = page.getByRole("link", { name: /^Inbox/ });
    const { id } = await bob.ask<{ id: string }>(["say", "@wanda", "could you look at the colours?"]);
    await page.getByRole("link", { name: /Inbox 1/ }).click();
    const card = page.getByRole("article", { name: "From bob" });
    expect(await card.getByRole("button", { name: "Accept with a word …" }).count()).toBe(0);
    await card.getByRole("button", { name: "Accept" }).click();
    const stateOf = async (word: string): Promise<string | undefined> => {
      const { events } = await bob.ask<{ events: { deliveries: { state: string }[] }[] }>(["status", word]);
      return events[0]?.deliveries[0]?.state;
    };
    await until("it was seen", async () => (await stateOf(id)) === "seen");
    await card.getByRole("link", { name: "Answer yourself" }).click();
    await write(page, "They are fine.", "thread");
    await until("it was answered", async () => (await stateOf(id)) === "answered");
    expect(await countOf(bob, "They are fine.")).toBe(1);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    const second = await bob.ask<{ id: string }>(["say", "@wanda", "paint it black"]);
    await inbox.click();
    await card.getByRole("button", { name: "Reject" }).click();
    await page.getByLabel("Reason").fill("no paint left");
    await page.getByRole("button", { name: "Refuse" }).click();
    await until("it was rejected", async () => (await stateOf(second.id)) === "rejected");
    await page.getByText("Nothing waits for you").waitFor();
    await room(page);
  });

  test("its own words show how far they are", async () => {
    await field(page).pressSequentially("@bo");
    await page.getByRole("option", { name: "@bob here" }).waitFor();
    await page.keyboard.press("Tab");
    await field(page).pressSequentially("is the door shut?");
    await page.keyboard.press("Enter");
    await message(page, "is the door shut?").getByText("waits in the inbox").waitFor();
    await bob.type(["reject", "last", "go and look"]);
    await message(page, "is the door shut?").getByText("rejected: go and look").waitFor();
  });

  test("a reload keeps history, what is unread, and the key, which nobody can read out", async () => {
    const keyOf = async (): Promise<string | null> => {
      await page.getByRole("link", { name: "Settings" }).click();
      return page.locator(".facts code").last().textContent();
    };
    const key = await keyOf();
    await bob.type(["say", "while you looked elsewhere"]);
    await page.getByRole("link", { name: /Room 1/ }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: /Room 1/ }).click();
    await message(page, "Hello from a daemon").waitFor();
    await message(page, "They are fine.").waitFor();
    expect(await message(page, "while you looked elsewhere").count()).toBe(1);
    expect(await keyOf()).toBe(key);
    const kept = await page.evaluate<{ extractable: boolean; error: string }>(`(async () => {
      const db = await new Promise((done) => { const r = indexedDB.open("agora"); r.onsuccess = () => done(r.result); });
      const asked = db.transaction("identities").objectStore("identities").getAll();
      const [{ pair }] = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
      db.close();
      const error = await crypto.subtle.exportKey("pkcs8", pair.privateKey).then(() => "", (e) => e.name);
      return { extractable: pair.privateKey.extractable, error };
    })()`);
    expect(kept).toEqual({ extractable: false, error: "InvalidAccessError" });
    await room(page);
  });

  test("a second tab says so, and can take the place", async () => {
    const second = await context.newPage();
    await second.goto(consoleOf(relay));
    await second.getByRole("heading", { name: "Open in another tab" }).waitFor();
    expect(await violations(second)).toEqual([]);
    await second.getByRole("button", { name: "Use it here" }).click();
    await message(second, "Hello from a daemon").waitFor();
    await page.getByRole("heading", { name: "Open in another tab" }).waitFor();
    await write(second, "from the second tab");
    expect(await countOf(bob, "from the second tab")).toBe(1);
    await second.close();
    await page.getByRole("button", { name: "Use it here" }).click();
    await message(page, "from the second tab").waitFor();
  });

  test("a relay that dies and comes back costs nothing, and nothing comes twice", async () => {
    await relay.end("SIGKILL");
    await page.getByText("Not connected to the relay", { exact: false }).waitFor();
    await write(page, "written without a relay");
    await message(page, "written without a relay").getByText("waits for the relay").waitFor();
    await bob.type(["say", "so did I"]);
    relay = await bundle.start({ port: relay.port, env });
    await message(page, "so did I").waitFor();
    expect(await countOf(bob, "written without a relay")).toBe(1);
    expect(await message(page, "written without a relay").count()).toBe(1);
    expect(await message(page, "so did I").count()).toBe(1);
    browser.complaints.splice(0); // the browser tells of each connection that was refused
  });

  test("what was said while the browser was closed comes when it is back", async () => {
    await page.close();
    await bob.type(["say", "nobody looks"]);
    const { id } = await bob.ask<{ id: string }>(["say", "@wanda", "come back"]);
    await relay.end();
    relay = await bundle.start({ port: relay.port, env }); // its ring is empty: it comes from the others' daemons
    page = await context.newPage();
    page.on("request", (request) => addresses.push(request.url()));
    await page.goto(consoleOf(relay));
    await message(page, "nobody looks").waitFor();
    await message(page, "come back").waitFor();
    await page.getByRole("link", { name: /Inbox 1/ }).waitFor();
    await until("its author knows", async () => {
      const { events } = await bob.ask<{ events: { deliveries: { state: string }[] }[] }>(["status", id]);
      return events[0]?.deliveries[0]?.state === "stored";
    });
    expect(await message(page, "come back").count()).toBe(1);
  });

  test("it gives others what they lack", async () => {
    await write(page, "said to whoever is here");
    await countOf(alice, "said to whoever is here");
    await bob.type(["stop"]);
    await alice.type(["stop"]);
    await write(page, "said to nobody");
    await message(page, "said to nobody").waitFor();
    await relay.end();
    relay = await bundle.start({ port: relay.port, env });
    await page.getByText("Not connected").waitFor({ state: "detached" });
    await bob.start();
    expect(await countOf(bob, "said to nobody")).toBe(1);
    await alice.start();
    browser.complaints.splice(0);
  });

  test("files go both ways", async () => {
    const text = "three lines\nof\nnotes\n".repeat(20_000);
    writeFileSync(join(town.folder, "notes.txt"), text);
    await page.locator("main input[type=file]").setInputFiles(join(town.folder, "notes.txt"));
    await write(page, "the notes");
    const files = join(bob.project, ".agora/files");
    const received = await until("the file", async () =>
      existsSync(files) ? readdirSync(files).find((name) => name.endsWith("notes.txt")) : undefined,
    );
    expect(readFileSync(join(files, received), "utf8")).toBe(text);
    writeFileSync(join(bob.project, "answer.txt"), text.toUpperCase());
    await bob.type(["say", "--file", "answer.txt", "--", "and back"]);
    const link = message(page, "and back").getByRole("link", { name: "answer.txt" });
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    expect(download.suggestedFilename()).toBe("answer.txt");
    expect(readFileSync(await download.path(), "utf8")).toBe(text.toUpperCase());
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    writeFileSync(join(bob.project, "dot.png"), Buffer.from(png, "base64"));
    await bob.type(["say", "--file", "dot.png", "--", "a dot"]);
    const picture = message(page, "a dot").locator("img");
    await picture.waitFor();
    await until("it is drawn", () => picture.evaluate((img) => (img as { naturalWidth?: number }).naturalWidth === 1));
    await page.reload();
    await message(page, "a dot").locator("img").waitFor();
  });

  test("a page that dies at any moment loses nothing that anybody has seen, and goes on counting", async () => {
    for (const wait of [0, 5, 20, 60, 300]) {
      await write(page, `before the end ${wait}`);
      await page.waitForTimeout(wait);
      const session = await context.newCDPSession(page);
      session.send("Page.crash").catch(() => undefined); // it does not live to answer
      await page.waitForEvent("crash");
      await page.close();
      page = await context.newPage();
      await page.goto(consoleOf(relay));
      // What it says next has a number of its own: bob would drop one that was used before.
      await write(page, `after the end ${wait}`);
      expect(await countOf(bob, `after the end ${wait}`)).toBe(1);
      await message(page, `after the end ${wait}`).waitFor();
      const isAtBob = (await history(bob)).some(({ text }) => text === `before the end ${wait}`);
      expect(await message(page, `before the end ${wait}`).count()).toBe(isAtBob ? 1 : 0);
    }
    browser.complaints.splice(0);
  });

  test("nothing leaves this browser before it is written down here", async () => {
    const other = await context.newPage();
    await other.goto(consoleOf(relay));
    await other.getByRole("heading", { name: "Open in another tab" }).waitFor();
    // Another tab's transaction that does not end keeps the member's writes waiting.
    await other.evaluate(`(async () => {
      const db = await new Promise((done) => {
        const r = indexedDB.open("agora lobby wanda");
        r.onsuccess = () => done(r.result);
      });
      const tx = db.transaction([...db.objectStoreNames], "readwrite");
      const again = () => globalThis.released ? db.close() : (tx.objectStore("kept").get("room").onsuccess = again);
      again();
    })()`);
    await write(page, "not written yet");
    await page.waitForTimeout(1_500);
    expect((await history(bob)).some(({ text }) => text === "not written yet")).toBe(false);
    await other.evaluate("globalThis.released = true");
    await other.close();
    expect(await countOf(bob, "not written yet")).toBe(1);
    await message(page, "not written yet").waitFor();
    expect(await message(page, "not written yet").count()).toBe(1);
  });

  test("search finds what this browser keeps", async () => {
    await page.getByRole("searchbox").fill("colours");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /1 with “colours”/ }).waitFor();
    await room(page);
  });

  test("channels are here as well", async () => {
    await page.getByRole("link", { name: /^Channels/ }).click();
    await page.getByRole("button", { name: "Join or open a channel" }).click();
    await page.getByLabel("Its name").fill("#design");
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await page.getByRole("heading", { name: "#design", level: 1 }).waitFor();
    await until("bob can speak there", async () => (await bob.type(["say", "#design", "which blue?"])).code === 0);
    await message(page, "which blue?").waitFor();
    await write(page, "the dark one");
    await until("bob hears it", async () => {
      const { out } = await bob.type(["history", "--json", "--channel", "design"]);
      return out.includes("the dark one");
    });
    await room(page);
    await message(page, "which blue?").waitFor({ state: "detached" });
  });

  test("an operator's pause holds and a stop refuses, with its sentence; this page operates nothing", async () => {
    expect(await page.getByRole("switch", { name: "Auto mode" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Stop all" }).count()).toBe(0);
    await alice.ask(["pause"]);
    await page.getByText("Paused by alice", { exact: false }).waitFor();
    await write(page, "held for a while");
    await alice.ask(["resume"]);
    expect(await countOf(bob, "held for a while")).toBe(1);
    await alice.ask(["stop-all", "enough"]);
    await page.getByText("Stopped by alice", { exact: false }).waitFor();
    await write(page, "may I?");
    await page.getByText("an operator stopped the room", { exact: false }).first().waitFor();
    await alice.ask(["reset"]);
    await page.getByText("Stopped by alice").waitFor({ state: "detached" });
    expect((await history(bob)).some(({ text }) => text === "may I?")).toBe(false);
  });

  test("two browsers talk, one of them a phone", async () => {
    const other = await browser.profile({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
    const phone = await other.newPage();
    await phone.goto(consoleOf(relay));
    await phone.getByRole("heading", { name: "Join the room" }).waitFor();
    expect(await violations(phone)).toEqual([]);
    expect(await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await joinByForm(phone, relay, "yuri", TOKEN, false);
    await message(phone, "held for a while").waitFor(); // what the others have, he is given
    await write(phone, "@wanda from the phone");
    await message(page, "from the phone").waitFor();
    await message(phone, "from the phone").getByText("waits in the inbox").waitFor();
    await write(page, "from the desk");
    await message(phone, "from the desk").waitFor();
    expect(await violations(phone)).toEqual([]);
    await phone.reload(); // he did not stay signed in: the token is gone, the history is not
    expect(await phone.getByLabel("Your name").inputValue()).toBe("yuri");
    await phone.getByLabel("Token or invite").fill(TOKEN);
    await phone.getByRole("button", { name: "Join" }).click();
    await message(phone, "from the desk").waitFor();
    await other.close();
  });

  test("the token stands in no address, no clear storage and no log", async () => {
    const kept = await page.evaluate<string>(`(async () => {
      const all = [JSON.stringify([...Object.entries(localStorage), ...Object.entries(sessionStorage), document.cookie])];
      for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
        for (const store of db.objectStoreNames) {
          const asked = db.transaction(store).objectStore(store).getAll();
          const values = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
          all.push(name + store + JSON.stringify(values, (_, v) =>
            v instanceof ArrayBuffer ? new TextDecoder("latin1").decode(v) : v));
        }
        db.close();
      }
      return all.join("\\n");
    })()`);
    expect(kept).toContain("wanda");
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) {
      expect(kept).not.toContain(secret);
      expect(addresses.filter((url) => url.includes(secret) || new URL(url).search !== "")).toEqual([]);
      expect(bundle.log).not.toContain(secret);
    }
  });
});
