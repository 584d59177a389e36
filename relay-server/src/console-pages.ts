// The optional web console for members: just the page, the same for everybody. It joins like any client. It is served only
// under the relay's own names, so that no other site's name can lead a browser to it (DNS rebinding). [CONSOLE-1]
import type { IncomingMessage, ServerResponse } from "node:http";
import { createPage, pageHeaders } from "@agora/console-page";
import { isPublicHost, isServedHost, type Served } from "./served-hosts.ts";

/** The console's path. */
export const CONSOLE_PATH = "/console/";

export interface ConsolePages {
  /** Answers requests for the console; false for anything else. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/** Reads the page, to be served under the relay's own names. */
export function createConsolePages(served: Served): ConsolePages {
  const page = createPage("member.html");
  const headers = pageHeaders();
  const isOwn = (host: string | undefined): boolean =>
    served.publicUrl === undefined ? isServedHost(host, served) : isPublicHost(host, served);
  return {
    answer(path, request, response) {
      if (path === CONSOLE_PATH.slice(0, -1)) {
        response.writeHead(308, { location: CONSOLE_PATH, "content-length": 0 }).end();
        return true;
      }
      if (!path.startsWith(CONSOLE_PATH)) return false;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (!isOwn(request.headers.host)) {
        response.writeHead(421, { "content-type": "text/plain" }).end("This address is not the relay's.\n");
        return true;
      }
      return page.answer(path.slice(CONSOLE_PATH.length), request, response);
    },
  };
}
