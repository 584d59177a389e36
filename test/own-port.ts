// Ports for what a test ends and starts again at the same place. A port that the system gave is anybody's as soon as it is free:
// of two thousand tests that ask for one meanwhile, sooner or later one gets it. These are out of the system's reach.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** Systems give ports from 32768 on (Linux), or from 49152 on. */
const FIRST_PORT = 10_000;
const BLOCKS = 200;
const BLOCK_PORTS = 100;

/** A process has a block for itself as long as it lives: by a UDP socket at its first port, which no TCP server is in the way of. */
const claims: Socket[] = [];
let left: number[] = [];

/** A port that is free, and that neither the system nor another test gives to anybody while this process lives. */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = left.shift();
    if (port === undefined) left = await claimBlock();
    else if (await isFree(port)) return port;
  }
}

async function claimBlock(): Promise<number[]> {
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const first = FIRST_PORT + ((process.pid + tried) % BLOCKS) * BLOCK_PORTS;
    const claim = createSocket("udp4");
    try {
      const bound = once(claim, "listening");
      claim.bind({ port: first, address: "127.0.0.1", exclusive: true });
      await bound;
    } catch {
      claim.close(); // another process has this one
      continue;
    }
    claims.push(claim.unref());
    return Array.from({ length: BLOCK_PORTS }, (_, n) => first + n);
  }
  throw new Error("every block of ports for tests is taken");
}

/** Whether no program of this machine listens there; a service of the machine's own may. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, "listening");
    server.listen(port, "127.0.0.1");
    await listening;
  } catch {
    return false;
  }
  const closed = once(server, "close");
  server.close();
  await closed;
  return true;
}
