// start-1m, history-1m: what a year of history costs at the start and at `history`, against a short one. search-1m: a text
// that nobody said, looked for in all of it, against `grep -c`. jump-to-date: the lines of some moment, against the newest.
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimFolder, openFolderAt, openStore } from "@agora/daemon";
import { seekRecord } from "@agora/ports/journal-seek";
import { createSigner, createVerifier, generateKeyPair, openJournal, silentLog, systemClock } from "@agora/ports";
import { newId, signEvent, TEXT } from "@agora/protocol";
import { toRecord } from "@agora/member";
import { spawnSync } from "node:child_process";
import { endedChildrenMs, NO_CPU } from "./cpu.ts";
import { median, type Row } from "./row.ts";

const EVENTS = 1_000_000;
const FEW = 1_000;
const RUNS = 7;
const JUMPS = 300;
const PAGE_LINES = 200;
const SEGMENT_BYTES = 8 * 1024 * 1024;

/** Measures a long history. The journals are made by the daemon's own record format; their signatures are one copied one. */
export async function longHistory(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "agora-bench-history-"));
  try {
    const [long, short] = [makeProject(join(folder, "long"), EVENTS), makeProject(join(folder, "short"), FEW)];
    const figures = {
      start: [[], []] as [number[], number[]],
      startCpu: [[], []] as [number[], number[]],
      history: [[], []] as [number[], number[]],
      memory: [[], []] as [number[], number[]],
    };
    for (let run = 0; run <= RUNS; run += 1) {
      for (const [i, project] of [long, short].entries()) {
        const measured = inProcessOfItsOwn(project);
        if (run === 0) continue; // warms the disk's cache and writes the checkpoint
        figures.start[i]!.push(measured.startMs);
        figures.startCpu[i]!.push(measured.startCpuMs);
        figures.history[i]!.push(measured.historyMs);
        figures.memory[i]!.push(measured.memoryBytes);
      }
    }
    const row = (
      name: string,
      [ours, reference]: [number[], number[]],
      goal: number,
      unit: (n: number) => string,
      more = "",
    ): Row => ({
      name,
      ratio: median(ours) / median(reference),
      goal,
      better: "lower",
      why: `${unit(median(ours))} with ${EVENTS} events, ${unit(median(reference))} with ${FEW}${more}`,
    });
    const ms = (n: number): string => `${n.toFixed(1)} ms`;
    return [
      row("start-1m", figures.startCpu, 1.5, ms, ` of CPU; ${figures.start.map(median).map(ms).join(" and ")} wall`),
      row("start-1m-memory", figures.memory, 1.5, (n) => `${(n / 1024 / 1024).toFixed(0)} MiB`),
      row("history-1m", figures.history, 1.3, ms),
      await searchRow(long),
      jumpRow(long),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The whole history looked through for a text that is not in it, as `history --search` does. */
async function searchRow(project: string): Promise<Row> {
  const needle = "a text that nobody ever said";
  const wall = { ours: [] as number[], reference: [] as number[] };
  const cpu = { ours: 0, reference: 0 };
  const journal = openJournal({ dir: join(project, ".agora"), name: "history", segmentBytes: SEGMENT_BYTES });
  for (let run = 0; run < RUNS; run += 1) {
    let began = performance.now();
    const used = process.cpuUsage();
    for (const entries of journal.holding([needle])) {
      for (const _ of entries) throw new Error("found what is not there");
      await new Promise((resolve) => setImmediate(resolve));
    }
    wall.ours.push(performance.now() - began);
    const { user, system } = process.cpuUsage(used);
    cpu.ours += (user + system) / 1_000;
    began = performance.now();
    const ended = NO_CPU === undefined ? endedChildrenMs() : NaN;
    spawnSync("sh", ["-c", `LC_ALL=C grep -c -F '${needle}' history*.jsonl`], { cwd: join(project, ".agora") });
    wall.reference.push(performance.now() - began);
    cpu.reference += (NO_CPU === undefined ? endedChildrenMs() : NaN) - ended;
  }
  journal.close();
  const figure = (cpuMs: number, walls: readonly number[]): string =>
    `${(cpuMs / RUNS).toFixed(0)} ms CPU (${median(walls).toFixed(0)} ms wall)`;
  const why = `${figure(cpu.ours, wall.ours)}, grep ${figure(cpu.reference, wall.reference)}, ${EVENTS} events`;
  const ratio = NO_CPU === undefined ? cpu.ours / cpu.reference : median(wall.ours) / median(wall.reference);
  return { name: "search-1m", ratio, goal: 1.5, better: "lower", why };
}

/** A page of lines from a moment on, found among all of them, as `history --since` does; against the newest page. */
function jumpRow(project: string): Row {
  const journal = openJournal<{ readonly at: number }>({
    dir: join(project, ".agora"),
    name: "history",
    segmentBytes: SEGMENT_BYTES,
  });
  const take = (entries: Iterable<unknown>): void => {
    let count = 0;
    for (const _ of entries) if ((count += 1) === PAGE_LINES) return;
  };
  const timed = (read: () => void): number => {
    const began = performance.now();
    read();
    return performance.now() - began;
  };
  const [ours, reference] = [[] as number[], [] as number[]];
  for (let run = 0; run < JUMPS; run += 1) {
    const time = 1 + Math.floor(Math.random() * (EVENTS - PAGE_LINES));
    ours.push(timed(() => take(journal.from(seekRecord(journal, ({ at }) => at < time)))));
    reference.push(timed(() => take(journal.back())));
  }
  journal.close();
  const why = `${median(ours).toFixed(2)} ms, the newest ${PAGE_LINES} in ${median(reference).toFixed(2)} ms, ${EVENTS} events`;
  return { name: "jump-to-date", ratio: median(ours) / median(reference), goal: 2, better: "lower", why };
}

interface Measured {
  readonly startMs: number;
  readonly startCpuMs: number;
  readonly historyMs: number;
  readonly memoryBytes: number;
}

function inProcessOfItsOwn(project: string): Measured {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "open-history.ts"), project], {
    encoding: "utf8",
  });
  try {
    return JSON.parse(stdout) as Measured;
  } catch {
    throw new Error(stderr.slice(0, 300));
  }
}

function makeProject(path: string, events: number): string {
  mkdirSync(path, { recursive: true });
  const folder = openFolderAt(join(path, ".agora"));
  if (!folder.ok) throw new Error(folder.message);
  const mark = claimFolder(folder.value, { origin: "ws://127.0.0.1:1", room: "main", name: "alice" }, Date.now());
  if (!mark.ok) throw new Error(mark.message);
  const signer = createSigner(generateKeyPair());
  const verifier = createVerifier();
  const template = signEvent(
    {
      id: "0".repeat(20),
      room: "main",
      author: "bob",
      role: "user",
      kind: "message",
      to: [],
      thread: "0".repeat(20),
      chain: "0".repeat(20),
      hop: 0,
      seq: 1,
      time: 1,
    },
    "The quick brown fox jumps over the lazy dog and looks for the failing test in the second module.",
    TEXT,
    signer,
    verifier,
  );
  let base = 0;
  let lines: string[] = [];
  let bytes = 0;
  let fd = openSync(join(folder.value.path, "history.jsonl"), "w");
  const flush = (): void => {
    writeSync(fd, lines.join(""));
    lines = [];
  };
  for (let n = 1; n <= events; n += 1) {
    const id = newId();
    const head = template.signed.head.replaceAll("0".repeat(20), id).replace('"seq":1,', `"seq":${n},`);
    const record = toRecord(
      {
        ...template,
        head: { ...template.head, id, thread: id, chain: id, seq: n },
        signed: { ...template.signed, head },
      },
      `${1_700_000_000_000 + n}-0`,
      n,
    );
    const line = `${JSON.stringify(record)}\n`;
    if (bytes + line.length > SEGMENT_BYTES) {
      flush();
      closeSync(fd);
      const name = join(folder.value.path, `history-${String(base).padStart(15, "0")}.jsonl`);
      renameSync(join(folder.value.path, "history.jsonl"), name);
      base += bytes;
      bytes = 0;
      fd = openSync(join(folder.value.path, "history.jsonl"), "w");
    }
    lines.push(line);
    bytes += line.length;
    if (lines.length > 5_000) flush();
  }
  flush();
  closeSync(fd);
  // What a daemon that ran all the time leaves: the checkpoint.
  const store = openStore({ folder: folder.value, mark: mark.value.mark, clock: systemClock, log: silentLog });
  if (!store.ok) throw new Error(store.message);
  store.value.close();
  readFileSync(folder.value.checkpoint);
  return path;
}
