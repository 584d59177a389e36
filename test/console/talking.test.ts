// People talk, hand over, refuse, search and send files, each in a browser of their own, over a real relay and real daemons.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { field, hasBrowser, holds, message, TestBrowser, write } from "./browser.ts";

describe.skipIf(!hasBrowser())("talking in the console", () => {
  let town: Town;
  let browser: TestBrowser;
  let alice: Person;
  let bob: Person;
  let a: Page;
  let b: Page;

  beforeAll(async () => {
    town = new Town();
    const relay = await town.relay();
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    await alice.start();
    await bob.start();
    browser = await TestBrowser.open();
    a = await browser.console(alice);
    b = await browser.console(bob);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  test("the code leaves the address at once, and scripts see no cookie", async () => {
    expect(a.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{12}\/r\/\w{16}\/$/);
    expect(await a.evaluate("document.cookie")).toBe("");
    expect(
      await a.evaluate("JSON.stringify([...Object.entries(localStorage), ...Object.entries(sessionStorage)])"),
    ).not.toMatch(/code|cookie|token/i);
  });

  test("what one says stands on both screens, once, with Markdown", async () => {
    await write(a, "Hello **everybody**, see `main.ts`");
    await message(b, "Hello everybody").waitFor();
    expect(await message(a, "Hello everybody").count()).toBe(1);
    expect(await message(b, "Hello everybody").locator("strong").allTextContents()).toContain("everybody");
    expect(await message(b, "Hello everybody").locator("code").textContent()).toBe("main.ts");
    const { lines } = await bob.ask<{ lines: { text: string; role: string }[] }>(["history"]);
    expect(lines.at(-1)).toMatchObject({ text: "Hello **everybody**, see `main.ts`", role: "user" });
  });

  test("a reaction is counted beside its line on both screens, with who in its title, and is taken back by a press", async () => {
    await write(a, "the release is merged");
    const [mine, theirs] = [message(a, "release is merged"), message(b, "release is merged")];
    await theirs.hover();
    await theirs.getByRole("button", { name: "React to alice with 👍" }).click();
    const counter = mine.getByRole("button", { name: "👍: bob" });
    await counter.waitFor();
    expect([await counter.textContent(), await counter.getAttribute("title")]).toEqual(["👍 1", "bob"]);
    await counter.click();
    const both = theirs.getByRole("button", { name: "👍: alice, bob" });
    await both.waitFor();
    expect([await both.textContent(), await both.getAttribute("aria-pressed")]).toEqual(["👍 2", "true"]);
    await both.click();
    await mine.getByRole("button", { name: "👍: alice" }).click();
    await until("both are gone", async () => (await theirs.getByRole("group", { name: "Reactions" }).count()) === 0);
    expect(await b.getByRole("link", { name: /Inbox \d/ }).count()).toBe(0);
  });

  test("a name is completed; the mention waits in the other's inbox, and both see how far it is", async () => {
    await field(a).pressSequentially("@bo");
    await a.getByRole("option", { name: /@bob here/ }).waitFor();
    await a.keyboard.press("Tab");
    await holds(a, "@bob ");
    await field(a).pressSequentially("can you look at the parser?");
    await a.keyboard.press("Enter");
    await b.getByRole("link", { name: /Inbox 1/ }).waitFor();
    await message(a, "the parser?").getByText("waits in the inbox").waitFor();
    await until("the title tells it", async () => (await b.title()).startsWith("(1)"));
  });

  test("it is answered in its thread, and the answer comes back", async () => {
    await b.getByRole("link", { name: /Inbox/ }).click();
    const card = b.getByRole("article", { name: "From alice" });
    await card.getByText("can you look at the parser?").waitFor();
    await card.getByRole("link", { name: "Answer yourself" }).click();
    await write(b, "Yes, this afternoon.", "thread");
    await message(b, "Yes, this afternoon.", "thread").waitFor();
    await message(a, "Yes, this afternoon.").waitFor();
    await message(a, "the parser?").getByText("answered").first().waitFor();
    await b.getByText("Nothing waits for you").waitFor();
    await a.getByRole("link", { name: /Inbox/ }).click();
    await a.getByRole("button", { name: "Mark as read" }).click();
    await a.getByText("Nothing waits for you").waitFor();
    await a.getByRole("link", { name: "Threads", exact: true }).click();
    await a.getByRole("link", { name: /1 reply/ }).click();
    await message(a, "Yes, this afternoon.", "thread").waitFor();
    await a.keyboard.press("Escape");
    await a.keyboard.press("Escape");
    await a.locator(".aside").waitFor({ state: "detached" });
    await a.getByRole("link", { name: /^Room/ }).click();
    await b.getByRole("link", { name: /^Room/ }).click();
  });

  test("a mention is refused with a reason, and its author sees it", async () => {
    await write(a, "@bob rewrite everything in Rust");
    await b.getByRole("link", { name: /Inbox/ }).click();
    await b.getByRole("button", { name: "Reject" }).click();
    await b.getByLabel("Reason").fill("not this week");
    await b.getByRole("button", { name: "Refuse" }).click();
    await message(a, "rewrite everything").getByText("rejected: not this week").waitFor();
    await b.getByRole("link", { name: /^Room/ }).click();
  });

  test("the mode is switched, and stays", async () => {
    await b.getByRole("switch", { name: "Auto mode" }).click();
    await b.getByText("your agent answers by itself", { exact: false }).waitFor();
    await until("his daemon has it", async () => (await bob.ask<{ mode: string }>(["mode"])).mode === "auto");
    await b.getByRole("switch", { name: "Auto mode", checked: true }).click();
    await until("manual again", async () => (await bob.ask<{ mode: string }>(["mode"])).mode === "manual");
  });

  test("files go by the button, by drop and by paste; pictures are shown", async () => {
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    const path = join(town.folder, "notes.txt");
    writeFileSync(path, "three lines\nof\nnotes\n");
    await a.locator("main input[type=file]").setInputFiles(path);
    await write(a, "the notes");
    await message(b, "notes.txt").getByRole("link", { name: "notes.txt" }).waitFor();
    const received = await until("the file", async () =>
      readdirSync(join(bob.project, ".agora/files")).find((name) => name.endsWith("notes.txt")),
    );
    expect(readFileSync(join(bob.project, ".agora/files", received), "utf8")).toBe("three lines\nof\nnotes\n");
    const give = (event: string, selector: string): Promise<unknown> =>
      a.evaluate(`(() => {
        const bytes = Uint8Array.from(atob("${png.toString("base64")}"), (c) => c.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], "${event}.png", { type: "image/png" }));
        const init = { bubbles: true, cancelable: true, ${event === "paste" ? "clipboardData" : "dataTransfer"}: data };
        document.querySelector("${selector}").dispatchEvent(
          ${event === "paste" ? "new ClipboardEvent('paste', init)" : "new DragEvent('drop', init)"});
      })()`);
    for (const [event, selector] of [
      ["drop", "main .talk"],
      ["paste", "main textarea"],
    ] as const) {
      await give(event, selector);
      await a.getByRole("list", { name: "Files to send" }).getByText(`${event}.png`).waitFor();
      await field(a).press("Enter");
      const picture = message(b, `${event}.png`).locator("img");
      await picture.waitFor();
      await until("the picture is drawn", () =>
        picture.evaluate((img) => (img as { naturalWidth?: number }).naturalWidth === 1),
      );
    }
  });

  test("search finds what was said, and a message has a link", async () => {
    await a.keyboard.press("Escape");
    await a.getByRole("searchbox").fill("parser");
    await a.keyboard.press("Enter");
    await a.getByRole("heading", { name: /1 with “parser”/ }).waitFor();
    await a.getByRole("link", { name: /^Room/ }).click();
    const id = (await message(a, "Hello everybody").getAttribute("id"))!.replace("line-", "");
    await a.goto(`${a.url().split("#")[0]}#/room/message=${id}`);
    await a.locator("article.target").getByText("Hello everybody").waitFor();
  });

  test("a reload keeps history and what is unread", async () => {
    await write(a, "before the reload");
    await message(b, "before the reload").waitFor();
    await b.getByRole("link", { name: "Health" }).click();
    await write(a, "while you looked elsewhere");
    await b.getByRole("link", { name: /Room 1/ }).waitFor();
    await b.reload();
    await b.getByRole("link", { name: /Room 1/ }).waitFor();
    await b.getByRole("link", { name: /Room 1/ }).click();
    await b.getByText("New", { exact: true }).waitFor();
    await message(b, "Hello everybody").waitFor();
    await until("it is read", async () => (await b.getByRole("link", { name: /Room 1/ }).count()) === 0);
  });

  test("the page goes on, and what one says is said once, when a newer daemon takes over", async () => {
    const updated = bob.type(["update"]);
    for (let n = 0; n < 5; n++) {
      await write(b, `during the update ${n}`);
      await b.waitForTimeout(300);
    }
    await updated;
    for (let n = 0; n < 5; n++) for (const page of [a, b]) await message(page, `during the update ${n}`).waitFor();
    await write(a, "after the update");
    await message(b, "after the update").waitFor(); // his page is with the newer one
    for (let n = 0; n < 5; n++)
      for (const page of [a, b]) expect(await message(page, `during the update ${n}`).count()).toBe(1);
    browser.complaints.splice(0); // the browser itself tells of the connections that were refused meanwhile
  });

  test("people and health tell what they should", async () => {
    await a.getByRole("link", { name: "People" }).click();
    await a.getByRole("heading", { name: "Here now (2)" }).waitFor();
    await a.getByRole("link", { name: "Health" }).click();
    await a.getByRole("region", { name: "Relay" }).getByText("joined").waitFor();
    await a.getByRole("link", { name: "Flow" }).click();
    await a.getByRole("row", { name: /alice bob 2/ }).waitFor();
  });
});
