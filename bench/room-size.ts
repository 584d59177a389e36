// room-size: the relay's CPU time for each delivery, in rooms of 2 to 500 members: the largest figure against the smallest.
// join-cpu: its CPU time for each member that joins, against a connection to a plain server.
import { NO_CPU, processMs } from "./cpu.ts";
import { deliver, type Dialect, enter, type LoadMember } from "./load.ts";
import { median, type Row } from "./row.ts";
import { type Server, startAgora, startPlain } from "./server.ts";

const SIZES = [2, 10, 50, 200, 500] as const;
const DELIVERIES = 50_000;
const ROUNDS = 3;

/** Measures rooms by size. */
export async function roomSize(): Promise<Row[]> {
  const fixed = { name: "room-size", goal: 1.5, better: "lower" } as const;
  if (NO_CPU !== undefined) return [{ ...fixed, ratio: null, why: NO_CPU }];
  const figures = SIZES.map((): number[] => []);
  await using server = await startAgora("--max-members", String(Math.max(...SIZES)));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [i, members] of SIZES.entries()) {
      const load = { members, messages: DELIVERIES / members, bodyBytes: 200, inFlight: 128 };
      const { cpuMs } = await deliver("agora", server, load);
      if (round > 0) figures[i]!.push((cpuMs * 1_000) / DELIVERIES); // the first one warms up
    }
  }
  const each = figures.map(median);
  const why = SIZES.map((members, i) => `${members}: ${each[i]!.toFixed(2)}`).join(", ");
  return [{ ...fixed, ratio: Math.max(...each) / Math.min(...each), why: `µs of CPU a delivery at ${why} members` }];
}

const JOINS = 1_000;
const PER_ROOM = 50;

/** Measures joins. */
export async function joinCpu(): Promise<Row[]> {
  const fixed = { name: "join-cpu", goal: 1.5, better: "lower" } as const;
  if (NO_CPU !== undefined) return [{ ...fixed, ratio: null, why: NO_CPU }];
  await using agora = await startAgora();
  await using plain = await startPlain();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [one, other] = [await cpuOfJoins("agora", agora), await cpuOfJoins("plain", plain)];
    if (round > 0) ours.push(one);
    if (round > 0) theirs.push(other);
  }
  const [a, b] = [median(ours), median(theirs)];
  const why = `${((a * 1_000) / JOINS).toFixed(0)} µs of CPU a join, ${((b * 1_000) / JOINS).toFixed(0)} µs a connection`;
  return [{ ...fixed, ratio: a / b, why }];
}

async function cpuOfJoins(dialect: Dialect, server: Server): Promise<number> {
  const members: LoadMember[] = [];
  const before = processMs(server.pid);
  for (let n = 0; n < JOINS; n += 1)
    members.push(await enter(dialect, server, `m${n % PER_ROOM}`, `room-${Math.floor(n / PER_ROOM)}`, () => undefined));
  const used = processMs(server.pid) - before;
  for (const member of members) member.socket.destroy();
  return used;
}
