// The relay: listens, turns sockets into connections, keeps time for all of them, and ends in order.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { readText } from "@agora/ports/read-text";
import { type Clock, createSigner, createVerifier, generateKeyPair, type Log } from "@agora/ports";
import { CLOSE_CODES, HEARTBEAT_MS, isLoopbackHost } from "@agora/protocol";
import type { Registry } from "prom-client";
import { WebSocket, WebSocketServer } from "ws";
import type { RelayConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { createConsolePages } from "./console-pages.ts";
import type { RelayContext } from "./context.ts";
import { Counts } from "./counts.ts";
import { Grants, readRevoked } from "./grants.ts";
import { sayFarewell } from "./farewell.ts";
import { answer, type Pages, refusalOfUpgrade, refuseUpgrade } from "./http.ts";
import { CLAIM_TTL_MS } from "./join.ts";
import type { Gauges } from "./metrics.ts";
import { memoryRoomStore } from "./room-store.ts";
import { JoinRate } from "./join-rate.ts";
import { RingBudget } from "./ring-budget.ts";
import { Rooms } from "./rooms.ts";
import { Seniority } from "./seniority.ts";
import { isServedHost } from "./served-hosts.ts";
import { WriteTurn } from "./writer.ts";

/** What a reader may leave unsent at least, bytes; two of the largest frames are always allowed. [CLOSE-4] */
const MIN_MAX_UNSENT_BYTES = 16 * 1024 * 1024;
/** Between two looks at what all connections make the relay hold, milliseconds. */
const AUDIT_MS = 250;
/** How long a closing relay waits for the other sides, milliseconds. */
const CLOSE_WAIT_MS = 2_000;
/** How long a client may take to send the head of its request, milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;

/** The world a relay runs in. */
export interface RelayWorld {
  readonly clock: Clock;
  readonly log: Log;
}

/** A running relay. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** What clients dial. */
  readonly url: string;
  /** The public half of the relay's key. */
  readonly key: string | undefined;
  /** Reads revoked grants and the TLS files again; members whose grant no longer counts are closed. Throws one sentence. */
  reload(): void;
  /** Stops accepting, tells everybody 1001, and waits a bounded time. */
  close(): Promise<void>;
}

/** Starts a relay; rejects with one sentence when a file can't be read or the port can't be had. */
export async function startRelay(config: RelayConfig, { clock, log }: RelayWorld): Promise<Relay> {
  // A relay of this machine always has one: its clients send no token to a relay that proves nothing.
  const pair = config.relayKey ?? (isLoopbackHost(config.host) ? generateKeyPair() : undefined);
  const counts = new Counts();
  const budget = new RingBudget(config.memoryBytes / 2);
  const store = memoryRoomStore(config.ring, clock, budget);
  const relay: RelayContext = {
    config,
    clock,
    log,
    verifier: createVerifier(),
    signer: pair === undefined ? undefined : createSigner(pair),
    grants: new Grants({ ...config, relayKey: pair }, clock),
    store,
    rooms: new Rooms(store, clock, counts, {
      all: config.maxRooms,
      perKey: config.limits.rooms ?? config.maxRooms,
      perAddress: config.maxRoomsPerAddress,
    }),
    counts,
    seniority: new Seniority(),
    joinRate: new JoinRate(clock),
    turn: new WriteTurn(),
    maxUnsentBytes: Math.max(MIN_MAX_UNSENT_BYTES, 2 * config.limits.frameBytes),
    life: randomBytes(9).toString("base64url"),
  };
  const connections = new Set<Connection>();
  let closing: Promise<void> | undefined;
  const pages = pagesOf(relay, connections, budget, () => closing !== undefined);

  if (config.revokedFile !== undefined) relay.grants.revoke(readFile(config.revokedFile, readRevoked));
  const server = createHttpServer(config, (request, response) => answer(pages, request, response));
  server.headersTimeout = HEADERS_TIMEOUT_MS;

  const sockets = new WebSocketServer({
    WebSocket: MemberSocket,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.limits.frameBytes,
  });
  const ended = (connection: Connection): void => void connections.delete(connection);
  server.on("upgrade", (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    const refusal = closing === undefined ? refusalOfUpgrade(request, config) : 503;
    if (refusal !== undefined) return refuseUpgrade(raw, refusal);
    const from = { host: request.headers.host ?? "", address: addressOf(request, config) };
    sockets.handleUpgrade(request, raw, head, (socket) => {
      const connection = new Connection(relay, socket, raw, from, ended);
      connections.add(connection);
      attach(socket, connection);
    });
  });

  const port = await listen(server, config);
  const heartbeat = clock.every(HEARTBEAT_MS, () => {
    for (const connection of connections) connection.heartbeat();
    renewClaims(relay);
    closeWithoutGrant(relay);
    relay.rooms.sweep();
  });

  const audit = clock.every(AUDIT_MS, () => closeHeaviest(connections, config.memoryBytes / 2));

  const close = async (): Promise<void> => {
    heartbeat();
    audit();
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    await sayFarewell(connections, clock);
    for (const connection of connections) connection.close(CLOSE_CODES.goingAway); // who came in while we closed
    server.closeIdleConnections();
    const late = setTimeout(() => {
      for (const connection of connections) connection.terminate();
      server.closeAllConnections();
    }, CLOSE_WAIT_MS);
    await stopped;
    clearTimeout(late);
    log.info("stopped");
  };
  return {
    port,
    url: config.publicUrl ?? urlOf(config, port),
    key: pair?.key,
    reload() {
      if (config.tls !== undefined && server instanceof TlsServer) server.setSecureContext(readTls(config.tls));
      if (config.revokedFile !== undefined) relay.grants.revoke(readFile(config.revokedFile, readRevoked));
      closeWithoutGrant(relay);
      log.info("reloaded");
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

/** A WebSocket that knows its connection, so that thousands of them share their listeners. */
class MemberSocket extends WebSocket {
  connection: Connection | undefined;
}

function attach(socket: MemberSocket, connection: Connection): void {
  socket.connection = connection;
  socket.on("message", heardMessage);
  socket.on("pong", heardPong);
  socket.on("close", heardClose);
  socket.on("error", heardError);
}

function heardMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  (this as MemberSocket).connection?.receive(data as Buffer, isBinary);
}

function heardPong(this: WebSocket): void {
  (this as MemberSocket).connection?.pong();
}

function heardClose(this: WebSocket, code: number): void {
  (this as MemberSocket).connection?.lost(code);
}

// `close` follows and says all there is to say.
function heardError(): void {}

/**
 * Where a request comes from, as far as that tells people apart: behind a proxy of ours by the last address that it wrote down;
 * what comes from this machine by nothing.
 */
function addressOf({ headers, socket }: IncomingMessage, { publicUrl }: RelayConfig): string | undefined {
  const forwarded = publicUrl === undefined ? undefined : headers["x-forwarded-for"];
  const last = String(forwarded ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  const address = last || (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return address === "" || isLoopbackHost(address) ? undefined : address;
}

/** Ends the connections that make the relay hold most, until all together are within the bound. [CLOSE-4] */
function closeHeaviest(connections: ReadonlySet<Connection>, maxBytes: number): void {
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

function pagesOf(
  relay: RelayContext,
  connections: ReadonlySet<Connection>,
  budget: RingBudget,
  isClosing: () => boolean,
): Pages {
  const gauges = {
    rooms: () => relay.rooms.size,
    members: () => relay.rooms.members,
    connections: () => connections.size,
    ringBytes: () => budget.bytes,
    memoryLimitBytes: () => relay.config.memoryBytes,
    unsentBytes: () => [...connections].reduce((sum, connection) => sum + connection.writer.unsentBytes, 0),
  };
  let registry: Promise<Registry> | undefined;
  return {
    metrics: relay.config.metrics,
    console: relay.config.console ? createConsolePages(relay.config) : undefined,
    serves: (host) => relay.config.publicUrl !== undefined || isServedHost(host, relay.config),
    status: () => (isClosing() ? "closing" : "ok"),
    ...gauges,
    async metricsText() {
      registry ??= loadMetrics(relay.counts, gauges);
      const made = await registry;
      return { text: await made.metrics(), type: made.contentType };
    },
  };
}

// Loaded at the first request only: most relays are never asked.
async function loadMetrics(counts: Counts, gauges: Gauges): Promise<Registry> {
  const { createMetrics } = await import("./metrics.ts");
  return createMetrics(counts, gauges);
}

function createHttpServer(config: RelayConfig, handle: Parameters<typeof createServer>[1] & object): Server {
  return config.tls === undefined ? createServer(handle) : createTlsServer(readTls(config.tls), handle);
}

function readTls({ certFile, keyFile }: NonNullable<RelayConfig["tls"]>): { cert: string; key: string } {
  return { cert: readFile(certFile, readText), key: readFile(keyFile, readText) };
}

function readFile<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Error(`${path} can't be read (${why}).`, { cause: error });
  }
}

function listen(server: Server, { host, port }: RelayConfig): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "another program listens there" : (error.code ?? error.message);
      reject(new Error(`The relay can't listen on ${host}:${port}: ${why}.`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function urlOf({ host, tls }: RelayConfig, port: number): string {
  return `${tls === undefined ? "ws" : "wss"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function renewClaims(relay: RelayContext): void {
  for (const room of relay.rooms.all()) {
    for (const { name, key } of room.members.values()) void relay.store.claim(room.name, name, key, CLAIM_TTL_MS);
  }
}

/** Closes the members whose grant has expired or was revoked. [GRANT-4] */
function closeWithoutGrant(relay: RelayContext): void {
  for (const room of relay.rooms.all()) {
    for (const member of room.members.values()) {
      if (member.operator !== undefined && !relay.grants.holds(member.operator)) {
        member.operator = undefined; // it stays as what it came in with
        room.changed(member);
      }
      if (relay.grants.holds(member.entitlement)) continue;
      relay.log.info("grant ended", { room: room.name, name: member.name });
      member.connection.close(CLOSE_CODES.badToken, "The grant has expired or was revoked.");
    }
  }
}
