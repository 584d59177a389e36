import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { socketPath } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import { build } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { isRunning, type Scratch, scratchHome } from "../test/scratch-home.ts";
import { PATIENCE_MS, until } from "../../../test/wait-until.ts";
import type { Client } from "./client.ts";
import { findDaemon, type OpenCode } from "./find.ts";
import { openDaemon } from "./launch.ts";

const FIXTURE = fileURLToPath(new URL("../test/fixture-daemon.ts", import.meta.url));
/** The fixture in one file: dozens of it start here, and from sources each reads a hundred. */
const BUNDLE = join(mkdtempSync(join(tmpdir(), "fixture-")), "daemon.mjs");
const posix = process.platform !== "win32";

function open(at: Scratch, change: { timeoutMs?: number } = {}): Promise<Result<Client, OpenCode>> {
  const env = { ...process.env, AGORA_TOKEN: "secret", CLAUDECODE: "1", AGORA_HOME: "/elsewhere" };
  onTestFinished(() => stopAll(at));
  return openDaemon({ ...at, bundle: BUNDLE, version: "0.1.0", env, timeoutMs: PATIENCE_MS, ...change });
}

/** The processes that ran as this home's daemons, by the files they left. */
function launched(at: Scratch): number[] {
  return readdirSync(at.home.path)
    .filter((name) => name.startsWith("env-"))
    .map((name) => Number(name.slice(4)));
}

function stopAll(at: Scratch): void {
  for (const pid of launched(at)) if (isRunning(pid)) process.kill(pid, "SIGKILL");
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

beforeAll(async () => {
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({ entryPoints: [FIXTURE], outfile: BUNDLE, bundle: true, platform: "node", format: "esm", banner });
});

describe("launching", () => {
  it("starts the daemon once, detached from the project and the client, and finds it after", async () => {
    const at = await scratchHome();
    await using client = value(await open(at));
    expect(await client.request("whoami", {})).toMatchObject({ ok: true });
    await using again = value(await open(at));
    expect(again.daemon.pid).toBe(client.daemon.pid);
    const seen = JSON.parse(readFileSync(join(at.home.path, `env-${client.daemon.pid}`), "utf8")) as {
      env: Record<string, string>;
      cwd: string;
    };
    expect(seen.cwd).toBe(at.home.path);
    expect(seen.env["AGORA_HOME"]).toBe(at.home.path);
    expect(seen.env["MALLOC_ARENA_MAX"]).toBe("2");
    expect(seen.env["CLAUDECODE"] ?? seen.env["AGORA_TOKEN"]).toBeUndefined();
    expect(await client.request("stop", { via: "cli" })).toMatchObject({ ok: true });
    await until("it left", () => !isRunning(client.daemon.pid));
    expect(await findDaemon({ ...at, version: "0.1.0" })).toMatchObject({ code: "gone" });
  });
  it("never in a project that is not joined", async () => {
    const at = await scratchHome(false);
    expect(await open(at)).toMatchObject({ ok: false, code: "not-joined" });
    expect(launched(at)).toEqual([]);
  });
  it("gives the sentence of a daemon that refuses, once", async () => {
    const at = await scratchHome();
    writeFileSync(join(at.home.path, "refuse"), "The journal is on a read-only disk.");
    expect(await open(at)).toEqual({ ok: false, code: "refused", message: "The journal is on a read-only disk." });
    writeFileSync(join(at.home.path, "crash"), "");
    expect(await open(at)).toMatchObject({ code: "refused", message: expect.stringContaining("exit code 7") });
  });
  it.runIf(posix)("does not wait for ever for one that listens and is deaf, and starts no other", async () => {
    const at = await scratchHome();
    const { path } = socketPath(at.home, at.project);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const deaf = createServer(() => undefined).listen(path);
    await once(deaf, "listening");
    onTestFinished(() => void deaf.close());
    const found = await findDaemon({ ...at, version: "0.1.0", timeoutMs: 50 });
    expect(found).toMatchObject({ ok: false, code: "timeout" });
    expect(launched(at)).toEqual([]);
  });
});

describe("bad days", () => {
  it("killed in mid-request: the request fails with one sentence, the next opening starts it again", async () => {
    const at = await scratchHome();
    await using client = value(await open(at));
    const asked = client.request("wait", { via: "cli", timeoutS: 60 }, { timeoutMs: 60_000 });
    await client.request("whoami", {});
    process.kill(client.daemon.pid, "SIGKILL");
    expect(await asked).toMatchObject({ ok: false, code: "gone" });
    await using next = value(await open(at));
    expect(next.daemon.pid).not.toBe(client.daemon.pid);
    expect(await next.request("whoami", {})).toMatchObject({ ok: true });
  });

  it.runIf(posix)("ten daemons at once over a stale socket: one is left, and it answers; again and again", async () => {
    for (let round = 0; round < 4; round += 1) {
      const at = await scratchHome();
      onTestFinished(() => stopAll(at));
      value(await open(at)).close();
      const [first] = launched(at) as [number];
      process.kill(first, "SIGKILL"); // its socket stays
      await until("it is dead", () => !isRunning(first)); // while it dies its socket still takes whoever dials
      const children = Array.from({ length: 10 }, () =>
        spawn(process.execPath, [BUNDLE, "daemon", at.project], {
          stdio: "ignore",
          env: { ...process.env, AGORA_HOME: at.home.path },
        }),
      );
      await until("nine have left", () => children.filter((child) => child.exitCode !== null).length >= 9);
      expect(children.filter((child) => child.exitCode !== null).every((child) => child.exitCode === 0)).toBe(true);
      const alive = children.filter((child) => child.exitCode === null);
      expect(alive).toHaveLength(1);
      await using client = value(await findDaemon({ ...at, version: "0.1.0", timeoutMs: PATIENCE_MS }));
      expect(client.daemon.pid).toBe(alive[0]!.pid);
      expect(await client.request("whoami", {})).toMatchObject({ ok: true });
    }
  });

  it("ten openings at once get the same daemon", async () => {
    const at = await scratchHome();
    const clients = (await Promise.all(Array.from({ length: 10 }, () => open(at)))).map(value);
    const answers = await Promise.all(clients.map((client) => client.request("whoami", {})));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(new Set(clients.map((client) => client.daemon.pid)).size).toBe(1);
    for (const client of clients) client.close();
    await until("the others left", () => launched(at).filter(isRunning).length === 1);
  });
});
