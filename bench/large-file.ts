// large-file: 2 GiB from one project to another, the limits raised, and the receiving daemon killed in the middle. It is not
// about speed: what counts is that it goes on where it stopped, arrives unharmed, and that nobody grows with the file.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isSame, pidOf, residentNow } from "./files.ts";
import { openPair, type Pair } from "./pair.ts";
import type { Row } from "./row.ts";

const MIB = 1024 * 1024;
const FILE_BYTES = 2_048 * MIB;
const CUT_AT_BYTES = FILE_BYTES / 2;
const WITHIN_MS = 30 * 60_000;
const LOOK_MS = 200;
/** What a file of any size may cost each of the three: less than V8 lets its young generation have by itself. */
const GROWN_BYTES = 128 * MIB;

/** Measures the one large transfer. */
export async function largeFile(): Promise<Row[]> {
  const row = { name: "large-file", goal: 1, better: "lower" } as const;
  if (process.platform !== "linux")
    return [{ ...row, ratio: null, why: "memory is read from /proc, which is not here" }];
  const folder = mkdtempSync(join(tmpdir(), "agora-bench-"));
  try {
    const source = join(folder, "large.bin");
    await makeLarge(source);
    await using pair = await openPair({
      relayFlags: ["--max-file", String(FILE_BYTES)],
      env: { AGORA_MAX_FILE: String(FILE_BYTES) },
    });
    const { grown, words } = await transfer(pair, source);
    return [{ ...row, ratio: grown / GROWN_BYTES, why: words }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes that repeat nowhere, at the speed of the disk. */
async function makeLarge(path: string): Promise<void> {
  const block = randomBytes(4 * MIB);
  const fd = await open(path, "w");
  for (let at = 0; at < FILE_BYTES; at += block.length) {
    block.writeUInt32LE(at / block.length, (at / block.length) % 4_096);
    await fd.write(block);
  }
  await fd.close();
}

async function transfer(pair: Pair, source: string): Promise<{ readonly grown: number; readonly words: string }> {
  const { alice, bob } = pair;
  const memory = new Map<string, { readonly before: number; most: number }>();
  let bobs: number | undefined = await pidOf(bob.daemon);
  const alices = await pidOf(alice.daemon);
  const look = (): void => {
    const pids = { relay: pair.relayPid, sender: alices, receiver: bobs };
    for (const [who, pid] of Object.entries(pids)) {
      const now = pid === undefined ? undefined : residentNow(pid);
      if (now === undefined) continue;
      const known = memory.get(who) ?? { before: now, most: now };
      memory.set(who, { ...known, most: Math.max(known.most, now) });
    }
  };
  look();
  const watch = setInterval(look, LOOK_MS);
  try {
    const asked = performance.now();
    const request = { via: "cli" as const, text: "", to: ["bob"], file: source };
    const said = await alice.daemon.request("say", request, { timeoutMs: WITHIN_MS });
    if (!said.ok) throw new Error(said.message);
    const { id } = said.value;
    const copied = performance.now();
    const end = copied + WITHIN_MS;
    while (!(await bob.daemon.request("accept", { via: "cli", thread: id })).ok) await pause(LOOK_MS, end);
    let cut: { readonly at: number; wentOnAt?: number } | undefined;
    let daemon = bob.daemon;
    for (;;) {
      const history = await daemon.request("history", { limit: 100 });
      const file = history.ok ? history.value.lines.find((line) => line.id === id)?.file : undefined;
      if (file?.state === "stored" && file.path !== undefined) {
        const seconds = (performance.now() - copied) / 1_000;
        if (cut?.wentOnAt === undefined) throw new Error("it was there before it could be cut");
        if (!(await isSame(source, join(bob.project, file.path)))) throw new Error("the file differs");
        const told = [...memory].map(([who, m]) => `${who} ${mib(m.before)} → ${mib(m.most)}`).join(", ");
        const grown = Math.max(...[...memory.values()].map((m) => m.most - m.before));
        const speed = (FILE_BYTES / MIB / seconds).toFixed(0);
        const words = `resident MiB at most: ${told}; cut at ${mib(cut.at)}, went on at ${mib(cut.wentOnAt)}, the hash is right; ${((copied - asked) / 1_000).toFixed(0)} s to copy and ${seconds.toFixed(0)} s to send (${speed} MiB/s)`;
        return { grown, words };
      }
      if (file?.state === "failed") throw new Error(`the file failed: ${file.reason ?? ""}`);
      const received = file?.received ?? 0;
      if (cut === undefined && received > CUT_AT_BYTES) {
        cut = { at: received };
        if (bobs !== undefined) process.kill(bobs, "SIGKILL");
        bobs = undefined;
        await promisify(execFile)(process.execPath, [pair.executable, "start"], { env: bob.env, cwd: bob.project });
        daemon = await pair.reach(bob);
        bobs = await pidOf(daemon);
      } else if (cut !== undefined && received > 0) cut.wentOnAt ??= received;
      await pause(LOOK_MS, end);
    }
  } finally {
    clearInterval(watch);
  }
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}

async function pause(ms: number, end: number): Promise<void> {
  if (performance.now() > end) throw new Error("the file did not arrive in time");
  await new Promise((resolve) => setTimeout(resolve, ms));
}
