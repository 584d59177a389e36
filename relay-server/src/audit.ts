// The limit on what all connections together make the relay hold in memory.
import { CLOSE_CODES } from "@agora/protocol";
import type { Connection } from "./connection.ts";

/** Closes the connections that make the relay hold most, until all together are within the limit. [CLOSE-4] */
export function closeHeaviest(connections: ReadonlySet<Connection>, maxBytes: number): void {
  let sum = 0;
  for (const connection of connections) sum += connection.heldBytes;
  if (sum <= maxBytes) return;
  const heaviest = [...connections].sort((a, b) => b.heldBytes - a.heldBytes);
  for (const connection of heaviest) {
    if (sum <= maxBytes) return;
    sum -= connection.heldBytes;
    connection.writer.abandon();
    connection.close(CLOSE_CODES.slowReader);
    connection.terminate();
  }
}
