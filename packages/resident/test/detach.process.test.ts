// A resident in the background: it answers, it is one, it ends when told to.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findDaemon } from "@agora/ipc";
import { silentLog, systemClock } from "@agora/ports";
import { DEFAULT_RELAY_CONFIG, startRelay } from "@agora/relay";
import { expect, test } from "vitest";
import { detachResident } from "../src/index.ts";
import { must, ROOM, TOKEN } from "./waiting.ts";
import { PATIENCE_MS, until } from "../../../test/wait-until.ts";

test("it goes on by itself, is found, and leaves when asked", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-detach-"));
  const home = { path: join(dir, "home") };
  const relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN },
    { clock: systemClock, log: silentLog },
  );
  const own = {
    flags: { relay: relay.url, room: ROOM, http: "0" },
    env: { PATH: process.env["PATH"], AGORA_HOME: home.path, AGORA_TOKEN: TOKEN },
    version: "test",
    entry: join(import.meta.dirname, "resident-main.ts"),
    json: true,
    out: () => undefined,
    err: () => undefined,
  };
  try {
    const { pid, log } = must(await detachResident(own));
    expect(pid).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(log, "utf8"))).toMatchObject({ pid, rooms: [ROOM] });
    expect(await detachResident(own)).toMatchObject({ ok: false, code: "already-running" });
    const project = join(home.path, "resident", ROOM);
    const client = must(await findDaemon({ home, project, version: "test" }));
    expect(await client.request("ready", { timeoutMs: PATIENCE_MS })).toMatchObject({
      ok: true,
      value: { name: "resident", room: ROOM },
    });
    expect(await client.request("stop", { via: "cli" })).toMatchObject({ ok: true });
    client.close();
    await until("it has ended", () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  } finally {
    await relay.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("what keeps it from starting is said", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-detach-"));
  const own = {
    flags: { relay: "ws://127.0.0.1:9", room: ROOM, http: "127.0.0.1:1" },
    env: { PATH: process.env["PATH"], AGORA_HOME: dir, AGORA_TOKEN: TOKEN },
    version: "test",
    entry: join(import.meta.dirname, "resident-main.ts"),
    json: true,
    out: () => undefined,
    err: () => undefined,
  };
  try {
    const detached = await detachResident({
      ...own,
      flags: { ...own.flags, cert: join(dir, "no.pem"), key: join(dir, "no.pem") },
    });
    expect(detached).toMatchObject({ ok: false, code: "refused" });
    expect(detached.ok ? "" : detached.message).toContain("TLS certificate");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
