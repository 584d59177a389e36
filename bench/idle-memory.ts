// memory-idle: what a connection costs that says nothing: 2,000 members who have joined, in rooms of 50.
import { type Dialect, enter, type LoadMember } from "./load.ts";
import { median, type Row } from "./row.ts";
import { residentBytes, startAgora, startPlain } from "./server.ts";

const CONNECTIONS = 2_000;
const PER_ROOM = 50;
const ROUNDS = 3;

async function bytesPerConnection(dialect: Dialect): Promise<number> {
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
  await join(CONNECTIONS);
  const after = await residentBytes(server.pid);
  for (const member of members) member.socket.destroy();
  return (after - before) / CONNECTIONS;
}

/** Measures the memory of idle connections. */
export async function idleMemory(): Promise<Row[]> {
  const row = { name: "memory-idle", goal: 1.3, better: "lower" } as const;
  if (process.platform !== "linux")
    return [{ ...row, ratio: null, why: "memory is read from /proc, which is not here" }];
  const figures: { agora: number; plain: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    figures.push({ agora: await bytesPerConnection("agora"), plain: await bytesPerConnection("plain") });
  }
  const ours = median(figures.map((f) => f.agora));
  const theirs = median(figures.map((f) => f.plain));
  const why = `${(ours / 1024).toFixed(1)} KiB against ${(theirs / 1024).toFixed(1)} KiB`;
  return [{ ...row, ratio: ours / theirs, why }];
}
