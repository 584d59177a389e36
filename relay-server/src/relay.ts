// The relay: listens, turns sockets into connections, keeps time for all of them, and shuts down in order.
import type { Server as TlsServer } from "node:https";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type Clock, generateKeyPair, type Log } from "@agora/ports";
import { CLOSE_CODES, HEARTBEAT_MS, isLoopbackHost } from "@agora/protocol";
import { WebSocketServer } from "ws";
import { closeHeaviest } from "./audit.ts";
import type { RelayConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import { sayFarewell } from "./farewell.ts";
import { readRevoked } from "./grants.ts";
import { createHttpServer, listen, readFile, readTls, urlOf } from "./http-server.ts";
import { answer, refusalOfUpgrade, refuseUpgrade } from "./http.ts";
import { makeContext } from "./make-context.ts";
import { attach, MemberSocket } from "./member-socket.ts";
import { memoryPorts } from "./memory/ports.ts";
import { RingBudget } from "./memory/ring-budget.ts";
import type { RelayPorts } from "./ports/ports.ts";
import { pagesOf } from "./relay-pages.ts";
import { addressOf } from "./request-address.ts";
import { beat, closeWithoutGrant } from "./upkeep.ts";

/** Between two checks of what all connections make the relay hold, milliseconds. */
const AUDIT_MS = 250;
/** How long a closing relay waits for the other sides, milliseconds. */
const CLOSE_WAIT_MS = 2_000;

/** What a relay gets from outside. */
export interface RelayWorld {
  readonly clock: Clock;
  readonly log: Log;
  /** What its rooms depend on; by default this process's memory. */
  readonly ports?: RelayPorts;
}

/** A running relay. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** The address that clients dial. */
  readonly url: string;
  /** The public half of the relay's key. */
  readonly key: string | undefined;
  /**
   * Rereads revoked grants and the TLS files; members whose grant is no longer valid are disconnected. Throws one sentence.
   */
  reload(): void;
  /** Stops accepting, tells everybody 1001, and waits a bounded time. */
  close(): Promise<void>;
}

/** Starts a relay; rejects with one sentence when a file can't be read or it can't listen on the port. */
export async function startRelay(config: RelayConfig, { clock, log, ports }: RelayWorld): Promise<Relay> {
  // A relay on this machine always has one: its clients send no token to a relay that proves nothing.
  const pair = config.relayKey ?? (isLoopbackHost(config.host) ? generateKeyPair() : undefined);
  const budget = new RingBudget(config.memoryBytes / 2);
  const itsPorts = ports ?? memoryPorts(config.ring, clock, budget);
  const relay = makeContext({ config, clock, log, ports: itsPorts, pair });
  const connections = new Set<Connection>();
  let closing: Promise<void> | undefined;
  const isClosing = (): boolean => closing !== undefined;
  const pages = pagesOf(relay, connections, budget, isClosing);

  if (config.revokedFile !== undefined) relay.grants.revoke(readFile(config.revokedFile, readRevoked));
  const server = createHttpServer(config, (request, response) => answer(pages, request, response));
  takeUpgrades(relay, server, connections, isClosing);
  const port = await listen(server, config);
  const heartbeat = clock.every(HEARTBEAT_MS, () => beat(relay, connections));
  const audit = clock.every(AUDIT_MS, () => closeHeaviest(connections, config.memoryBytes / 2));

  const close = async (): Promise<void> => {
    heartbeat();
    audit();
    await end(server, connections, clock);
    log.info("stopped");
  };
  return {
    port,
    url: config.publicUrl ?? urlOf(config, port),
    key: pair?.key,
    reload() {
      if (config.tls !== undefined && "setSecureContext" in server)
        (server as TlsServer).setSecureContext(readTls(config.tls));
      if (config.revokedFile !== undefined) relay.grants.revoke(readFile(config.revokedFile, readRevoked));
      closeWithoutGrant(relay);
      log.info("reloaded");
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

/** Turns the server's WebSocket upgrades into connections. */
function takeUpgrades(
  relay: RelayContext,
  server: Server,
  connections: Set<Connection>,
  isClosing: () => boolean,
): void {
  const { config } = relay;
  const sockets = new WebSocketServer({
    WebSocket: MemberSocket,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.limits.frameBytes,
  });
  const ended = (connection: Connection): void => void connections.delete(connection);
  server.on("upgrade", (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    const refusal = isClosing() ? 503 : refusalOfUpgrade(request, config);
    if (refusal !== undefined) return refuseUpgrade(raw, refusal);
    const from = { host: request.headers.host ?? "", address: addressOf(request, config) };
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const connection = new Connection(relay, socket, raw, from, ended);
      connections.add(connection);
      attach(socket, connection);
    });
  });
}

/** Tells everybody that the relay is closing, and waits a bounded time until it is done. [CLOSE-5] */
async function end(server: Server, connections: ReadonlySet<Connection>, clock: Clock): Promise<void> {
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  await sayFarewell(connections, clock);
  for (const connection of connections) connection.close(CLOSE_CODES.goingAway); // those that came in while we closed
  server.closeIdleConnections();
  const late = setTimeout(() => {
    for (const connection of connections) connection.terminate();
    server.closeAllConnections();
  }, CLOSE_WAIT_MS);
  await stopped;
  clearTimeout(late);
}
