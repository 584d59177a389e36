// memory-idle: what a connection costs that says nothing: 2,000 members who have joined, in rooms of 50.
import { type Dialect, enter, type LoadMember } from "./load.ts";
import type { Row } from "./row.ts";
import { residentBytes, type Server, startAgora, startPlain } from "./server.ts";

const CONNECTIONS = 2_000;
const PER_ROOM = 50;

async function bytesPerConnection(dialect: Dialect, server: Server): Promise<number | undefined> {
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
  return before === undefined || after === undefined ? undefined : (after - before) / CONNECTIONS;
}

/** Measures the memory of idle connections. */
export async function idleMemory(): Promise<Row[]> {
  const row = { name: "memory-idle", goal: 1.3, better: "lower" } as const;
  await using agora = await startAgora();
  const ours = await bytesPerConnection("agora", agora);
  await using plain = await startPlain();
  const theirs = await bytesPerConnection("plain", plain);
  if (ours === undefined || theirs === undefined)
    return [{ ...row, ratio: null, why: "memory is read from /proc, which is not here" }];
  const why = `${(ours / 1024).toFixed(1)} KiB against ${(theirs / 1024).toFixed(1)} KiB`;
  return [{ ...row, ratio: ours / theirs, why }];
}
