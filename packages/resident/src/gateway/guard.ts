// Who may ask at all: the Host must be one of our names, so that no web page reaches us under its own name (DNS rebinding);
// the Origin, which only browsers send, must be allowed; URLs must not contain tokens.
import type { IncomingMessage } from "node:http";
import { fail, isLoopbackHost, ok, type Result } from "@agora/protocol";
import type { GatewayConfig } from "../config.ts";

export interface Guard {
  check(request: IncomingMessage, url: URL): Result<void, "wrong-host" | "wrong-origin" | "bad-request">;
  /** The headers that let an allowed web page read the response; none for anybody else. */
  corsHeaders(request: IncomingMessage): Readonly<Record<string, string>>;
}

const SECRET_NAMES = /^(access_)?token$|^authorization$|^bearer$|^grant$/i;

/** Creates the guard of a listening gateway; `port` is the one it got. */
export function createGuard(config: GatewayConfig, port: number): Guard {
  const hosts = new Set<string>(config.allowedHosts);
  for (const name of ["localhost", "127.0.0.1", "[::1]"]) hosts.add(`${name}:${port}`);
  if (!isLoopbackHost(config.host) && !/^(0\.0\.0\.0|::|)$/.test(config.host)) {
    hosts.add(config.host.includes(":") ? `[${config.host}]:${port}` : `${config.host}:${port}`.toLowerCase());
  }
  if (config.publicUrl !== undefined) {
    const { host, protocol } = new URL(config.publicUrl);
    hosts.add(host);
    hosts.add(`${host}${protocol === "https:" ? ":443" : ":80"}`);
  }
  const origins = new Set(config.allowedOrigins);
  return {
    check({ headers }, url) {
      if (!hosts.has((headers.host ?? "").toLowerCase())) {
        return fail(
          "wrong-host",
          "This gateway is not reached by that name: its operator lists more with --allowed-hosts.",
        );
      }
      if (headers.origin !== undefined && !origins.has(headers.origin)) {
        return fail(
          "wrong-origin",
          "Web pages may not call this gateway: its operator allows one with --allowed-origins.",
        );
      }
      if ([...url.searchParams.keys()].some((name) => SECRET_NAMES.test(name))) {
        return fail(
          "bad-request",
          "A token does not belong in a URL: send it as `Authorization: Bearer …`, and rotate this one.",
        );
      }
      return ok(undefined);
    },
    corsHeaders({ headers }) {
      if (headers.origin === undefined || !origins.has(headers.origin)) return {};
      return {
        "access-control-allow-origin": headers.origin,
        "access-control-expose-headers": "mcp-session-id, retry-after",
        vary: "origin",
      };
    },
  };
}

/** The answer to a browser's preflight. */
export const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST, DELETE",
  "access-control-allow-headers":
    "authorization, content-type, idempotency-key, last-event-id, mcp-session-id, mcp-protocol-version",
  "access-control-max-age": "600",
} as const;
