// One daemon after another in a project's place. The newer asks, the older leaves by itself; who is not newer leaves it there.
import { askToHandOver, openServer, type Server, type ServerOptions } from "@agora/ipc";

export interface TakeOptions extends ServerOptions {
  /** One of our own version hands over as well: a person asked for a restart. */
  readonly again: boolean;
}

const ATTEMPTS = 3;

/** Claims the place, after an older daemon in it has handed over. `already-running`: who is there stays. */
export async function takePlace({ again, ...options }: TakeOptions): Promise<Awaited<ReturnType<typeof openServer>>> {
  const { home, project, version } = options;
  for (let attempt = 1; ; attempt += 1) {
    const server = await openServer(options);
    if (server.ok || server.code !== "already-running" || attempt === ATTEMPTS) return server;
    // Two that were told to restart the same one must not restart each other.
    if (!(await askToHandOver({ home, project, version, again: again && attempt === 1 }))) return server;
  }
}

/** The older one's part: finishes what was asked, then ends everything in order; `close` gives the place up last. */
export async function handOver(server: Server, rest: () => void, close: () => Promise<void>): Promise<void> {
  rest();
  await server.drain();
  await close();
}
