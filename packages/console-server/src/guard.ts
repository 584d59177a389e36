// Which requests are heard at all: the Host must be the loopback address itself, so that no web page reaches the console by a
// name of its own (DNS rebinding), and whatever changes something must come from the console's own page.
import type { IncomingMessage } from "node:http";
import { pageHeaders } from "@agora/console-page";

export interface Guard {
  /** Whether the request names this server. */
  isHost(request: IncomingMessage): boolean;
  /** What is said to a request that names another: a forwarded port is one, too. */
  readonly hostSentence: string;
  /** Whether a page of this server asks; browsers say so with everything but plain loading. */
  isOwnPage(request: IncomingMessage): boolean;
  /** Whether another site made the browser ask. */
  isForeign(request: IncomingMessage): boolean;
}

/** Makes the guard of the server at `port`. */
export function createGuard(port: number): Guard {
  const host = `127.0.0.1:${port}`;
  return {
    hostSentence: `This address is not the console's, which is ${host} alone: forward that very port (ssh -L ${port}:${host} …) and open the address as it was printed.`,
    isHost: ({ headers }) => headers.host === host,
    isOwnPage: ({ headers }) => headers.origin === `http://${host}`,
    isForeign({ headers }) {
      const site = headers["sec-fetch-site"];
      return site !== undefined && site !== "same-origin" && site !== "none";
    },
  };
}

/** The headers of every answer; a browser that takes 'self' for pages alone is told of the socket, too. */
export function guardHeaders(port: number): Readonly<Record<string, string>> {
  return pageHeaders([`ws://127.0.0.1:${port}`]);
}
