// catch-up-10k: a daemon that missed 10,000 events has them all from the others, after the relay that knew them died, against
// reading the same lines back from the disk. Real sockets and files; giver, relay and receiver are processes of their own.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { createSigner, createVerifier, generateKeyPair, openJournal } from "@agora/ports";
import { type HistoryLine, isRestamp } from "@agora/member";
import { readHead } from "@agora/protocol";
import { median, type Row } from "./row.ts";
import { startAgora } from "./server.ts";

export const CATCH_UP_EVENTS = 10_000;

const RUNS = 3;
const WITHIN_MS = 60_000;
/** About as long as the head of a message. */
const HEAD_CHARS = 450;
const SEGMENT_BYTES = 8 * 1024 * 1024;

/** Measures the catching up. */
export async function catchUp(): Promise<Row[]> {
  const times: number[] = [];
  const reads: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const folder = mkdtempSync(join(tmpdir(), "agora-bench-catch-up-"));
    try {
      const measured = await once10k(folder);
      times.push(measured.caughtUpMs);
      reads.push(measured.readMs);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const why = `${median(times).toFixed(0)} ms; reading ${median(reads).toFixed(0)} ms; the signatures alone take one core ${checkingMs().toFixed(0)} ms`;
  return [{ name: "catch-up-10k", ratio: median(times) / median(reads), goal: 5, better: "lower", why }];
}

async function once10k(folder: string): Promise<{ readonly caughtUpMs: number; readonly readMs: number }> {
  await using relay = await startAgora();
  const giver = startMember(folder, "alice", relay.port, relay.token);
  const receiver = startMember(folder, "bob", relay.port, relay.token);
  try {
    await giver.line("ready");
    await giver.line("filled");
    const began = performance.now();
    receiver.say("join");
    await receiver.line("caught up");
    const caughtUpMs = performance.now() - began;
    receiver.end();
    return { caughtUpMs, readMs: readBack(join(folder, "bob", ".agora")) };
  } finally {
    giver.end();
    receiver.end();
  }
}

/** What a reader of the journal does: every line, parsed, with its head. */
function readBack(dir: string): number {
  const began = performance.now();
  const journal = openJournal<HistoryLine>({ dir, name: "history", segmentBytes: SEGMENT_BYTES });
  let events = 0;
  for (const { value } of journal.from(0)) if (!isRestamp(value) && readHead(value.head).ok) events += 1;
  journal.close();
  if (events < CATCH_UP_EVENTS) throw new Error(`only ${events} of ${CATCH_UP_EVENTS} events are there`);
  return performance.now() - began;
}

/** What nobody can do without: one core checks as many signatures. */
function checkingMs(): number {
  const signer = createSigner(generateKeyPair());
  const verifier = createVerifier();
  const text = "x".repeat(HEAD_CHARS);
  const sig = signer.sign(text);
  const began = performance.now();
  for (let n = 0; n < CATCH_UP_EVENTS; n += 1) verifier.verify(signer.key, text, sig);
  return performance.now() - began;
}

interface Member {
  line(word: string): Promise<void>;
  say(word: string): void;
  end(): void;
}

function startMember(folder: string, name: string, port: number, token: string): Member {
  mkdirSync(join(folder, name));
  const args = [join(import.meta.dirname, "catch-up-member.ts"), folder, name, String(port), token];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines: Interface = createInterface(child.stdout);
  const heard: string[] = [];
  lines.on("line", (line) => heard.push(line));
  return {
    async line(word) {
      const end = performance.now() + WITHIN_MS;
      while (!heard.includes(word)) {
        if (child.exitCode !== null || performance.now() > end) throw new Error(`${name} was never "${word}"`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    say: (word) => void child.stdin.write(`${word}\n`),
    end: () => void child.kill("SIGKILL"),
  };
}
