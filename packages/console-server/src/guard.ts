// Which requests are answered at all: the Host must be the loopback address itself, so that no web page reaches the console
// under its own name (DNS rebinding), and anything that changes something must come from the console's own page.
import type { IncomingMessage } from "node:http";
import { pageHeaders } from "@agora/console-page";

export interface Guard {
  /** Whether the request's Host is this server. */
  isHost(request: IncomingMessage): boolean;
  /** What to answer a request for another host; a forwarded port is one, too. */
  readonly hostSentence: string;
  /** Whether one of this server's pages asks; browsers say so with everything except plain loading. */
  isOwnPage(request: IncomingMessage): boolean;
  /** Whether another site made the browser ask. */
  isForeign(request: IncomingMessage): boolean;
}

/** Creates the guard of the server at `port`. */
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

/** The headers of every answer. The socket is listed separately, for browsers in which 'self' covers only pages. */
export function guardHeaders(port: number): Readonly<Record<string, string>> {
  return pageHeaders([`ws://127.0.0.1:${port}`]);
}
