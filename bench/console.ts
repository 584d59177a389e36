// console-latency, console-scroll, console-bytes: the web console in a real browser. Without one, rows without a figure.
import { existsSync } from "node:fs";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { type ConsoleHost, openConsole } from "@agora/console-server";
import { type Client, findDaemon, type Line, type Push } from "@agora/ipc";
import { systemClock } from "@agora/ports";
import { type Browser, chromium, type Page } from "playwright-core";
import { buildConsole } from "../scripts/build-console.ts";
import { Town } from "../test/test-users.ts";
import { median, type Row } from "./row.ts";

const EXECUTABLE = process.env["AGORA_CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const BUDGET_KIB = 120;
const MESSAGES = 60;
const LINES = 50_000;
const SCROLL_S = 4;

/** Measures the console. */
export async function consoleRows(): Promise<Row[]> {
  const rows = [await bytes()];
  if (!existsSync(EXECUTABLE)) {
    const why = `no Chromium at ${EXECUTABLE}`;
    return [
      ...rows,
      { name: "console-latency", ratio: null, goal: 2, better: "lower", why },
      { name: "console-scroll", ratio: null, goal: 0.9, better: "higher", why },
    ];
  }
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  try {
    rows.push(await latency(browser), await scroll(browser));
    return rows;
  } finally {
    await browser.close();
  }
}

/** What a browser loads of a page before it shows something: the own daemon's room, and a member's form; and the whole. */
async function bytes(): Promise<Row> {
  const files = await buildConsole();
  const kib = (names: ReadonlySet<string>): number =>
    [...names].reduce((sum, name) => sum + gzipSync(files[name]!).length, 0) / 1024;
  const [own, member] = ["index.html", "member.html"].map((page) => ({
    first: kib(loadedBy(files, page, namedAtOnce)),
    whole: kib(loadedBy(files, page, namedAtAll)),
  })) as [{ first: number; whole: number }, { first: number; whole: number }];
  const words = ({ first, whole }: typeof own): string => `${first.toFixed(0)} KiB (whole ${whole.toFixed(0)})`;
  const why = `own console ${words(own)}, a member's join form ${words(member)}, gzip`;
  const ratio = Math.max(own.first, member.first) / BUDGET_KIB;
  return { name: "console-bytes", ratio, goal: 1, better: "lower", why };
}

type Names = (text: string, name: string) => boolean;

/** In the page, or imported by a script; `import("./name")` is for later. */
const namedAtOnce: Names = (text, name) =>
  [`src="./${name}"`, `href="./${name}"`, `from"./${name}"`, `import"./${name}"`].some((way) => text.includes(way));
const namedAtAll: Names = (text, name) => text.includes(name);

/** A page and the files that it names, and those that they name. */
function loadedBy(
  files: Readonly<Record<string, string>>,
  page: string,
  names: Names,
  loaded: Set<string> = new Set(),
): ReadonlySet<string> {
  if (loaded.has(page)) return loaded;
  loaded.add(page);
  for (const name of Object.keys(files)) if (names(files[page]!, name)) loadedBy(files, name, names, loaded);
  return loaded;
}

/** From the author's request to a message in the page, against the same to a line of `agora watch` at another member. */
async function latency(browser: Browser): Promise<Row> {
  await using town = new Town();
  const relay = await town.relay();
  const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => town.person(name, relay)) as [
    ReturnType<Town["person"]>,
    ReturnType<Town["person"]>,
    ReturnType<Town["person"]>,
  ];
  for (const person of [alice, bob, carol]) await person.start();
  const seen = new Map<string, number>();
  const watching = spawn(process.execPath, [carol.entry, "watch", "--json"], {
    cwd: carol.project,
    env: { PATH: process.env["PATH"] ?? "", HOME: carol.home, AGORA_HOME: carol.home },
    stdio: ["ignore", "pipe", "ignore"],
  });
  createInterface(watching.stdout).on("line", (line) => {
    seen.set((JSON.parse(line) as Line).text, now());
  });
  const { url } = await alice.ask<{ url: string }>(["console", "--no-browser"]);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.locator("main textarea").waitFor();
  await page.evaluate(`{
    globalThis.shown = {};
    new MutationObserver(() => {
      for (const row of document.querySelectorAll("article.row")) {
        const text = /bench-\\d+/.exec(row.textContent)?.[0];
        if (text !== undefined) globalThis.shown[text] ??= performance.timeOrigin + performance.now();
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }`);
  const client = await findDaemon({ home: { path: bob.home }, project: bob.project, version: "0" });
  if (!client.ok) throw new Error(client.message);
  await sleep(1_000);
  const figures: { screen: number; plain: number }[] = [];
  for (let n = 0; n < MESSAGES; n++) {
    const text = `bench-${n}`;
    const said = now();
    await client.value.request("say", { via: "cli", text, to: [] });
    await sleep(150);
    const shown = await page.evaluate<number | undefined>(`globalThis.shown["${text}"]`);
    const plain = seen.get(text);
    if (shown !== undefined && plain !== undefined) figures.push({ screen: shown - said, plain: plain - said });
  }
  client.value.close();
  watching.kill();
  await page.close();
  const screen = median(figures.map((f) => f.screen));
  const plain = median(figures.map((f) => f.plain));
  const why = `${screen.toFixed(1)} ms against ${plain.toFixed(1)} ms, ${figures.length} messages`;
  return { name: "console-latency", ratio: screen / plain, goal: 2, better: "lower", why };
}

const now = (): number => performance.timeOrigin + performance.now();

/** Frames a second while a long room is scrolled from its end, as fast as a person can. */
async function scroll(browser: Browser): Promise<Row> {
  const lines = Array.from({ length: LINES }, (_, n) => lineOf(n));
  await using server = await openConsole(scriptedHost(lines));
  const page: Page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.enter("bench"));
  await page.getByText(`message ${LINES - 1}:`).waitFor({ timeout: 60_000 });
  const measured = await page.evaluate<{ readonly frames: number; readonly ms: number }>(`new Promise((resolve) => {
    const feed = document.querySelector(".feed");
    const begin = performance.now();
    let frames = 0;
    const step = () => {
      const at = performance.now();
      if (at - begin > ${SCROLL_S * 1_000}) return resolve({ frames, ms: at - begin });
      frames += 1;
      feed.scrollTop -= frames % 60 < 50 ? 120 : 4000;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
  const rows = await page.locator("article.row").count();
  await page.close();
  const perSecond = (measured.frames / measured.ms) * 1_000;
  const why = `${perSecond.toFixed(0)} frames/s in ${LINES} messages, ${rows} of them in the document`;
  return { name: "console-scroll", ratio: perSecond / 60, goal: 0.9, better: "higher", why };
}

function lineOf(n: number): Line {
  const time = Date.now() - (LINES - n) * 20_000;
  return {
    id: String(n).padStart(20, "0"),
    thread: String(n).padStart(20, "0"),
    author: ["alice", "bob", "carol", "dave"][n % 4]!,
    role: n % 3 === 0 ? "agent" : "user",
    kind: "message",
    to: n % 5 === 0 ? [{ member: "alice" }] : [],
    text: `message ${n}: ${"some words with **markdown** and `code` ".repeat(1 + (n % 4))}`,
    time,
    at: time,
    stamp: `${time}-0`,
    hop: 0,
    mine: n % 4 === 0,
  };
}

/** A room whose daemon holds these lines and nothing else. */
function scriptedHost(lines: readonly Line[]): ConsoleHost {
  const answers: Readonly<Record<string, object>> = { history: { lines, more: false }, watch: { last: "" } };
  const daemon = {
    request: (name: string) => {
      const value = answers[name];
      return Promise.resolve(value === undefined ? { ok: false, code: "gone", message: "" } : { ok: true, value });
    },
    onPush(fn: (push: Push) => void) {
      fn({ push: "state" });
      return () => undefined;
    },
    closed: new Promise<void>(() => undefined),
    close: () => undefined,
  } as unknown as Client;
  return {
    room: () => ({
      open: () => Promise.resolve({ ok: true, value: daemon }),
      maxFileBytes: () => 0,
      fileOf: () => Promise.resolve(undefined),
    }),
    firstRoom: () => "bench",
    watchRooms: () => () => undefined,
    clock: systemClock,
    kept: undefined,
    keep: () => undefined,
  };
}
