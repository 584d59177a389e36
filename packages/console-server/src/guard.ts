// Which requests are heard at all: the Host must be the loopback address itself, so that no web page reaches the console by a
// name of its own (DNS rebinding), and whatever changes something must come from the console's own page.
import type { IncomingMessage } from "node:http";

export interface Guard {
  /** Whether the request names this server. */
  isHost(request: IncomingMessage): boolean;
  /** Whether a page of this server asks; browsers say so with everything but plain loading. */
  isOwnPage(request: IncomingMessage): boolean;
  /** Whether another site made the browser ask. */
  isForeign(request: IncomingMessage): boolean;
}

/** Makes the guard of the server at `port`. */
export function createGuard(port: number): Guard {
  const host = `127.0.0.1:${port}`;
  return {
    isHost: ({ headers }) => headers.host === host,
    isOwnPage: ({ headers }) => headers.origin === `http://${host}`,
    isForeign({ headers }) {
      const site = headers["sec-fetch-site"];
      return site !== undefined && site !== "same-origin" && site !== "none";
    },
  };
}

/** The headers of every answer. Trusted types are demanded and no policy is allowed: no text ever becomes HTML. */
export function guardHeaders(port: number): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src 'self' ws://127.0.0.1:${port}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}
