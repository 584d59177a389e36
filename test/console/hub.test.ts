// One console over all rooms of a person: what waits elsewhere is seen and reached from any of them, one process serves them
// all, and it comes and goes with the daemons.
import { findHub } from "@agora/ipc";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { consoleUrl, hasBrowser, message, TestBrowser, write } from "./browser.ts";

describe.skipIf(!hasBrowser())("a person in two rooms", () => {
  let town: Town;
  let browser: TestBrowser;
  let relay: TestRelay;
  let den: Person;
  let lab: Person;
  let bob: Person;
  let page: Page;

  beforeAll(async () => {
    town = new Town();
    relay = await town.relay();
    den = town.person("alice", relay, { project: "den" });
    lab = town.person("alice", relay, { project: "lab", home: den.home });
    bob = town.person("bob", relay);
    await den.start(["--room", "den"]);
    await lab.start(["--room", "lab"]);
    await bob.start(["--room", "lab"]);
    browser = await TestBrowser.open();
    page = await browser.console(den);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  const hub = () => findHub({ home: { path: den.home }, version: "0.1.0" });
  const pidOfHub = (): Promise<number> =>
    until("the hub", async () => {
      const found = await hub();
      if (!found.ok) return undefined;
      found.value.close();
      return found.value.daemon.pid;
    });
  const switcher = () => page.locator("details.rooms");
  const toRoom = (name: string) => page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name });

  test("a room that nobody else was ever in says so, and what to type", async () => {
    await page.getByText("You are the only one who was ever seen in the room “den”", { exact: false }).waitFor();
    await page.getByText("agora start --room NAME", { exact: false }).waitFor();
  });

  test("sees what waits in the other one, goes there, and answers", async () => {
    await bob.type(["say", "@alice", "is the lab free?"]);
    await switcher().locator("summary").getByText("1 waiting", { exact: false }).waitFor();
    await switcher().locator("summary").click();
    await toRoom("lab").click();
    await message(page, "is the lab free?").waitFor();
    expect(await page.locator(".room-head strong").textContent()).toBe("lab");
    await write(page, "@bob it is");
    await until("the answer at bob's", async () => (await bob.type(["history"])).out.includes("it is"));
    await switcher().locator("summary").click();
    await toRoom("den").click();
    await until("den", async () => (await page.locator(".room-head strong").textContent()) === "den");
  });

  test("has one process for both, at one address", async () => {
    const pid = await pidOfHub();
    const [first, second] = [new URL(await consoleUrl(den)), new URL(await consoleUrl(lab))];
    expect(second.host).toBe(first.host);
    expect(second.pathname.split("/")[1]).toBe(first.pathname.split("/")[1]);
    expect(second.pathname).not.toBe(first.pathname);
    expect(await pidOfHub()).toBe(pid);
    const found = await hub();
    const rooms = found.ok ? await found.value.request("rooms", { via: "cli" }) : found;
    if (found.ok) found.value.close();
    const { rooms: listed } = await den.ask<{ rooms: { room: string; waits: number }[] }>(["rooms"]);
    expect(listed.map(({ room, waits }) => `${room} ${waits}`)).toEqual(["den 0", "lab 1"]);
    expect((await lab.type(["rooms"])).out).toContain("lab as alice: 1 waits for you · joined · ");
    expect(rooms).toMatchObject({
      value: {
        rooms: [
          { room: "den", name: "alice", state: "here" },
          { room: "lab", state: "here", waits: 1 },
        ],
      },
    });
  });

  test("is told what to run where the room was left, and is back by itself afterwards", async () => {
    await page.goto(page.url().replace(/r\/\w+\/.*/, ""));
    await until("den", async () => (await page.locator(".room-head strong").textContent()) === "den");
    await den.type(["stop"]);
    await page.getByText(`agora start" in ${den.project}`, { exact: false }).waitFor();
    expect(await switcher().count()).toBe(1);
    await den.start(["--room", "den"]);
    await page.locator(".banners").getByText("agora start", { exact: false }).waitFor({ state: "detached" });
    await write(page, "here again");
    await message(page, "here again").waitFor();
    browser.complaints.splice(0); // the browser tells of the connections that were refused meanwhile
  });

  test("finds the console again when its process was killed and a daemon starts", async () => {
    process.kill(await pidOfHub(), "SIGKILL");
    await until("its end", async () => !(await hub()).ok);
    await den.type(["update"]);
    await pidOfHub();
    await until("the page with it", async () => {
      await write(page, "after the kill");
      return (await message(page, "after the kill").count()) > 0;
    });
    browser.complaints.splice(0);
  });

  test("has no such process once the last room is left", async () => {
    await den.type(["stop"]);
    await lab.type(["stop"]);
    await until("the hub's end", async () => !(await hub()).ok);
    browser.complaints.splice(0);
  });
});
