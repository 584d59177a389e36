// Two automatic agents that would answer for ever, and a person in front of a browser: the chain stops at its budget, one card
// asks, "give more" lets it go on, "stop" ends it; the flow view and `agora chains` show the loop.
import type { AnswerData } from "@agora/commands";
import { findHome } from "@agora/user-config";
import { type Client, findDaemon, type RequestArgs, type RequestName, type Results } from "@agora/ipc";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";
import { hasBrowser, message, TestBrowser, view, write } from "./browser.ts";

const BUDGET = 6;
/** A waiter waits as long as the file runs: nobody wakes it while its chain is stopped. */
const FOREVER_MS = 24 * 3_600_000;

/** A session without a client: woken by its daemon, it answers whatever it is given, always to `peer`, for ever. */
class EndlessAgent implements AsyncDisposable {
  turns = 0;
  readonly #client: Client;
  readonly #peer: string;
  readonly #running: Promise<void>;

  constructor(client: Client, peer: string, session: string) {
    this.#client = client;
    this.#peer = peer;
    this.#running = this.#run(session).catch(() => undefined); // ended with its connection
  }

  static async open(person: Person, peer: string): Promise<EndlessAgent> {
    const home = findHome({ AGORA_HOME: person.home });
    const found = await findDaemon({ home, project: person.project, version: "0.1.0", timeoutMs: PATIENCE_MS });
    if (!found.ok) throw new Error(found.message);
    return new EndlessAgent(found.value, peer, `s-${person.name}`);
  }

  async #ask<N extends RequestName>(name: N, args: RequestArgs<N>, timeoutMs = PATIENCE_MS): Promise<Results[N]> {
    const answer = await this.#client.request(name, args, { timeoutMs });
    if (!answer.ok) throw new Error(answer.message);
    return answer.value;
  }

  async #run(session: string): Promise<void> {
    await this.#ask("attach", { client: "claude", session, pid: process.pid });
    while ((await this.#ask("awaitWake", { session }, FOREVER_MS)).wake) {
      const { items } = await this.#ask("prompt", { typed: false });
      const last = items.at(-1);
      if (last !== undefined) {
        this.turns += 1;
        const { thread } = last.line;
        await this.#ask("say", { via: "tool", text: `turn ${this.turns} for you`, to: [this.#peer], thread });
      }
      await this.#ask("turnEnd", {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    await this.#running;
  }
}

describe.skipIf(!hasBrowser())("a chain of automatic turns in the console", () => {
  let town: Town;
  let browser: TestBrowser;
  let relay: TestRelay;
  let alice: Person;
  let bob: Person;
  let page: Page;
  let agents: EndlessAgent[];

  beforeAll(async () => {
    town = new Town();
    relay = await town.relay();
    const env = { AGORA_CHAIN_BUDGET: String(BUDGET), AGORA_HOP_LIMIT: "100" };
    const join = async (name: string, words: readonly string[]): Promise<Person> => {
      const person = town.person(name, relay);
      expect((await person.start(words, env)).err).toBe("");
      return person;
    };
    alice = await join("alice", []);
    bob = await join("bob", ["--mode", "auto"]);
    const carol = await join("carol", ["--mode", "auto"]);
    agents = [await EndlessAgent.open(bob, "carol"), await EndlessAgent.open(carol, "bob")];
    browser = await TestBrowser.open();
    page = await browser.console(alice);
  });
  afterAll(async () => {
    for (const agent of agents ?? []) await agent[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await town?.[Symbol.asyncDispose]();
  });
  afterEach(() => browser.complain());

  const turns = (): number => agents.reduce((sum, agent) => sum + agent.turns, 0);
  const card = () => page.getByRole("article", { name: "A question: shall the agents go on?" });
  const chainsOf = (person: Person) => person.ask<AnswerData["chains"]>(["chains"]);

  test("stops at its budget, and asks the person who began it once", async () => {
    await write(page, "@bob sort it out with carol");
    await view(page, /^Inbox 1/);
    await card().getByText('began with "sort it out with carol"', { exact: false }).waitFor();
    await card().getByText(`${BUDGET} of ${BUDGET} automatic turns.`, { exact: false }).waitFor();
    await card().getByText("@bob and @carol answer each other", { exact: false }).first().waitFor();
    expect(await card().count()).toBe(1);
    expect(turns()).toBe(BUDGET);
    expect((await bob.ask<AnswerData["inbox"]>(["inbox"])).filter(({ kind }) => kind === "card")).toEqual([]);
  });

  test("is a marked loop in the flow view, and in the terminal", async () => {
    // Alice's daemon only heard of it, Bob's has seen each turn.
    const his = await browser.console(bob);
    for (const [seen, path] of [
      [page, "Agents among themselves"],
      [his, "bob → carol"],
    ] as const) {
      await view(seen, "Board");
      await seen.locator(".board .looped").filter({ hasText: "Loop: @" }).first().waitFor();
      await view(seen, "Flow");
      const chains = seen.getByRole("region", { name: "Chains of automatic turns" });
      await chains.getByText(`${path} (${BUDGET} of ${BUDGET} turns)`, { exact: false }).waitFor();
      await chains.getByText("Loop: @bob and @carol answer each other").waitFor();
      await chains.getByText("stopped", { exact: true }).waitFor();
    }
    await his.getByRole("row", { name: /bob carol \d+ \d+ · loop/ }).waitFor();
    expect(await his.locator("path.edge.looped").count()).toBe(2);
    await his.context().close();
    for (const person of [alice, bob])
      expect(await chainsOf(person)).toMatchObject([{ turns: BUDGET, limit: BUDGET, stopped: true }]);
    expect((await alice.type(["chains"])).out).toMatch(
      /^agents among themselves: 6 of 6 automatic turns thread \w{8}\n/,
    );
    const { out } = await bob.type(["chains"]);
    expect(out).toMatch(/@bob → @carol: 6 of 6 automatic turns thread \w{8}\n/);
    expect(out).toContain("  loop: @bob and @carol answer each other\n");
    expect(out).toMatch(/ {2}stopped: a person lets it go on \(agora more \w{8}\)\n/);
  });

  test("goes on when the person gives more, and asks again at the next limit", async () => {
    await view(page, /^Inbox/);
    await card().getByRole("button", { name: "Give more turns" }).click();
    await page.getByText("They may go on.").waitFor();
    await until("it went on and stopped", () => Promise.resolve(turns() === 2 * BUDGET));
    await card()
      .getByText(`${2 * BUDGET} of ${2 * BUDGET} automatic turns.`, { exact: false })
      .waitFor();
    expect(await card().count()).toBe(1);
  });

  test("ends when the person says so", async () => {
    await card().getByRole("button", { name: "Stop here" }).click();
    await page.getByText("It stays stopped.").waitFor();
    await card().waitFor({ state: "detached" });
    await view(page, /^Room/);
    await write(page, "a word to all, afterwards");
    await message(page, "a word to all, afterwards").waitFor();
    await page.waitForTimeout(500);
    expect(turns()).toBe(2 * BUDGET);
    expect(await chainsOf(alice)).toEqual([]); // nothing is asked any more
    expect(await chainsOf(bob)).toMatchObject([{ turns: 2 * BUDGET, limit: 2 * BUDGET, stopped: true }]);
    expect((await alice.type(["chains"])).out).toBe("no agent answers another one by itself now\n");
  });
});
