// One process after another at a socket. The newer asks, the older leaves by itself; one that isn't newer lets it stay.
import { askToHandOver } from "./hand-over.ts";
import { openServer, type Server, type ServerOptions } from "./serve.ts";

export interface TakeOptions extends ServerOptions {
  /** A daemon of our own version hands over as well: a person asked for a restart. */
  readonly again: boolean;
}

const ATTEMPTS = 3;

/** Claims the socket, after an older daemon has handed over. `already-running`: the present one stays. */
export async function takePlace({ again, ...options }: TakeOptions): Promise<Awaited<ReturnType<typeof openServer>>> {
  const { home, project, version } = options;
  for (let attempt = 1; ; attempt += 1) {
    const server = await openServer(options);
    if (server.ok || server.code !== "already-running" || attempt === ATTEMPTS) return server;
    // Two that were told to restart the same daemon must not restart each other.
    if (!(await askToHandOver({ home, project, version, again: again && attempt === 1 }))) return server;
  }
}

/** The older daemon's part: finishes running requests, then ends everything in order; `close` releases the socket last. */
export async function handOver(server: Server, rest: () => void, close: () => Promise<void>): Promise<void> {
  rest();
  await server.drain();
  await close();
}
