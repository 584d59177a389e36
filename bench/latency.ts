// latency-p99: how long an event takes from its author to a member, at a steady rate.
import { type Author, type Dialect, enter, type LoadMember, messageOf } from "./load.ts";
import { median, type Row } from "./row.ts";
import { type Server, startAgora, startPlain } from "./server.ts";

const MEMBERS = 50;
const PER_SECOND = 1_000;
const WARM_UP = 1_000;
const MEASURED = 3_000;
const ROUNDS = 5;

/** The 99th percentile of one run, milliseconds. */
async function p99(dialect: Dialect, server: Server): Promise<number> {
  const total = WARM_UP + MEASURED;
  const sentAt = new Float64Array(total);
  const samples: number[] = [];
  const members: (LoadMember & { readonly author: Author })[] = [];
  const seen = new Uint32Array(MEMBERS);
  let done = (): void => undefined;
  let measuring = false;
  for (let i = 0; i < MEMBERS; i++) {
    // Events come in the order they were sent in, so the nth frame of a member is the nth message.
    const arrived = (): void => {
      if (!measuring || i === 0) return;
      const now = performance.now();
      const until = members[i]!.received();
      for (let n = seen[i]!; n < until; n++) if (n >= WARM_UP) samples.push(now - sentAt[n]!);
      seen[i] = until;
      if (samples.length === MEASURED * (MEMBERS - 1)) done();
    };
    members.push(await enter(dialect, server, `m${i}`, "bench", arrived));
  }
  const speaker = members[0]!;
  const messages = Array.from({ length: total }, (_, n) => messageOf(dialect, speaker.author, n, 200));
  await new Promise((resolve) => setTimeout(resolve, 400));
  for (const member of members) member.reset();
  measuring = true;
  const start = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    done = resolve;
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * PER_SECOND));
      for (; sent < due; sent++) {
        sentAt[sent] = performance.now();
        speaker.socket.write(messages[sent]!);
      }
      if (sent === total) clearInterval(timer);
    }, 1);
  });
  for (const member of members) member.socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.floor(sorted.length * 0.99)]!;
}

/** Measures the latency. */
export async function latency(): Promise<Row[]> {
  await using agora = await startAgora();
  await using plain = await startPlain();
  const figures: { agora: number; plain: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) figures.push({ agora: await p99("agora", agora), plain: await p99("plain", plain) });
  const ours = median(figures.map((f) => f.agora));
  const theirs = median(figures.map((f) => f.plain));
  const why = `${ours.toFixed(2)} ms against ${theirs.toFixed(2)} ms`;
  return [{ name: "latency-p99", ratio: ours / theirs, goal: 1.2, better: "lower", why }];
}
