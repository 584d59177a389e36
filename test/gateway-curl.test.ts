// The examples of docs/gateway.md, exactly that text, run by a shell with curl alone against a real relay and a resident
// in a process of its own; somebody else in the room answers.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { silentLog, systemClock } from "@agora/ports";
import { DEFAULT_RELAY_CONFIG, startRelay } from "@agora/relay";
import { manageToken } from "@agora/resident";
import { expect, test } from "vitest";
import { PATIENCE_MS } from "./wait-until.ts";
import { ENTRY } from "./program.ts";
import { makePlace, TOKEN, until } from "./room/fixture.ts";
import { textOf } from "./workspace-files.ts";

const ROOM = "lobby";

/** Each shell block with the words that its output has to contain. */
function examples(): readonly { readonly script: string; readonly gives: readonly string[] }[] {
  const part = textOf("docs/gateway.md").split("### A conversation with curl")[1] ?? "";
  const blocks = [...part.matchAll(/```sh\n(.*?)```\s*<!-- gives: (.*?) -->/gs)];
  return blocks.map(([, script = "", words = ""]) => ({
    script,
    gives: [...words.matchAll(/event: \w+|"[^"]*"(?::(?:"[^"]*"|\[[^\]]*\]|\w+))?/g)].map(String),
  }));
}

async function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout! }), "line"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`ended with ${String(code)}`))),
  ]);
  return JSON.parse(String(line)) as Record<string, unknown>;
}

async function hasCurl(): Promise<boolean> {
  return promisify(execFile)("curl", ["--json", "{}", "--version"]).then(
    () => true,
    () => false,
  );
}

test("curl alone holds a conversation, as the documentation says", async ({ skip }) => {
  if (!(await hasCurl())) skip("no curl with --json here");
  const dir = mkdtempSync(join(tmpdir(), "agora-curl-"));
  const env = { PATH: process.env["PATH"] ?? "", AGORA_HOME: join(dir, "home"), AGORA_TOKEN: TOKEN };
  const relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN },
    { clock: systemClock, log: silentLog },
  );
  const args = ["resident", "--relay", relay.url, "--room", ROOM, "--http", "0", "--json"];
  const resident = spawn(process.execPath, [ENTRY, ...args], { env, stdio: ["ignore", "pipe", "ignore"] });
  const place = makePlace("bob");
  try {
    const { url } = await firstLine(resident);
    const made = await manageToken({ env, what: "make", name: "carol", room: ROOM, person: false });
    if (!made.ok || made.value.what !== "made") throw new Error("no token");
    await using bob = await place.open(relay.port);
    await until("bob is in", () => bob.room.connection().state === "joined");
    // Bob answers what he is asked, by himself.
    const asked = until("the question", () =>
      Object.values(bob.room.store.state.inbox).find((item) => item.from === "carol"),
    );
    const answered = asked.then(async (item) => {
      const { createHandlers } = await import("@agora/member");
      const handlers = createHandlers({
        room: () => Promise.resolve(bob.room),
        version: "test",
        startedAt: 0,
        leave: () => Promise.resolve(),
      });
      const session = { id: "bob", closed: false, push: () => undefined, onClose: () => () => undefined };
      return handlers.say({ via: "cli", text: "8080", to: [], thread: item.thread }, session);
    });
    const shell = {
      env: { PATH: env.PATH, HOME: dir, GATEWAY: String(url), TOKEN: made.value.token },
      timeout: PATIENCE_MS,
    };
    const all = examples();
    expect(all.length).toBe(8);
    for (const { script, gives } of all) {
      expect(gives).not.toEqual([]);
      let shown = "";
      const isGiven = async (): Promise<boolean> => {
        shown = (await promisify(execFile)("sh", ["-euc", script], shell)).stdout;
        return gives.every((word) => shown.includes(word));
      };
      // What others do shows a moment later, so whoever only looks looks again; what is said is said once.
      if (script.includes("/v1/say")) expect([script, await isGiven(), shown]).toEqual([script, true, shown]);
      else await until(`what is promised of ${script}`, isGiven, { seen: () => shown });
    }
    expect(await answered).toMatchObject({ ok: true });
    await until("bob has what everybody was told", () =>
      [...bob.room.store.history.back()].some(({ value }) => "text" in value && value.text === "It is 8080."),
    );
  } finally {
    const gone = once(resident, "exit");
    resident.kill("SIGTERM");
    expect(await gone).toEqual([0, null]);
    place.remove();
    await relay.close();
    rmSync(dir, { recursive: true, force: true });
  }
});
