// The connections of an HTTP server, so that it can stop at once: Node closes idle ones, but not those opened in advance
// that never made a request, as many clients do.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface Connections {
  /** Counts a request as running until its response is sent. */
  serve(request: IncomingMessage, response: ServerResponse): void;
  /** Ends the connections without a running request. */
  endQuiet(): void;
  endAll(): void;
}

/** Tracks a server's connections. */
export function watchConnections(server: Server): Connections {
  const open = new Map<string, Socket>();
  const busy = new Map<string, number>();
  // A TLS connection and the socket below it are two objects with the same addresses.
  const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress ?? ""} ${remotePort ?? 0}`;
  server.on("connection", (socket: Socket) => {
    const key = keyOf(socket);
    open.set(key, socket);
    socket.once("close", () => {
      if (open.get(key) === socket) open.delete(key);
    });
  });
  return {
    serve({ socket }, response) {
      const key = keyOf(socket);
      busy.set(key, (busy.get(key) ?? 0) + 1);
      response.once("close", () => {
        const left = (busy.get(key) ?? 1) - 1;
        if (left > 0) busy.set(key, left);
        else busy.delete(key);
      });
    },
    endQuiet() {
      for (const [key, socket] of open) if (!busy.has(key)) socket.destroy();
    },
    endAll() {
      for (const socket of open.values()) socket.destroy();
    },
  };
}
