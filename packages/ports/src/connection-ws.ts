// A WebSocket (library `ws`) as a Connection.
import { WebSocket } from "ws";
import { dialSentence } from "./dial-sentence.ts";
import type { Connection, ConnectionEvents, Dial } from "./connection.ts";
import { answerSentence, findProxy, hasProxy, type HttpProxy } from "./http-proxy.ts";

const CLOSE_GRACE_MS = 2_000;
const LOST = 1006;

/** How to dial: the largest frame accepted, how long a handshake may take, additional certificate authorities. */
export interface DialOptions {
  readonly maxFrameBytes: number;
  readonly handshakeTimeoutMs: number;
  readonly ca?: readonly string[] | undefined;
}

/**
 * Creates a Dial over real sockets, through the proxy named by the environment. Compression is off; redirects are not
 * followed, so a token goes nowhere else.
 */
export function createDial(options: DialOptions): Dial {
  return (url, events) => (hasProxy(url) ? dialThroughProxy(url, options, events) : dial(url, options, events));
}

/**
 * Masks keep what a browser script sends from looking like a request to a caching proxy. No such script speaks here, and a
 * proxy sees only TLS: plain connections stay on this machine. A mask of zeros saves the copying and masking, which is half
 * the work of sending a file and of passing it on.
 */
function noMask(mask: Buffer): void {
  mask.fill(0);
}

function dial(url: string, options: DialOptions, events: ConnectionEvents, proxy?: HttpProxy): Connection {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    generateMask: noMask,
    maxPayload: options.maxFrameBytes,
    handshakeTimeout: options.handshakeTimeoutMs,
    followRedirects: false,
    ...(options.ca === undefined ? {} : { ca: [...knownAuthorities(), ...options.ca] }),
    ...(proxy === undefined ? {} : { agent: proxy.agent }),
  });
  let lastError = "";
  let peer: string | undefined;
  socket.on("upgrade", ({ socket: raw }) => {
    peer = proxy === undefined ? endOf(raw.remoteAddress, raw.remotePort) : undefined;
  });
  socket.on("open", () => events.opened(peer));
  socket.on("message", (data, isBinary) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
    if (isBinary) events.binary(bytes);
    else events.text(bytes.toString("utf8"));
  });
  socket.on("ping", events.alive);
  socket.on("pong", events.alive);
  socket.on("unexpected-response", (request, response) => {
    lastError = answerSentence(response.statusCode ?? 0, proxy?.host);
    request.destroy();
    socket.terminate();
  });
  socket.on("error", (error) => {
    lastError ||= dialSentence(error, url, proxy?.host);
  });
  socket.on("close", (code, reason) => events.closed(code, reason.toString("utf8") || lastError));
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    get unsent() {
      return socket.bufferedAmount;
    },
    ping() {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
    close(code, reason) {
      if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
    },
  };
}

/** One end of a connection, written the same way by both sides; an IPv4 address in IPv6 form is written as IPv4. */
export function endOf(address: string | undefined, port: number | undefined): string | undefined {
  return address === undefined || port === undefined ? undefined : `${address.replace(/^::ffff:/, "")}:${port}`;
}

/** Like `dial`, but loads the proxy libraries first. */
function dialThroughProxy(url: string, options: DialOptions, events: ConnectionEvents): Connection {
  let connection: Connection | undefined;
  let isEnded = false;
  const end = (reason: string): void => {
    if (isEnded) return;
    isEnded = true;
    events.closed(LOST, reason);
  };
  findProxy(url).then(
    (proxy) => {
      if (!isEnded) connection = dial(url, options, events, proxy);
    },
    (error: unknown) => end(`the proxy's address: ${error instanceof Error ? error.message : String(error)}`),
  );
  return {
    send: (frame) => connection?.send(frame),
    get unsent() {
      return connection?.unsent ?? 0;
    },
    ping: () => connection?.ping(),
    close(code, reason) {
      if (connection !== undefined) connection.close(code, reason);
      else setImmediate(() => end(reason));
    },
  };
}

/** What Node trusts by default, which `ca` would replace: includes NODE_EXTRA_CA_CERTS where Node can tell (from 22.15). */
function knownAuthorities(): readonly string[] {
  // TLS takes 15 ms to load: only who has a certificate authority of their own waits for it here.
  const { getCACertificates, rootCertificates } = process.getBuiltinModule("node:tls");
  return typeof getCACertificates === "function" ? getCACertificates("default") : rootCertificates;
}
