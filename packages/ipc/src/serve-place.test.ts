// The socket as a place: whose it is, who may claim it, and what is there when its daemon has died.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { socketPath } from "@agora/user-config";
import { systemClock } from "@agora/ports";
import { manualClock, memoryLog } from "@agora/ports/testing";
import { describe, expect, it } from "vitest";
import { plainHandlers } from "../test/plain-handlers.ts";
import { type Scratch, scratchHome } from "../test/scratch-home.ts";
import { PATIENCE_MS } from "../../../test/wait-until.ts";
import { type Client } from "./client.ts";
import { findDaemon } from "./find.ts";
import { PLACE_CHECK_MS } from "./limits.ts";
import { openServer, type Server, type ServerOptions } from "./serve.ts";

const posix = process.platform !== "win32";

async function serve(at: Scratch, change: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await openServer({
    ...at,
    version: "0.1.0",
    handlers: plainHandlers(),
    log: memoryLog(),
    clock: systemClock,
    ...change,
  });
  if (!server.ok) throw new Error(server.message);
  return server.value;
}

async function dial(at: Scratch): Promise<Client> {
  const client = await findDaemon({ ...at, version: "0.1.0", timeoutMs: PATIENCE_MS });
  if (!client.ok) throw new Error(client.message);
  return client.value;
}

describe("the place", () => {
  it("is held by one; the second is told, the first goes on", async () => {
    const at = await scratchHome();
    await using _server = await serve(at);
    const second = await openServer({
      ...at,
      version: "0.1.0",
      handlers: plainHandlers(),
      log: memoryLog(),
      clock: systemClock,
    });
    expect(second).toMatchObject({ ok: false, code: "already-running" });
    await using client = await dial(at);
    expect(await client.request("whoami", {})).toMatchObject({ ok: true });
  });
  it("is free again after a close", async () => {
    const at = await scratchHome();
    const first = await serve(at);
    await Promise.all([first[Symbol.asyncDispose](), first[Symbol.asyncDispose]()]);
    await using second = await serve(at);
    expect(second.path).toBe(first.path);
  });
  it.runIf(posix)("is for this user alone, with nothing left beside it", async () => {
    const at = await scratchHome();
    await using server = await serve(at);
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
    const { path, pidFile } = socketPath(at.home, at.project);
    expect(readdirSync(dirname(path)).sort()).toEqual([basename(pidFile), basename(path)].sort());
  });
  it.runIf(posix)("is given up when it is replaced or gone, and a successor's socket is not touched", async () => {
    for (const take of ["replace", "remove"]) {
      const at = await scratchHome();
      const clock = manualClock();
      const server = await serve(at, { clock });
      const other = join(dirname(server.path), "other");
      writeFileSync(other, "");
      if (take === "replace") renameSync(other, server.path);
      else rmSync(server.path);
      let left = false;
      void server.replaced.then(() => (left = true));
      await Promise.resolve();
      expect(left).toBe(false);
      clock.advance(PLACE_CHECK_MS);
      await server.replaced;
      await server[Symbol.asyncDispose]();
      expect(existsSync(server.path)).toBe(take === "replace");
    }
  });
  it.runIf(posix)("is taken over from the dead, whatever they left there", async () => {
    for (const leave of ["a stale socket", "a plain file"]) {
      const at = await scratchHome();
      const { path } = socketPath(at.home, at.project);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      if (leave === "a plain file") writeFileSync(path, "");
      else {
        const dead = createServer().listen(`${path}.x`);
        await new Promise((resolve) => dead.once("listening", resolve));
        renameSync(`${path}.x`, path);
        await new Promise((resolve) => dead.close(resolve));
      }
      expect(existsSync(path)).toBe(true);
      await using _server = await serve(at);
      await using client = await dial(at);
      expect(await client.request("whoami", {})).toMatchObject({ ok: true });
    }
  });
  it.runIf(posix)("is refused when its folder is a link, by both sides", async () => {
    const at = await scratchHome();
    const elsewhere = join(at.project, "run");
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, join(at.home.path, "run"));
    const server = await openServer({
      ...at,
      version: "0.1.0",
      handlers: plainHandlers(),
      log: memoryLog(),
      clock: systemClock,
    });
    expect(server).toMatchObject({ ok: false, code: "bad-home", message: expect.stringContaining("is a link") });
    expect(await findDaemon({ ...at, version: "0.1.0" })).toMatchObject({
      ok: false,
      code: "refused",
      message: expect.stringContaining("is a link"),
    });
  });
});
