// memory-idle, idle-10k: what a connection costs that says nothing: 2,000 or 10,000 members who have joined, in rooms of 50.
import { type Dialect, enter, type LoadMember } from "./load.ts";
import { median, type Row } from "./row.ts";
import { residentBytes, startAgora, startPlain } from "./server.ts";

const PER_ROOM = 50;
const ROUNDS = 3;

async function bytesPerConnection(dialect: Dialect, connections: number): Promise<number> {
  await using server = dialect === "agora" ? await startAgora() : await startPlain();
  const members: LoadMember[] = [];
  const join = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const n = members.length;
      members.push(
        await enter(dialect, server, `m${n % PER_ROOM}`, `room-${Math.floor(n / PER_ROOM)}`, () => undefined),
      );
    }
  };
  await join(PER_ROOM); // what is loaded and compiled for the first ones belongs to the server
  const before = await residentBytes(server.pid);
  await join(connections);
  const after = await residentBytes(server.pid);
  for (const member of members) member.socket.destroy();
  return (after - before) / connections;
}

async function measure(name: string, goal: number, connections: number, rounds: number): Promise<Row[]> {
  const row = { name, goal, better: "lower" } as const;
  if (process.platform !== "linux")
    return [{ ...row, ratio: null, why: "memory is read from /proc, which is not here" }];
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds; i++) {
    ours.push(await bytesPerConnection("agora", connections));
    theirs.push(await bytesPerConnection("plain", connections));
  }
  const why = `${(median(ours) / 1024).toFixed(1)} KiB against ${(median(theirs) / 1024).toFixed(1)} KiB`;
  return [{ ...row, ratio: median(ours) / median(theirs), why }];
}

/** Measures the memory of idle connections. */
export function idleMemory(): Promise<Row[]> {
  return measure("memory-idle", 1.3, 2_000, ROUNDS);
}

/** Measures it where there are as many as a large relay has; twice as many descriptors have to be allowed. */
export function idle10k(): Promise<Row[]> {
  return measure("idle-10k", 1.2, 10_000, 1);
}
