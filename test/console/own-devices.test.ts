// One person with two devices, and the console of each: what is read on one of them is read on the other.
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";
import { hasBrowser, message, TestBrowser, view } from "./browser.ts";

describe.skipIf(!hasBrowser())("the consoles of a person's devices", () => {
  test("what is read on one is unread on none", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const [laptop, bob] = [town.person("alice", relay), town.person("bob", relay)];
    const phone: Person = town.person("alice", undefined, { project: "phone", home: `${town.folder}/phone.home` });
    for (const person of [laptop, bob]) await person.start();
    const { code } = await phone.ask<{ code: string }>(["link"]);
    const { link } = await laptop.ask<{ link: string }>(["link", code, "--yes"]);
    expect(await phone.type(["start", link])).toMatchObject({ code: 0 });
    await until("bob sees both", async () => (await bob.type(["who"])).out.includes("· on 2 devices: "));
    await using browser = await TestBrowser.open();
    const pages = await Promise.all([laptop, phone].map((device) => browser.console(device)));
    const [one, other] = pages as [Page, Page];
    for (const page of pages) await view(page, "People");
    await bob.ask(["say", "have you seen this?"]);
    const room = (page: Page) => page.getByRole("link", { name: /^Room/ });
    for (const page of pages) await page.getByRole("link", { name: /^Room.*1 unread/ }).waitFor();
    await view(one, /^Room/);
    await message(one, "have you seen this?").waitFor();
    await until("it is read on the other", async () => !(await room(other).textContent())?.includes("unread"));
    browser.complain();
  });
});
