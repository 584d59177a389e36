// `node test/console/screenshots.ts`: a small room with real daemons, and the pictures of its console in docs/.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { message, TestBrowser, view, write } from "./browser.ts";
import { consoleOf, RelayFolder } from "./console-relay.ts";
import { type Person, Town, until } from "../test-users.ts";
import { openSession } from "../session.ts";

const DOCS = join(import.meta.dirname, "../../docs");

const PLAN = `I read the parser. Three things before the release:

1. \`readHead\` accepts a trailing comma – **must not**
2. the error names the wrong line
3. tests for both

\`\`\`ts
const head = readHead(text);
if (!head.ok) return fail("bad-head", head.message);
\`\`\``;

async function say(
  person: Person,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const said = await person.type(["say", ...words], env);
  if (said.code !== 0) throw new Error(said.err);
}

/** The thread that the latest message with this text began. */
async function threadOf(person: Person, text: string): Promise<string> {
  const { lines } = await person.ask<{ lines: { text: string; thread: string }[] }>(["history"]);
  return lines.findLast((line) => line.text.includes(text))!.thread;
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(DOCS, `console-${name}.png`) });
}

/** One question is answered and a decision recorded, one waits with its form. */
async function shootQuestions(page: Page, ask: (text: string, more: object) => Promise<void>): Promise<void> {
  const card = page.getByRole("article", { name: "A question from bob" });
  await ask("Shall the nightly run go on while I change the parser?", { choices: ["yes", "no"] });
  await view(page, /Questions 1 waiting/);
  await card.getByRole("radio", { name: "yes" }).check();
  await card.getByRole("button", { name: "Answer" }).click();
  await page.getByRole("article", { name: "A decision of alice" }).first().waitFor();
  await page.getByRole("button", { name: "Record a decision" }).click();
  await page.getByLabel("What was decided").fill("No releases on Fridays");
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.getByText("No releases on Fridays").first().waitFor();
  await ask("Which **database** shall the history be kept in? Nothing else needs it yet.", {
    choices: ["SQLite", "Postgres", "files, as now"],
    other: true,
    otherwise: "I leave it in files.",
  });
  await card.getByRole("radio", { name: "SQLite" }).check();
  await shoot(page, "questions");
}

async function shootChannel(page: Page, { bob, carol }: Readonly<Record<"bob" | "carol", Person>>): Promise<void> {
  await view(page, "Channels");
  await page.getByRole("button", { name: "Join or open a channel" }).click();
  await page.getByLabel("Its name").fill("#build");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.getByRole("heading", { name: "#build", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Set topic" }).click();
  await page.getByLabel(/^Topic/).fill("What breaks, and who looks at it");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  for (const person of [bob, carol]) await person.ask(["join", "build"]);
  await say(bob, ["#build", "Windows is red again: `EPERM` on rename, the same three tests."]);
  await say(carol, [
    "#build",
    "--role",
    "agent",
    "A virus scanner holds the file. **Three tries** with a pause are enough.",
  ]);
  await message(page, "Three tries").waitFor();
  await write(page, "Then let's do that. I take it.");
  await message(page, "I take it.").waitFor();
  await shoot(page, "channel");
}

/** The page that a relay serves to whoever has nothing but a browser. */
async function shootJoinForm(browser: TestBrowser): Promise<void> {
  using bundle = new RelayFolder();
  const relay = await bundle.start();
  const profile = await browser.profile({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const page = await profile.newPage();
  await page.goto(consoleOf(relay));
  await page.getByLabel("Your name").fill("wanda");
  await page.getByLabel("Token or invite").fill("the token of this room");
  await shoot(page, "join");
  await relay.end();
}

async function main(): Promise<void> {
  mkdirSync(DOCS, { recursive: true });
  await using town = new Town();
  const owner = town.person("alice", undefined);
  const { relay: line } = await owner.ask<{ relay: string }>(["room", "create", "lobby"]);
  const relay = await town.relay([], { AGORA_ROOM_KEYS: line.replace("AGORA_ROOM_KEYS=", ""), AGORA_TOKEN: "a-token" });
  const alice = town.person("alice", relay);
  await alice.start();
  const others: Record<string, Person> = {};
  for (const name of ["bob", "carol", "dora"]) {
    const person = town.person(name, relay);
    const { invite } = await alice.ask<{ invite: string }>(["invite", name, "--relay", relay.url, "--room", "lobby"]);
    await person.type(["start", "-n", name, invite]);
    others[name] = person;
  }
  const { bob, carol, dora } = others as { bob: Person; carol: Person; dora: Person };
  const claude = await openSession(alice, alice.entry, "one");
  await claude.hook("SessionStart");
  const hers = await openSession(bob, bob.entry, "two");
  await hers.hook("UserPromptSubmit", "look at the parser");

  await say(carol, ["Good morning. The release is **Thursday**, please finish what is open."]);
  await say(bob, ["@alice", "can your agent review the parser before we tag it?"]);
  const review = await threadOf(bob, "review the parser");
  await say(alice, ["--role", "agent", "--thread", review, PLAN]);
  await say(bob, ["--thread", review, "Good catch with the comma. Number 2 is mine, I take it."]);
  await say(dora, ["@alice", "@bob", "the nightly run fails on Windows: `EPERM` on rename. Shall I open an issue?"]);
  const log = join(dora.project, "nightly.log");
  writeFileSync(log, "EPERM: operation not permitted, rename\n".repeat(400));
  await say(dora, ["--file", log, "the whole log"]);
  await say(carol, [
    "--role",
    "agent",
    "@alice",
    "I can split `session.ts` in two while you are at the parser. May I?",
  ]);

  const ask = async (text: string, more: object): Promise<void> => {
    const asked = await hers.tool("ask", { text, to: ["alice"], ...more });
    if (!asked.ok) throw new Error(asked.text);
  };

  await using browser = await TestBrowser.open();
  const page = await browser.console(alice);
  await message(page, "the whole log").waitFor();
  await write(page, "@dora yes please, and link the run. I look at it after lunch.");
  await message(page, "after lunch").getByText("waits in the inbox").waitFor();
  await write(page, "@carol/person is Thursday morning or evening?");
  await message(page, "morning or evening").getByText("waits in the inbox").waitFor();
  await say(carol, [
    "--thread",
    await threadOf(alice, "morning or evening"),
    "Evening. The announcement goes out on Friday.",
  ]);
  await message(page, "Evening.").waitFor();
  await message(page, "Number 2 is mine")
    .getByRole("link", { name: /answers/ })
    .first()
    .click();
  await message(page, "Three things", "thread").waitFor();
  await shoot(page, "room");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, "dark");
  await page.emulateMedia({ colorScheme: "light" });
  for (const view of ["inbox", "people", "flow"]) {
    await page.goto(`${page.url().split("#")[0]}#/${view}`);
    await shoot(page, view);
  }
  const phone = await browser.console(alice, {
    viewport: { width: 390, height: 780 },
    hasTouch: true,
    isMobile: true,
    colorScheme: "dark",
  });
  await until("the phone shows the room", async () => (await message(phone, "Evening.").count()) > 0);
  await shoot(phone, "phone");
  await shootQuestions(page, ask);
  await shootChannel(page, { bob, carol });
  await shootJoinForm(browser);
  await claude[Symbol.asyncDispose]();
  await hers[Symbol.asyncDispose]();
}

await main();
