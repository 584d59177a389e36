// say-to-journal: from `say` until the line is in the other daemon's journal, against one ws hop there and back plus one
// append and sync.
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket, WebSocketServer } from "ws";
import { findHome } from "@agora/user-config";
import { findDaemon } from "@agora/ipc";
import { openPair } from "./pair.ts";
import { median, type Row } from "./row.ts";

const RUNS = 200;

/** Measures the way of a message. */
export async function sayToJournal(): Promise<Row[]> {
  await using pair = await openPair();
  const client = await findDaemon({ home: findHome(pair.alice.env), project: pair.alice.project, version: "bench" });
  if (!client.ok) throw new Error(client.message);
  await using alice = client.value;
  const journal = join(pair.bob.project, ".agora", "history.jsonl");
  const ours: number[] = [];
  const returned: number[] = [];
  for (let i = 0; i < RUNS; i += 1) {
    const text = `message ${i} ${"x".repeat(200)}`;
    const before = statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
    const began = performance.now();
    const arrived = grown(journal, before);
    const said = alice.request("say", { via: "cli", text, to: [] });
    await arrived;
    ours.push(performance.now() - began);
    const result = await said;
    if (!result.ok) throw new Error(result.message);
    returned.push(performance.now() - began);
    await new Promise((r) => setTimeout(r, 5));
  }
  if (!readFileSync(journal, "utf8").includes("message 0 ")) throw new Error("the journal does not hold what was said");
  const reference = await hopAndSync();
  return [
    {
      name: "say-to-journal",
      ratio: median(ours) / reference,
      goal: 4,
      better: "lower",
      why: `${median(ours).toFixed(2)} ms to the journal, say returns after ${median(returned).toFixed(2)} ms; reference ${reference.toFixed(2)} ms`,
    },
  ];
}

/** Settles when the file is larger; told by the system, as a look again and again would take a processor from the daemons. */
function grown(path: string, before: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error): void => {
      watcher.close();
      clearTimeout(late);
      if (error === undefined) resolve();
      else reject(error);
    };
    const late = setTimeout(() => end(new Error("the message did not arrive within 5 s")), 5_000);
    const watcher = watch(path, () => {
      if (statSync(path).size > before) end();
    });
  });
}

async function hopAndSync(): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  await new Promise((r) => server.once("listening", r));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`, {
    perMessageDeflate: false,
  });
  await new Promise((r) => socket.once("open", r));
  const folder = mkdtempSync(join(tmpdir(), "agora-bench-"));
  const fd = openSync(join(folder, "journal"), "a");
  const line = `${"x".repeat(700)}\n`;
  const times: number[] = [];
  for (let i = 0; i < RUNS; i += 1) {
    const began = performance.now();
    const back = new Promise((r) => socket.once("message", r));
    socket.send(line);
    await back;
    writeSync(fd, line);
    fdatasyncSync(fd);
    times.push(performance.now() - began);
    await new Promise((r) => setTimeout(r, 5));
  }
  closeSync(fd);
  rmSync(folder, { recursive: true });
  socket.terminate();
  server.close();
  return median(times);
}
