// A WebSocket, by `ws`, as a Connection.
import { WebSocket } from "ws";
import type { Dial } from "./connection.ts";

const CLOSE_GRACE_MS = 2_000;

/** How to dial: the largest frame taken, how long a handshake may last, more certificate authorities. */
export interface DialOptions {
  readonly maxFrameBytes: number;
  readonly handshakeTimeoutMs: number;
  readonly ca?: readonly string[] | undefined;
}

/**
 * Masks keep what a script in a browser sends from looking like a request to a proxy that caches. Here no such script
 * speaks, and a proxy sees TLS: plain connections stay on this machine. With a mask of zeros nothing is copied and masked,
 * which is half the work of sending a file, and of passing it on.
 */
function noMask(mask: Buffer): void {
  mask.fill(0);
}

/** Makes a Dial over real sockets. Compression is off; redirects are not followed, so a token goes nowhere else. */
export function createDial(options: DialOptions): Dial {
  return (url, events) => {
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      generateMask: noMask,
      maxPayload: options.maxFrameBytes,
      handshakeTimeout: options.handshakeTimeoutMs,
      followRedirects: false,
      ...(options.ca === undefined ? {} : { ca: [...options.ca] }),
    });
    let lastError = "";
    socket.on("open", events.opened);
    socket.on("message", (data, isBinary) => {
      const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
      if (isBinary) events.binary(bytes);
      else events.text(bytes.toString("utf8"));
    });
    socket.on("ping", events.alive);
    socket.on("pong", events.alive);
    socket.on("error", (error) => {
      lastError = error.message;
    });
    socket.on("close", (code, reason) => events.closed(code, reason.toString("utf8") || lastError));
    return {
      send(frame) {
        if (socket.readyState === WebSocket.OPEN) socket.send(frame);
      },
      get unsent() {
        return socket.bufferedAmount;
      },
      close(code, reason) {
        if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
        socket.close(code, reason);
        setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
      },
    };
  };
}
