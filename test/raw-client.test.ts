// The raw client printed in protocol/raw-client.md, exactly that text, joins a real relay and speaks with a second one of its kind.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { silentLog, systemClock } from "@agora/ports";
import { DEFAULT_RELAY_CONFIG, startRelay } from "@agora/relay";
import { expect, test } from "vitest";
import { PATIENCE_MS } from "./wait-until.ts";
import { ROOT, textOf } from "./workspace-files.ts";

const TOKEN = "raw-client-token";
/** A dozen of them prove the relay's key and the token. */
const MAX_LINES = 52;

/** The text of the raw client, as its page prints it. */
function rawClientText(): string {
  const printed = /<!-- raw client -->\n```js\n(.*?)^```/ms.exec(textOf("protocol/raw-client.md"));
  return printed?.[1] ?? "";
}

/** A folder with the raw client and the one library it needs. */
function clientFolder(): { readonly script: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "agora-raw-client-"));
  const script = join(folder, "raw-client.mjs");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(realpathSync(join(ROOT, "test/node_modules/ws")), join(folder, "node_modules/ws"));
  writeFileSync(script, rawClientText());
  return { script, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** A running client and the lines it has printed. */
class RawClient implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(script: string, args: readonly string[], token: string) {
    this.#child = spawn(process.execPath, [script, ...args], { env: { ...process.env, AGORA_TOKEN: token } });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input: stream }).on("line", (line) => {
        this.lines.push(line);
        for (const look of this.#waiting) look();
      });
    }
  }

  /** The first line that `wanted` finds in; rejects with all lines when none comes in time. */
  line(wanted: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`no line with ${wanted} in:\n${this.lines.join("\n")}`)),
        PATIENCE_MS,
      );
      const look = (): void => {
        const found = this.lines.find((line) => line.includes(wanted));
        if (found === undefined) return;
        clearTimeout(late);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill();
    await ended;
  }
}

test("the raw client is short", () => {
  const lines = rawClientText().trim().split("\n");
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
});

test("two raw clients hear each other [HELLO-1] [HELLO-2] [JOIN-2] [POST-4] [EVENT-1]", async () => {
  using folder = clientFolder();
  await using relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN },
    { clock: systemClock, log: silentLog },
  );
  const start = (name: string, text: string, token = TOKEN): RawClient =>
    new RawClient(folder.script, [relay.url.replace(/\/ws$/, ""), "lab", name, text], token);

  await using bob = start("bob", "I am first");
  await bob.line('"type":"stamped"');
  await using alice = start("alice", "Is the build green? ✅ — $(echo no)");
  expect(await bob.line("Is the build")).toBe('alice says "Is the build green? ✅ — $(echo no)"');
  await alice.line('"type":"stamped"');
  expect(alice.lines.filter((line) => line.startsWith("alice says"))).toEqual([]);

  await using mallory = start("mallory", "let me in", "wrong");
  expect(await mallory.line("closed")).toMatch(/^closed 1008 /);
});
