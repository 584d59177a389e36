// The network between one daemon and the relay: a TCP proxy on loopback that can be cut, frozen, slowed and made unreachable.
import { connect, createServer, type Server, type Socket } from "node:net";

/** How the proxy treats what goes through it. */
type Way = "open" | "frozen" | "slow" | "late";

/** Both halves of one connection. */
interface Pipe {
  readonly near: Socket;
  readonly far: Socket;
  /** Nothing of it is forwarded any more, whatever the proxy does: the address has changed. */
  dead: boolean;
}

const SLOW_BYTES = 4_096;
const SLOW_EVERY_MS = 100;
const LATE_MS = 250;

export interface NetworkPath extends AsyncDisposable {
  readonly port: number;
  /** Connections made so far. */
  readonly made: number;
  /** Ends every connection. */
  cut(): void;
  /** Accepts and never forwards, until it is open again; then what waited goes on. */
  freeze(): void;
  /** What is connected now is never heard of again, and gets no end either; new connections are good. */
  abandon(): void;
  /** Ends every connection and refuses new ones. */
  unreachable(): void;
  /** The relay's frames come slowly. */
  slow(): void;
  /** Everything comes late. */
  late(): void;
  open(): void;
}

/** Opens a path to the relay at `relayPort`. */
export async function openPath(relayPort: number): Promise<NetworkPath> {
  const pipes = new Set<Pipe>();
  let way: Way = "open";
  let isReachable = true;
  let made = 0;
  const server: Server = createServer({ pauseOnConnect: true }, (near) => {
    if (!isReachable) return void near.destroy();
    made += 1;
    const far = connect(relayPort, "127.0.0.1");
    const pipe: Pipe = { near, far, dead: false };
    pipes.add(pipe);
    const end = (): void => {
      if (pipe.dead) return; // the other side learns nothing
      pipes.delete(pipe);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      from.on("data", (bytes: Buffer) => forward(pipe, from, to, bytes));
      from.on("error", end);
      from.on("close", end);
    }
    regulate(pipe);
  });

  const forward = (pipe: Pipe, from: Socket, to: Socket, bytes: Buffer): void => {
    const write = (): void => {
      if (pipe.dead || to.destroyed) return;
      if (!to.write(bytes)) {
        from.pause();
        to.once("drain", () => regulate(pipe));
      }
    };
    if (way === "late") setTimeout(write, LATE_MS);
    else write();
  };
  const regulate = (pipe: Pipe): void => {
    const isHeld = pipe.dead || way === "frozen";
    for (const socket of [pipe.near, pipe.far]) {
      if (isHeld || (way === "slow" && socket === pipe.far)) socket.pause();
      else socket.resume();
    }
  };
  const all = (): void => {
    for (const pipe of pipes) regulate(pipe);
  };
  const trickle = setInterval(() => {
    if (way !== "slow") return;
    for (const { far, dead } of pipes) if (!dead) far.read(Math.min(SLOW_BYTES, far.readableLength)); // "data" forwards it
  }, SLOW_EVERY_MS);
  const cut = (): void => {
    for (const { near, far, dead } of pipes) {
      if (dead) continue;
      near.destroy();
      far.destroy();
    }
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    get made() {
      return made;
    },
    cut,
    freeze() {
      way = "frozen";
      all();
    },
    abandon() {
      for (const pipe of pipes) pipe.dead = true;
      all();
    },
    unreachable() {
      isReachable = false;
      cut();
    },
    slow() {
      way = "slow";
      all();
    },
    late() {
      way = "late";
    },
    open() {
      way = "open";
      isReachable = true;
      all();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(trickle);
      for (const { near, far } of pipes) {
        near.destroy();
        far.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
