// Who is here, as the people view tells it: what each member is and whose, where its sessions are, what they do and how they
// can be woken. Persons with daemons, the resident that keeps the room, and an agent that came through its gateway.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Client, findDaemon } from "@agora/ipc";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { openSession, type Session } from "../session.ts";
import { hasBrowser, TestBrowser, view } from "./browser.ts";

describe.skipIf(!hasBrowser())("the people view", () => {
  let town: Town;
  let browser: TestBrowser;
  let relay: TestRelay;
  let alice: Person;
  let bob: Person;
  let page: Page;
  let session: Session;
  let resident: ChildProcess | undefined;

  beforeAll(async () => {
    town = new Town();
    relay = await town.relay();
    alice = town.person("alice", relay);
    bob = town.person("bob", relay);
    mkdirSync(join(bob.project, ".git"));
    writeFileSync(join(bob.project, ".git/HEAD"), "ref: refs/heads/the-parser\n");
    await Promise.all([alice.start(["--mode", "auto"]), bob.start()]);
    session = await openSession(bob, bob.entry, "s-bob");
    browser = await TestBrowser.open();
    page = await browser.console(alice);
    await view(page, "People");
  });
  afterAll(async () => {
    await session?.[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    if (resident !== undefined) {
      const gone = once(resident, "exit");
      resident.kill();
      await gone;
    }
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  const card = (name: string) => page.locator(".member").filter({ has: page.getByRole("link", { name, exact: true }) });
  const header = (name: string, word: string) => card(name).locator("header").getByText(word, { exact: true });
  const seats = (name: string) =>
    card(name)
      .getByRole("list", { name: `Sessions of ${name}` })
      .getByRole("listitem");
  /** Waits until a seat of a member is told with these words. */
  const told = (name: string, seat: string, words: string): Promise<void> =>
    seats(name)
      .filter({ has: page.getByText(seat, { exact: true }) })
      .getByText(words, { exact: true })
      .waitFor();

  /** A connection to a person's daemon, as what stands beside a session has one. */
  async function besideSession(person: Person): Promise<Client> {
    const found = await findDaemon({
      home: { path: person.home },
      project: person.project,
      version: "0",
      timeoutMs: PATIENCE_MS,
    });
    if (!found.ok) throw new Error(found.message);
    return found.value;
  }

  test("who is a person, in which mode, and where", async () => {
    await page.getByRole("heading", { name: "Here now (2)" }).waitFor();
    await header("alice", "you").waitFor();
    await header("alice", "auto mode").waitFor();
    for (const word of ["person", "manual mode", "here"]) await header("bob", word).waitFor();
    expect(await header("bob", "you").count()).toBe(0);
    await card("bob")
      .getByText(/:bob · on the-parser · here for (?:under a minute|\d+ min)$/)
      .waitFor();
  });

  test("what a session does: working, waiting for its person, idle; and what it says it works on", async () => {
    await session.hook("UserPromptSubmit", "a long task");
    await told("bob", "claude", "working, reads at its next prompt");
    await card("bob").getByText("claude · ", { exact: false }).waitFor(); // the client, among the facts
    expect((await session.tool("room", { action: "busy", text: "splitting the parser" })).ok).toBe(true);
    await card("bob").getByText("splitting the parser", { exact: true }).waitFor();
    const client = await besideSession(bob);
    await client.request("waiting", { session: "s-bob" });
    await told("bob", "claude", "waits for a permission, reads at its next prompt");
    client.close();
    await session.hook("Stop");
    await told("bob", "claude", "idle, reads at its next prompt");
    expect((await session.tool("room", { action: "busy" })).ok).toBe(true);
    await card("bob").getByText("splitting the parser").waitFor({ state: "detached" });
  });

  test("how it can be woken: while a waiter is beside it, and after that at its next prompt", async () => {
    const waiter = await besideSession(bob);
    const woken = waiter.request("awaitWake", { session: "s-bob" }, { timeoutMs: PATIENCE_MS });
    await told("bob", "claude", "idle, can be woken");
    waiter.close();
    await woken;
    await told("bob", "claude", "idle, reads at its next prompt");
  });

  test("of an own session also by what it last showed that it was reached", async () => {
    await using own = await openSession(alice, alice.entry, "s-alice");
    await own.hook("UserPromptSubmit", "good morning");
    await told("alice", "claude", "working, reads at its next prompt");
    expect(await seats("alice").getByText("last sign by").count()).toBe(0);
    await bob.ask(["say", "@alice", "what do you think?"]);
    await until("it is handed over", async () =>
      (await own.hook("UserPromptSubmit", "go on")).includes("what do you think?"),
    );
    await own.hook("PostToolUse"); // the model has seen it
    await seats("alice")
      .getByText(/^last sign by prompt, /)
      .waitFor();
  });

  test("whose agent it is, and that it can be woken while it listens", async () => {
    const words = ["resident", "--relay", relay.url, "--room", "lobby", "--http", "0", "--json"];
    const env = { PATH: process.env["PATH"] ?? "", AGORA_HOME: alice.home, AGORA_TOKEN: relay.token };
    resident = spawn(process.execPath, [alice.entry, ...words], { env, stdio: ["ignore", "pipe", "ignore"] });
    const [line] = (await once(createInterface({ input: resident.stdout! }), "line")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    await header("resident", "agent").waitFor();
    await card("resident").getByText("keeps the room's history", { exact: true }).waitFor();

    const { token } = await alice.ask<{ token: string }>(["resident", "token", "carol", "--room", "lobby"]);
    const over = new AbortController();
    const listens = await fetch(`${url}/v1/events?after=now`, {
      headers: { authorization: `Bearer ${token}` },
      signal: over.signal,
    });
    expect(listens.status).toBe(200);
    await header("carol", "agent").waitFor();
    await card("carol").getByText("of resident · via gateway", { exact: false }).waitFor();
    await told("carol", "rest", "idle, can be woken");
    over.abort();
    await told("carol", "rest", "idle, reads at its next prompt");
  });

  test("the person decides who may wake their agent, and sees the rules beside the way back", async () => {
    const mayWake = async (): Promise<unknown> => (await alice.ask<{ members: unknown[] }>(["allow"])).members;
    await card("bob").getByText("May wake your agent in auto mode.", { exact: false }).waitFor();
    await card("bob").getByRole("button", { name: "Don't let bob wake it" }).click();
    await card("bob").getByText("May only leave a word for you.", { exact: false }).waitFor();
    expect(await mayWake()).toEqual([{ name: "bob", may: "word" }]);
    await view(page, "Settings");
    await page.getByRole("button", { name: "Take back: bob may only leave a word" }).click();
    await page.getByRole("radio", { name: "may only leave a word" }).check();
    await until("it holds for everyone", async () => {
      const { everyone, members } = await alice.ask<{ everyone: string; members: unknown[] }>(["allow"]);
      return everyone === "word" && members.length === 0;
    });
    await page.getByRole("radio", { name: "may wake your agent" }).check();
    await view(page, "People");
    await card("bob").getByText("May wake your agent in auto mode.", { exact: false }).waitFor();
  });

  test("who went is away, and has no session any more", async () => {
    await session[Symbol.asyncDispose]();
    await seats("bob").waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Here now (4)" }).waitFor();
    await bob.type(["stop"]);
    await page.getByRole("heading", { name: "Here now (3)" }).waitFor();
    await page.getByRole("region", { name: "Away (1)" }).getByRole("link", { name: "bob", exact: true }).waitFor();
    await header("bob", "away").waitFor();
  });
});
