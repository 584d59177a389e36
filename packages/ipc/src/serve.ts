// The daemon's listening side: claims the project's socket, lets proven clients in, and notices when the socket is no longer
// its own.
import { unlinkSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { ensureSocketFolder, type Home, type HomeCode, ipcSecret, ok, socketPath } from "@agora/user-config";
import type { Clock, Log } from "@agora/ports";
import type { Result } from "@agora/protocol";
import { createGate } from "./gate.ts";
import { forgetMoved, noteMoved } from "./hand-over.ts";
import { DRAIN_MS, MAX_SESSIONS, PLACE_CHECK_MS } from "./limits.ts";
import { claimSocket } from "./socket-claim.ts";
import type { AnyHandlers, Session } from "./carry-out.ts";
import type { RequestTable } from "./messages.ts";
import { serveSession } from "./session.ts";

export interface ServerOptions {
  readonly home: Home;
  /** The project's real path. */
  readonly project: string;
  readonly version: string;
  /** While this promise is pending, requests wait: claim first, then open the journal, then provide the handlers. */
  readonly handlers: AnyHandlers | Promise<AnyHandlers>;
  /** What it answers; a member's requests by default. */
  readonly requests?: RequestTable;
  readonly log: Log;
  readonly clock: Clock;
}

/** A claimed socket and its clients. Dispose it last: while it listens, no successor starts. */
export interface Server extends AsyncDisposable {
  readonly path: string;
  /** Resolves when another daemon took the socket (or it vanished): exit then. Never settles otherwise. */
  readonly replaced: Promise<void>;
  /** Currently connected clients. */
  readonly sessions: number;
  /**
   * Before a successor takes over: resolves when running requests are answered; nothing new starts. If disposed after this,
   * clients are told to connect again.
   */
  drain(): Promise<void>;
}

/** How long already written answers get to reach their clients when the server closes. */
const FLUSH_MS = 500;

/**
 * Claims the project's socket and serves. `already-running`: another daemon has it; exit quietly with 0. Don't touch
 * anything of the project before this succeeds.
 */
export async function openServer(options: ServerOptions): Promise<Result<Server, "already-running" | HomeCode>> {
  const { home, project, version, log, clock } = options;
  const place = socketPath(home, project);
  const folder = ensureSocketFolder(home, place);
  if (!folder.ok) return folder;
  const secret = ipcSecret(home);
  if (!secret.ok) return secret;
  const requests = options.requests ?? (await import("./requests/index.ts")).REQUESTS;
  const handlers = Promise.resolve(options.handlers);
  handlers.catch(() => undefined); // each request reports it

  const sockets = new Map<Socket, Session>();
  const gate = createGate(clock);
  let lastId = 0;
  const server = createServer((socket) => {
    socket.once("close", () => sockets.delete(socket));
    const full = sockets.size >= MAX_SESSIONS;
    const session = serveSession(socket, String(++lastId), {
      project,
      version,
      secret: secret.value,
      handlers,
      requests,
      gate,
      log,
      clock,
      full,
    });
    sockets.set(socket, session);
  });
  const held = await claimSocket(place, server);
  if (!held.ok) return held;
  server.on("error", (error) => log.warn("ipc.listen", { error: error.message }));
  writePid(place.pidFile);
  forgetMoved(place);

  let stopChecking = (): void => undefined;
  const replaced = new Promise<void>((resolve) => {
    stopChecking = clock.every(PLACE_CHECK_MS, () => {
      if (held.value.isMine()) return;
      stopChecking();
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    stopChecking();
    if (held.value.isMine()) {
      removePid(place.pidFile);
      if (gate.closed) noteMoved(place);
    }
    held.value.leave();
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const [socket, session] of sockets) {
      if (gate.closed) session.push({ push: "moved" });
      socket.end();
    }
    const late = setTimeout(() => {
      for (const socket of sockets.keys()) socket.destroy();
    }, FLUSH_MS);
    await ended;
    clearTimeout(late);
  };
  let closing: Promise<void> | undefined;
  return ok({
    path: place.path,
    replaced,
    get sessions() {
      return sockets.size;
    },
    drain: () => gate.close(DRAIN_MS),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  });
}

/** Only shown to people when a daemon doesn't answer; nothing depends on it. */
function writePid(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    // The message then has no pid.
  }
}

function removePid(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone.
  }
}
