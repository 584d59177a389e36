// A daemon that only listens, run as a process: node fixture-daemon.ts daemon <project>. FIXTURE files in the home steer it:
// `refuse` holds the message it refuses with, `crash` makes it exit without one.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findHome, ok } from "@agora/user-config";
import { silentLog, systemClock } from "@agora/ports";
import { leaveRefusal } from "../src/refusal.ts";
import { openServer } from "../src/serve.ts";
import { plainHandlers } from "./plain-handlers.ts";

const project = process.argv[3]!;
const home = findHome(process.env);
writeFileSync(join(home.path, `env-${process.pid}`), JSON.stringify({ env: process.env, cwd: process.cwd() }));
if (existsSync(join(home.path, "crash"))) process.exit(7);
if (existsSync(join(home.path, "refuse"))) {
  leaveRefusal(home, project, readFileSync(join(home.path, "refuse"), "utf8"));
  process.exit(1);
}
const server = await openServer({
  home,
  project,
  version: "0.1.0",
  log: silentLog,
  clock: systemClock,
  handlers: plainHandlers({
    wait: () => new Promise(() => undefined),
    stop: async () => {
      setTimeout(() => void leave(), 10);
      return ok({ name: "alice", room: "main" });
    },
  }),
});
if (!server.ok) process.exit(server.code === "already-running" ? 0 : 1);
void server.value.replaced.then(leave);
async function leave(): Promise<void> {
  if (server.ok) await server.value[Symbol.asyncDispose]();
  process.exit(0);
}
