// fanout-50, fanout-50-nats, fanout-2: how many events a second the relay hands to its members, against a plain relay and
// against NATS.
import { NO_CPU } from "./cpu.ts";
import { deliver, deliveriesPerSecond, type Dialect, messageOf } from "./load.ts";
import { median, type Row } from "./row.ts";
import { type Server, startAgora, startNats, startPlain, startRedis } from "./server.ts";

const ROUNDS = 3;

const AGORA = { dialect: "agora", messages: { 50: 20_000, 2: 40_000 } } as const;
const PLAIN = { dialect: "plain", messages: { 50: 4_000, 2: 40_000 } } as const;
const NATS = { dialect: "nats", messages: { 50: 20_000, 2: 40_000 } } as const;

interface Contender {
  readonly dialect: Dialect;
  readonly messages: Readonly<Record<2 | 50, number>>;
  readonly server: Server;
}

/** Deliveries per second of each, taking turns, so that what else the machine does hits all of them. */
async function race(contenders: readonly Contender[], members: 2 | 50): Promise<number[]> {
  const figures = contenders.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, { dialect, server, messages }] of contenders.entries()) {
      const load = { members, messages: messages[members], bodyBytes: 200, inFlight: 128 };
      const figure = await deliveriesPerSecond(dialect, server, load);
      if (round > 0) figures[i]!.push(figure); // the first one warms up
    }
  }
  return figures.map(median);
}

/** Measures the fan-out. */
export async function fanout(): Promise<Row[]> {
  await using agora = await startAgora();
  await using plain = await startPlain();
  const nats = await startNats();
  await using natsServer = typeof nats === "string" ? undefined : nats;
  const both = [
    { ...AGORA, server: agora },
    { ...PLAIN, server: plain },
  ];
  const all = natsServer === undefined ? both : [...both, { ...NATS, server: natsServer }];
  const [ours = NaN, theirs = NaN, natsFigure] = await race(all, 50);
  const [ours2 = NaN, theirs2 = NaN] = await race(both, 2);
  return [
    row("fanout-50", 8, ours, theirs),
    natsFigure === undefined
      ? {
          name: "fanout-50-nats",
          ratio: null,
          goal: 1,
          better: "higher",
          why: typeof nats === "string" ? nats : "not run",
        }
      : row("fanout-50-nats", 1, ours, natsFigure, `; ${sizes()}`),
    row("fanout-2", 1.5, ours2, theirs2),
  ];
}

const BURST = { members: 50, messages: 10_000, bodyBytes: 200, inFlight: 128 } as const;

/** fanout-50-redis: the CPU time of a delivery with Redis' publish and subscribe against that of ours. */
export async function fanoutRedis(): Promise<Row[]> {
  const fixed = { name: "fanout-50-redis", goal: 0.35, better: "higher" } as const;
  if (NO_CPU !== undefined) return [{ ...fixed, ratio: null, why: NO_CPU }];
  const redis = await startRedis();
  if (typeof redis === "string") return [{ ...fixed, ratio: null, why: redis }];
  await using theirs = redis;
  await using ours = await startAgora();
  const [agora, other]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const one = await deliver("agora", ours, BURST);
    const two = await deliver("redis", theirs, BURST);
    if (round > 0) agora.push(one.cpuMs);
    if (round > 0) other.push(two.cpuMs);
  }
  const each = (ms: number): string => ((ms * 1_000) / BURST.members / BURST.messages).toFixed(2);
  const why = `${each(median(agora))} µs of CPU a delivery, Redis ${each(median(other))} µs; ${sizes()}`;
  return [{ ...fixed, ratio: median(other) / median(agora), why }];
}

const SINGLE = { members: 50, messages: 2_000, bodyBytes: 200, inFlight: 1 } as const;

/** fanout-50-single: the server's CPU time where each message waits for the one before: nothing can be sent together. */
export async function fanoutSingle(): Promise<Row[]> {
  const fixed = { name: "fanout-50-single", goal: 0.8, better: "lower" } as const;
  if (NO_CPU !== undefined) return [{ ...fixed, ratio: null, why: NO_CPU }];
  await using agora = await startAgora();
  await using plain = await startPlain();
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const one = await deliver("agora", agora, SINGLE);
    const other = await deliver("plain", plain, SINGLE);
    if (round > 0) ours.push(one.cpuMs);
    if (round > 0) theirs.push(other.cpuMs);
  }
  const each = (ms: number): string => ((ms * 1_000) / SINGLE.members / SINGLE.messages).toFixed(2);
  const why = `${each(median(ours))} against ${each(median(theirs))} µs of CPU a delivery`;
  return [{ ...fixed, ratio: median(ours) / median(theirs), why }];
}

// What a ratio to NATS has to be read with: it carries the body alone, and an event of ours its signed head as well.
function sizes(): string {
  const author = { name: "m0", key: "A".repeat(43), room: "bench" };
  const bytes = (dialect: Dialect): number => messageOf(dialect, author, 0, 200).length;
  return `a message has ${bytes("agora")} bytes with its signed head, here ${bytes("nats")}`;
}

function row(name: string, goal: number, ours: number, theirs: number, note = ""): Row {
  const thousands = (figure: number): string => `${Math.round(figure / 1_000)}k`;
  return {
    name,
    ratio: ours / theirs,
    goal,
    better: "higher",
    why: `${thousands(ours)} against ${thousands(theirs)} deliveries/s${note}`,
  };
}
