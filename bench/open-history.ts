// Opens a project's memory as a starting daemon does, and reads the last 50 lines: one process, its times as JSON.
import { join } from "node:path";
import { claimFolder, openFolderAt, openStore } from "@agora/daemon";
import { silentLog, systemClock } from "@agora/ports";
import { isRestamp } from "@agora/member";

const began = performance.now();
const folder = openFolderAt(join(process.argv[2]!, ".agora"));
if (!folder.ok) throw new Error(folder.message);
const mark = claimFolder(folder.value, { origin: "ws://127.0.0.1:1", room: "main", name: "alice" }, Date.now());
if (!mark.ok) throw new Error(mark.message);
const store = openStore({ folder: folder.value, mark: mark.value.mark, clock: systemClock, log: silentLog });
if (!store.ok) throw new Error(store.message);
const opened = performance.now();
const { user, system } = process.cpuUsage();
let lines = 0;
for (const { value } of store.value.history.back()) {
  if (!isRestamp(value)) lines += 1;
  if (lines === 50) break;
}
const read = performance.now();
// Whole-process start counts as well: what a user waits for.
console.log(
  JSON.stringify({
    startCpuMs: (user + system) / 1_000,
    startMs: opened - began + performance.nodeTiming.bootstrapComplete,
    historyMs: read - opened + performance.nodeTiming.bootstrapComplete,
    memoryBytes: process.memoryUsage().rss,
  }),
);
