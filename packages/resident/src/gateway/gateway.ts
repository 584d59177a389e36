// The gateway: one HTTP server for all rooms of a resident. Requests are guarded, authenticated and rate-limited here, and
// carried out in `rest.ts` and `mcp-endpoint.ts`.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { readText } from "@agora/ports/read-text";
import type { Home } from "@agora/user-config";
import type { Log } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import type { GatewayConfig } from "../config.ts";
import * as limits from "../limits.ts";
import type { Shared } from "../live-member.ts";
import type { RoomHost } from "../room-host.ts";
import { answerFailure, answerValue } from "./answer.ts";
import type { Call } from "./call.ts";
import { watchConnections } from "./connections.ts";
import { createGuard, type Guard, PREFLIGHT } from "./guard.ts";
import { createMcpEndpoint, type McpEndpoint } from "./mcp-endpoint.ts";
import { createGatewayMembers } from "./members.ts";
import { createAuthenticator } from "./principal.ts";
import { createRateLimit } from "./rate.ts";
import { answerRest } from "./rest.ts";
import { createStreams } from "./streams.ts";

/** A listening gateway. Disposing it ends its streams, sessions and members within seconds. */
export interface Gateway extends AsyncDisposable {
  readonly port: number;
  /** Its address on this machine, or its public URL. */
  readonly url: string;
}

/** While stopping, the interval between checks for idle connections. */
const QUIET_CHECK_MS = 20;

/** Listens, and brings back the members that were here before. */
export async function openGateway(options: {
  readonly home: Home;
  readonly rooms: readonly RoomHost[];
  readonly config: GatewayConfig;
  readonly shared: Shared;
}): Promise<Result<Gateway>> {
  const { home, rooms, config, shared } = options;
  const { clock } = shared;
  const log: Log = rooms[0]!.log;
  const admitting = rooms.map(({ name, settings, now }) => ({ name, root: settings.root, now }));
  const auth = createAuthenticator(home, admitting, clock, log);
  const members = createGatewayMembers({ home, rooms, config, shared, auth, log });
  const streams = createStreams();
  const mcp: McpEndpoint = createMcpEndpoint({ home, version: shared.version, clock });
  const paces = createRateLimit(limits.MEMBER_RATE, clock);
  const refusals = createRateLimit(limits.REFUSED_RATE, clock);
  let guard: Guard | undefined;
  let stopping = false;

  const health = (response: ServerResponse): void => {
    const joined = rooms.filter((room) => room.isJoined()).length;
    // Numbers only: anybody may ask.
    answerValue(response, { ok: !stopping, rooms: rooms.length, joined }, stopping ? 503 : 200);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.canParse(request.url ?? "", "http://gateway")
      ? new URL(request.url ?? "", "http://gateway")
      : undefined;
    if (url === undefined || guard === undefined)
      return answerFailure(response, fail("bad-request", "That is no path."));
    if (url.pathname === "/healthz" && (request.method === "GET" || request.method === "HEAD")) return health(response);
    const allowed = guard.check(request, url);
    if (!allowed.ok) return answerFailure(response, allowed);
    for (const [name, value] of Object.entries(guard.corsHeaders(request))) response.setHeader(name, value);
    if (request.method === "OPTIONS" && request.headers.origin !== undefined) {
      response.writeHead(204, PREFLIGHT).end();
      return;
    }
    if (url.pathname !== "/mcp" && !url.pathname.startsWith("/v1/")) {
      return answerFailure(response, fail("not-found", "Here are /mcp, /v1/… and /healthz."));
    }
    if (stopping)
      return answerFailure(response, fail("gone", "The gateway is stopping: ask again in a moment."), {
        "retry-after": "5",
      });

    const bearer = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? "")?.[1];
    const principal =
      bearer === undefined
        ? fail("unauthorized", "Send a token of this gateway, or a grant, as `Authorization: Bearer …`.")
        : await auth.check(bearer);
    if (!principal.ok) {
      // Bad tokens don't slow down good ones: many callers may come from one proxy's address.
      const barred = bearer === undefined ? 0 : refusals.take(request.socket.remoteAddress ?? "");
      if (barred > 0) return tooMany(response, barred, "Too many bearers of yours were refused: wait a moment.");
      return answerFailure(response, principal);
    }
    const { name, room } = principal.value;
    const wait = paces.take(`${room}/${name}`);
    if (wait > 0) return tooMany(response, wait, "Too many requests: wait a moment.");
    const member = await members.open(principal.value);
    if (!member.ok) return answerFailure(response, member, member.code === "full" ? { "retry-after": "60" } : {});
    const holds = (): boolean => auth.holds(principal.value);
    const call: Call = {
      request,
      response,
      url,
      principal: principal.value,
      member: member.value,
      clock,
      streams,
      holds,
    };
    await (url.pathname === "/mcp" ? mcp.answer(call) : answerRest(call));
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    connections.serve(request, response);
    answer(request, response).catch((error: unknown) => {
      // Never the request itself: it contains a token.
      log.warn("gateway-request", {
        method: request.method,
        error: error instanceof Error ? (error.stack ?? "") : String(error),
      });
      if (!response.headersSent)
        answerFailure(response, fail("internal", "Internal error: nothing was done. The gateway's log has more."));
      else response.destroy();
    });
  };

  const made = makeServer(config, onRequest);
  if (!made.ok) return made;
  const server = made.value;
  const connections = watchConnections(server);
  const port = await listen(server, config);
  if (!port.ok) return port;
  guard = createGuard(config, port.value);
  const stopSweep = clock.every(limits.REVOKED_EVERY_MS, () => {
    streams.sweep(auth);
    mcp.sweep(auth);
    void members.care().catch((error: unknown) => log.warn("gateway-care", { error: String(error) }));
  });
  void members.restore().catch((error: unknown) => log.warn("gateway-restore", { error: String(error) }));
  log.info("gateway-listens", { port: port.value, host: config.host });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopping = true;
    stopSweep();
    streams.endAll("the gateway is stopping: come back in a moment");
    await mcp.close();
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    const late = setTimeout(() => connections.endAll(), limits.STOP_MS);
    // A connection is idle once its last response has been sent.
    const idle = setInterval(() => connections.endQuiet(), QUIET_CHECK_MS);
    await ended;
    clearTimeout(late);
    clearInterval(idle);
    await members[Symbol.asyncDispose]();
  };
  const scheme = config.tls === undefined ? "http" : "https";
  const shownHost = /^(0\.0\.0\.0|::|)$/.test(config.host) ? "127.0.0.1" : config.host;
  return ok({
    port: port.value,
    url: config.publicUrl ?? `${scheme}://${shownHost.includes(":") ? `[${shownHost}]` : shownHost}:${port.value}`,
    [Symbol.asyncDispose]: () => (closing ??= close()),
  });
}

function tooMany(response: ServerResponse, waitMs: number, message: string): void {
  answerFailure(response, fail("too-many", message), { "retry-after": String(Math.ceil(waitMs / 1_000)) });
}

function makeServer(
  config: GatewayConfig,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Result<Server> {
  const bounds = {
    headersTimeout: limits.HEADERS_TIMEOUT_MS,
    requestTimeout: limits.REQUEST_TIMEOUT_MS,
    keepAliveTimeout: limits.KEPT_ALIVE_MS,
    maxHeaderSize: 16 * 1024,
  };
  let server: Server;
  if (config.tls === undefined) server = createServer(bounds, onRequest);
  else {
    try {
      const [cert, key] = [readText(config.tls.certFile), readText(config.tls.keyFile)];
      server = createTlsServer({ ...bounds, cert, key, handshakeTimeout: limits.HEADERS_TIMEOUT_MS }, onRequest);
    } catch (error) {
      return fail(
        "bad-file",
        `The TLS certificate can't be used (${error instanceof Error ? error.message : String(error)}).`,
      );
    }
  }
  server.maxConnections = limits.MAX_CONNECTIONS;
  server.on("clientError", (_, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
    else socket.destroy();
  });
  return ok(server);
}

function listen(server: Server, { host, port }: GatewayConfig): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "another program listens there" : (error.code ?? error.message);
      resolve(
        fail("refused", `The gateway can't listen on ${host}:${port} (${why}): choose another port with --http.`),
      );
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      server.on("error", () => undefined);
      resolve(ok((server.address() as AddressInfo).port));
    });
  });
}
