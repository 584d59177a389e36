// Killed without a word and started again, over and over: nothing is lost, nothing comes twice.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { silentLog, systemClock } from "@agora/ports";
import { DEFAULT_RELAY_CONFIG, startRelay } from "@agora/relay";
import { expect, test } from "vitest";
import { manageToken } from "../src/index.ts";
import { openPeer } from "./peer.ts";
import { must, ROOM, TOKEN } from "./waiting.ts";
import { ownPort } from "../../../test/own-port.ts";
import { PATIENCE_MS, until } from "../../../test/wait-until.ts";

const MAIN = join(import.meta.dirname, "resident-main.ts");
const OFF = { burst: 0, perSecond: 0 };

interface Process {
  readonly child: ChildProcess;
  readonly url: string;
}

async function launch(home: string, relay: string, port: string, version = "1.0.0"): Promise<Process> {
  const child = spawn(process.execPath, [MAIN, `--relay=${relay}`, `--room=${ROOM}`, `--http=${port}`], {
    env: { PATH: process.env["PATH"], AGORA_HOME: home, AGORA_TOKEN: TOKEN, AGORA_TEST_VERSION: version },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const first = Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "close").then(() => undefined), // not its exit: what it said of that may still be on its way
  ]);
  const line = await first;
  if (line === undefined) throw new Error(`the resident ended: ${errors.join("\n")}`);
  return { child, url: (JSON.parse(String(line[0])) as { url: string }).url };
}

async function kill({ child }: Process, signal: NodeJS.Signals): Promise<void> {
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

test("kill -9 at any moment loses nothing and doubles nothing", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-kill-"));
  const home = join(dir, "home");
  const limits = { ...DEFAULT_RELAY_CONFIG.limits, rate: { agent: OFF, user: OFF } };
  const relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN, limits },
    { clock: systemClock, log: silentLog },
  );
  const bob = await openPeer(relay.url, "bob", TOKEN);
  const port = String(await ownPort()); // each life has the same
  let resident = await launch(home, relay.url, port);
  const made = must(
    await manageToken({ env: { AGORA_HOME: home }, what: "make", name: "carol", room: ROOM, person: false }),
  );
  const token = made.what === "made" ? made.token : "";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ask = async (path: string, init: RequestInit = {}): Promise<Record<string, unknown>> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { ...headers, ...(init.headers as object) },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return ask(path, init);
    }
    const body = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(JSON.stringify(body));
    return body;
  };
  const over = new AbortController();
  /** As an honest runner does it: the same key until an answer comes, not so often that the next life can't begin for it. */
  const sayOnce = async (n: number): Promise<void> => {
    const said = {
      method: "POST",
      body: JSON.stringify({ text: `from carol ${n}` }),
      headers: { "idempotency-key": `n${n}` },
    };
    for (let isHeard = false; !isHeard && !over.signal.aborted;) {
      isHeard = await ask("/v1/say", said).then(
        () => true,
        () => false,
      );
      if (!isHeard) await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  try {
    await ask("/v1/whoami");
    await bob.sees("carol");
    const rounds = 5;
    const each = 20;
    const saying: Promise<void>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (let n = 0; n < each; n += 1) {
        await bob.say(`to carol ${round * each + n}`, ["carol"]);
        saying.push(sayOnce(round * each + n));
        if (n === each / 2 + round) {
          await kill(resident, "SIGKILL");
          resident = await launch(home, relay.url, port);
        }
      }
    }
    await Promise.all(saying);
    const wanted = Array.from({ length: rounds * each }, (_, n) => n);
    const mail = async (): Promise<string[]> => {
      const texts: string[] = [];
      let after = "0";
      for (let more = true; more;) {
        const page = (await ask(`/v1/inbox?after=${after}&limit=500`)) as unknown as {
          items: { text: string }[];
          cursor: string;
          more: boolean;
        };
        texts.push(...page.items.map((item) => item.text));
        [after, more] = [page.cursor, page.more];
      }
      return texts;
    };
    await until("all of bob's mail is in carol's mailbox", async () => (await mail()).length >= wanted.length);
    expect((await mail()).sort()).toEqual(wanted.map((n) => `to carol ${n}`).sort());
    await until(
      "all of carol's lines are with bob",
      async () => (await bob.texts()).filter((t) => t.startsWith("from")).length >= wanted.length,
    );
    expect((await bob.texts()).filter((t) => t.startsWith("from")).sort()).toEqual(
      wanted.map((n) => `from carol ${n}`).sort(),
    );

    const acked = await ask("/v1/ack", {
      method: "POST",
      body: JSON.stringify({ cursor: (await ask("/v1/inbox?limit=10"))["cursor"] }),
    });
    await kill(resident, "SIGKILL");
    resident = await launch(home, relay.url, port);
    expect((await ask("/v1/whoami"))["cursor"]).toBe(acked["cursor"]);
    expect(((await ask("/v1/inbox"))["items"] as { text: string }[])[0]?.text).not.toBe("to carol 0");

    // The resident itself has what the whole room was told, each once, in a file anybody can read.
    await kill(resident, "SIGTERM");
    const lines = readFileSync(join(home, "resident", ROOM, "history.jsonl"), "utf8")
      .trim()
      .split("\n");
    const said = lines
      .map((line) => (JSON.parse(line) as { text?: string }).text ?? "")
      .filter((t) => t.startsWith("from"));
    expect(said.sort()).toEqual(wanted.map((n) => `from carol ${n}`).sort());
  } finally {
    over.abort();
    if (resident.child.exitCode === null && resident.child.signalCode === null) await kill(resident, "SIGKILL");
    await bob[Symbol.asyncDispose]();
    await relay.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("a second resident of the same home does not touch the room", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-two-"));
  const relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN },
    { clock: systemClock, log: silentLog },
  );
  const first = await launch(dir, relay.url, "0");
  try {
    await expect(launch(dir, relay.url, "0")).rejects.toThrow("Another resident of yours keeps the room lobby already");
  } finally {
    await kill(first, "SIGTERM");
    await relay.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("nor one that does not find the first: the folder has one writer", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-two-"));
  const home = join(dir, "home");
  const relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN },
    { clock: systemClock, log: silentLog },
  );
  const first = await launch(home, relay.url, "0");
  try {
    // Another home, whose room is the first one's folder.
    const second = join(dir, "second");
    mkdirSync(second, { mode: 0o700 });
    symlinkSync(join(home, "resident"), join(second, "resident"));
    await expect(launch(second, relay.url, "0")).rejects.toThrow(/keeps the room lobby already|is a link/);
  } finally {
    await kill(first, "SIGTERM");
    await relay.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("a newer version takes over from an older one that runs, an older one does not take it back, nothing is lost", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-newer-"));
  const home = join(dir, "home");
  const relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN },
    { clock: systemClock, log: silentLog },
  );
  const bob = await openPeer(relay.url, "bob", TOKEN);
  const running: Process[] = [await launch(home, relay.url, "0", "1.0.0")];
  try {
    await bob.say("before", []);
    const left = once(running[0]!.child, "exit");
    running.push(await launch(home, relay.url, "0", "1.1.0"));
    expect(await left).toEqual([0, null]);
    await expect(launch(home, relay.url, "0", "1.0.0")).rejects.toThrow("Another resident of yours keeps the room");
    await bob.say("after", []);
    const history = (): readonly string[] =>
      readFileSync(join(home, "resident", ROOM, "history.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { readonly kind?: string; readonly text?: string })
        .flatMap(({ kind, text }) => (kind === "message" && text !== undefined ? [text] : []));
    await until("both are kept", () => Promise.resolve(history().includes("after")));
    expect(history()).toEqual(["before", "after"]);
  } finally {
    for (const { child } of running)
      if (child.exitCode === null && child.signalCode === null) await kill({ child, url: "" }, "SIGTERM");
    await bob[Symbol.asyncDispose]();
    await relay.close();
    rmSync(dir, { recursive: true, force: true });
  }
});
