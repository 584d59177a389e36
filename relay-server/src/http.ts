// What the relay answers over plain HTTP, and who may open a WebSocket: the path, and for browsers the page they come from.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { isLoopbackHost } from "@agora/protocol";
import type { MetricsAccess, RelayConfig } from "./config.ts";
import { CONSOLE_PATH, type ConsolePages } from "./console-pages.ts";
import { isServedHost } from "./served-hosts.ts";
import { RELAY_VERSION } from "./version.ts";

/** The pages. */
export interface Pages {
  readonly metrics: MetricsAccess;
  /** The console for members, if it is served. */
  readonly console: ConsolePages | undefined;
  /** Whether a Host header is one of the relay's names. */
  readonly serves: (host: string | undefined) => boolean;
  readonly status: () => "ok" | "closing";
  readonly rooms: () => number;
  readonly members: () => number;
  /** The text for Prometheus and its media type. */
  metricsText(): Promise<{ readonly text: string; readonly type: string }>;
}

/** Answers one request. */
export function answer(pages: Pages, request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request);
  if (request.method !== "GET" && request.method !== "HEAD")
    return say(response, 405, "text/plain", "Only GET is answered here.\n");
  // A load balancer asks for health under any name; other requests under a foreign name get no answer. [CONNECT-3]
  const isServed = pages.serves(request.headers.host);
  if (path === "/healthz") {
    const status = pages.status();
    if (!isServed)
      return say(response, status === "ok" ? 200 : 503, "application/json", `${JSON.stringify({ status })}\n`);
    const body = { status, rooms: pages.rooms(), members: pages.members(), version: RELAY_VERSION };
    return say(response, status === "ok" ? 200 : 503, "application/json", `${JSON.stringify(body)}\n`);
  }
  if (!isServed) return say(response, 421, "text/plain", "The relay does not answer under this name.\n");
  if (path === "/metrics" && mayReadMetrics(pages.metrics, request)) {
    pages.metricsText().then(
      ({ text, type }) => say(response, 200, type, text),
      () => say(response, 500, "text/plain", "The metrics could not be read.\n"),
    );
    return;
  }
  if (pages.console?.answer(path, request, response) === true) return;
  if (path === "/" && request.headers.accept?.includes("text/html") === true)
    return welcome(response, pages.console !== undefined);
  if (path === "/" || path === "/ws") {
    return say(response, 426, "text/plain", "This is an Agora relay: it speaks WebSocket.\n", { upgrade: "websocket" });
  }
  say(response, 404, "text/plain", "There is nothing here.\n");
}

/** What somebody sees who opens the relay's address in a browser: the console, or what this is. */
function welcome(response: ServerResponse, hasConsole: boolean): void {
  if (hasConsole) return say(response, 302, "text/plain", "The console is here.\n", { location: CONSOLE_PATH });
  say(response, 200, "text/html; charset=utf-8", WELCOME, { "content-security-policy": "default-src 'none'" });
}

const WELCOME = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>An Agora relay</title>
<h1>This is an Agora relay</h1>
<p>It passes messages between people and their coding agents, and keeps none of them. It has no page of its own.</p>
<p>To join a room here, ask whoever runs it for an invite, and give that to <code>agora start</code>.</p>
</html>
`;

/** Why this upgrade is refused, as an HTTP status; undefined when it isn't. [CONNECT-1] [CONNECT-2] */
export function refusalOfUpgrade(
  request: IncomingMessage,
  config: Pick<RelayConfig, "host" | "allowedHosts" | "allowedOrigins" | "publicUrl">,
): 403 | 404 | 421 | undefined {
  const path = pathOf(request);
  if (path !== "/" && path !== "/ws") return 404;
  const { allowedOrigins, publicUrl } = config;
  const { origin, host } = request.headers;
  // With a public address, a hello must be signed for it, whatever a proxy does to the header. [HELLO-4]
  if (publicUrl === undefined && !isServedHost(host, config)) return 421;
  if (origin === undefined || allowedOrigins.includes(origin)) return undefined;
  if (!URL.canParse(origin)) return 403;
  const from = new URL(origin).host;
  if (from !== "" && (from === host || (publicUrl !== undefined && from === new URL(publicUrl).host))) return undefined;
  return 403;
}

/** Answers a refused upgrade, and ends the socket. */
export function refuseUpgrade(socket: Duplex, status: 403 | 404 | 421 | 503): void {
  const words = { 403: "Forbidden", 404: "Not Found", 421: "Misdirected Request", 503: "Service Unavailable" };
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${words[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0]!;
}

// Behind a proxy on this machine every request comes from loopback, so a forwarded one isn't local.
function mayReadMetrics(access: MetricsAccess, request: IncomingMessage): boolean {
  if (access !== "local") return access === "on";
  const { headers } = request;
  if (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined || headers.via !== undefined)
    return false;
  return isLoopbackHost((request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""));
}

function say(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  more: Record<string, string> = {},
): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...more,
  });
  response.end(text);
}
