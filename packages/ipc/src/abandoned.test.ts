// A daemon that stood still finds requests whose askers have gone: they are in the same process here, so both stand still.
import { ok } from "@agora/user-config";
import { systemClock } from "@agora/ports";
import { memoryLog } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { plainHandlers } from "../test/plain-handlers.ts";
import { PATIENCE_MS, until } from "../../../test/wait-until.ts";
import { scratchHome } from "../test/scratch-home.ts";
import { findDaemon } from "./find.ts";
import { openServer } from "./serve.ts";

async function town() {
  const at = await scratchHome();
  const done: string[] = [];
  const handlers = plainHandlers({
    mode: async () => ok({ mode: "auto" as const, changed: done.push("mode") > 0 }),
    breakOff: async () => {
      done.push("breakOff");
      return ok({});
    },
  });
  const server = await openServer({ ...at, version: "0.1.0", handlers, log: memoryLog(), clock: systemClock });
  if (!server.ok) throw new Error(server.message);
  const dial = async () => {
    const client = await findDaemon({ ...at, version: "0.1.0", timeoutMs: PATIENCE_MS });
    if (!client.ok) throw new Error(client.message);
    return client.value;
  };
  return { server: server.value, done, dial };
}
const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test("whose asker has hung up: not carried out, but for what only tells", async () => {
  const { server, done, dial } = await town();
  await using _ = server;
  const client = await dial();
  void client.request("mode", { via: "cli", mode: "auto" });
  void client.request("breakOff", {});
  client.close();
  await until("both were looked at", () => done.length > 0 && server.sessions === 0);
  expect(done).toEqual(["breakOff"]);
});

test("whose asker waits no longer, on a connection that stays: not carried out, and the connection goes on", async () => {
  const { server, done, dial } = await town();
  await using _ = server;
  await using client = await dial();
  await client.request("whoami", {});
  const late = client.request("mode", { via: "cli", mode: "auto" }, { timeoutMs: 5 });
  standStill(50);
  expect(await late).toMatchObject({ ok: false, code: "timeout" });
  expect(await client.request("whoami", {})).toMatchObject({ ok: true });
  expect(done).toEqual([]);
  expect(await client.request("mode", { via: "cli", mode: "auto" })).toMatchObject({ ok: true });
  expect(done).toEqual(["mode"]);
});
