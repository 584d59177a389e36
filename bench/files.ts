// file-throughput, latency-during-file, file-memory: a file of 100 MiB from one project's daemon to another's, against the
// same bytes piped through a plain relay with `ws`; and what messages feel of it.
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash, randomBytes } from "node:crypto";
import { WebSocket } from "ws";
import type { Client as Daemon } from "@agora/ipc";
import { openPair, type Pair } from "./pair.ts";
import { median, type Row } from "./row.ts";
import { startPiping } from "./server.ts";

const MIB = 1024 * 1024;
const FILE_BYTES = 100 * MIB;
const CHUNK_BYTES = 64 * 1024;
const MAX_UNSENT_BYTES = 4 * MIB;
const ROUNDS = 3;
const QUIET_SAYS = 150;
const ARRIVAL_MS = 60_000;

/** What one transfer showed. */
interface Sent {
  /** From `say` having answered until the file was in its place, seconds; and from the question. */
  readonly seconds: number;
  readonly wholeSeconds: number;
  readonly sayMs: readonly number[];
  readonly grown: number | undefined;
}

/** Measures files. */
export async function files(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "agora-bench-"));
  try {
    const source = join(folder, "source.bin");
    await makeFile(source);
    const plain: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) plain.push(await pipePlainly(source, join(folder, "target.bin")));

    await using pair = await openPair();
    const quiet = await sayTimes(pair, (times) => times.length >= QUIET_SAYS);
    const alone: Sent[] = [];
    const spoken: Sent[] = [];
    for (let i = 0; i < ROUNDS; i += 1) {
      alone.push(await sendFile(pair, source, false));
      spoken.push(await sendFile(pair, source, true));
    }
    const ours = FILE_BYTES / median(alone.map((s) => s.seconds));
    const whole = FILE_BYTES / median(alone.map((s) => s.wholeSeconds));
    const theirs = FILE_BYTES / median(plain);
    const during = median(spoken.flatMap((s) => s.sayMs));
    const grown = alone.map((s) => s.grown).filter((g) => g !== undefined);
    return [
      {
        name: "file-throughput",
        ratio: ours / theirs,
        goal: 0.7,
        better: "higher",
        why: `${speed(ours)} checked and synced, ${speed(whole)} with the copy before it, against ${speed(theirs)}`,
      },
      {
        name: "latency-during-file",
        ratio: during / median(quiet),
        goal: 2,
        better: "lower",
        why: `${during.toFixed(2)} ms (${spoken.flatMap((s) => s.sayMs).length} says) against ${median(quiet).toFixed(2)} ms`,
      },
      grown.length === 0
        ? {
            name: "file-memory",
            ratio: null,
            goal: 1,
            better: "lower",
            why: "memory is read from /proc, which is not here",
          }
        : {
            name: "file-memory",
            ratio: Math.max(...grown) / (48 * MIB),
            goal: 1,
            better: "lower",
            why: `the receiving daemon grew by ${(Math.max(...grown) / MIB).toFixed(1)} MiB at most`,
          },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeFile(path: string): Promise<void> {
  const fd = await open(path, "w");
  for (let at = 0; at < FILE_BYTES; at += 4 * MIB) await fd.write(randomBytes(4 * MIB));
  await fd.sync();
  await fd.close();
}

/** The reference: read, send through a relay that only hands on, write; no check, no sync. Gives the seconds. */
async function pipePlainly(source: string, target: string): Promise<number> {
  await using relay = await startPiping();
  const join = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}`, { perMessageDeflate: false });
    await new Promise((resolve) => socket.once("open", resolve));
    return socket;
  };
  const from = await join();
  const to = await join();
  const out = createWriteStream(target);
  const began = performance.now();
  const arrived = new Promise<void>((resolve) => {
    let bytes = 0;
    to.on("message", (data) => {
      bytes += (data as Buffer).length;
      out.write(data);
      if (bytes === FILE_BYTES) out.end(resolve);
    });
  });
  for await (const chunk of createReadStream(source, { highWaterMark: CHUNK_BYTES })) {
    from.send(chunk as Buffer);
    while (from.bufferedAmount > MAX_UNSENT_BYTES) await pause(1);
  }
  await arrived;
  const seconds = (performance.now() - began) / 1_000;
  from.terminate();
  to.terminate();
  return seconds;
}

/** Alice sends the file to Bob; when `spoken`, she speaks all the while. */
async function sendFile(pair: Pair, source: string, spoken: boolean): Promise<Sent> {
  const { alice, bob } = pair;
  const pid = await pidOf(bob.daemon);
  const before = residentNow(pid);
  let most = before ?? 0;
  const watch = setInterval(() => {
    most = Math.max(most, residentNow(pid) ?? 0);
  }, 20);
  const asked = performance.now();
  const said = await alice.daemon.request(
    "say",
    { via: "cli", text: "", to: ["bob"], file: source },
    { timeoutMs: ARRIVAL_MS },
  );
  if (!said.ok) throw new Error(said.message);
  const began = performance.now();
  const { id, thread } = said.value;
  const there = Promise.withResolvers<number>();
  let isThere = false;
  const off = bob.daemon.onPush((push) => {
    if (push.push === "file" && push.file.id === id && push.file.step === "done") {
      isThere = true;
      there.resolve(performance.now());
    }
  });
  await bob.daemon.request("watch", {});
  // It is larger than what is taken without asking.
  while (!(await bob.daemon.request("accept", { via: "cli", thread: id })).ok) await pause(2);
  const late = setTimeout(() => there.reject(new Error("the file did not arrive")), ARRIVAL_MS);
  const sayMs = spoken ? await sayTimes(pair, () => isThere) : [];
  const ended = await there.promise;
  clearTimeout(late);
  off();
  clearInterval(watch);
  const history = await bob.daemon.request("history", { limit: 100, thread });
  const path = history.ok ? history.value.lines.find((line) => line.id === id)?.file?.path : undefined;
  if (path === undefined || !(await isSame(source, join(bob.project, path)))) throw new Error("the file differs");
  rmSync(join(bob.project, path));
  return {
    seconds: (ended - began) / 1_000,
    wholeSeconds: (ended - asked) / 1_000,
    sayMs,
    grown: before === undefined ? undefined : most - before,
  };
}

/** Milliseconds from a `say` of Alice until Bob's daemon pushed the line, again and again. */
async function sayTimes(pair: Pair, isEnough: (times: readonly number[]) => boolean): Promise<number[]> {
  const times: number[] = [];
  let heard: ((text: string) => void) | undefined;
  const off = pair.bob.daemon.onPush((push) => {
    if (push.push === "line") heard?.(push.line.text);
  });
  await pair.bob.daemon.request("watch", {});
  while (!isEnough(times)) {
    const text = `word ${times.length} ${performance.now()}`;
    const arrived = new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("a message did not arrive")), ARRIVAL_MS);
      heard = (one) => {
        if (one !== text) return;
        clearTimeout(late);
        resolve();
      };
    });
    const began = performance.now();
    const said = pair.alice.daemon.request("say", { via: "cli", text, to: [] });
    await arrived;
    times.push(performance.now() - began);
    await said;
    await pause(5);
  }
  off();
  return times;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The process behind a line to a daemon. */
export async function pidOf(daemon: Daemon): Promise<number> {
  const status = await daemon.request("status", {});
  if (!status.ok) throw new Error(status.message);
  return status.value.daemon.pid;
}

/** Resident bytes of a process now; Linux only. */
export function residentNow(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return match === null ? undefined : Number(match[1]) * 1024;
}

/** Whether two files hold the same. */
export async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(hashOf));
  return a === b;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of createReadStream(path)) hash.update(block as Buffer);
  return hash.digest("hex");
}

function speed(bytesPerSecond: number): string {
  return `${(bytesPerSecond / MIB).toFixed(0)} MiB/s`;
}
