// The HTTP server under a relay, with or without TLS, and its files.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readText } from "@agora/ports/read-text";
import type { RelayConfig } from "./config.ts";

/** How long a client may take to send the head of its request, milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;

/** Creates the server; throws one sentence when a TLS file can't be read. */
export function createHttpServer(config: RelayConfig, handle: Parameters<typeof createServer>[1] & object): Server {
  // TLS takes 15 ms to load, and most relays leave it to a proxy.
  const server =
    config.tls === undefined
      ? createServer(handle)
      : process.getBuiltinModule("node:https").createServer(readTls(config.tls), handle);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  return server;
}

/** The certificate and its key; throws one sentence. */
export function readTls({ certFile, keyFile }: NonNullable<RelayConfig["tls"]>): { cert: string; key: string } {
  return { cert: readFile(certFile, readText), key: readFile(keyFile, readText) };
}

/** Reads a file with `read`; throws one sentence when it can't be read. */
export function readFile<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Error(`${path} can't be read (${why}).`, { cause: error });
  }
}

/** Listens as configured and resolves with the port; rejects with one sentence. */
export function listen(server: Server, { host, port }: RelayConfig): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "another program listens there" : (error.code ?? error.message);
      reject(new Error(`The relay can't listen on ${host}:${port}: ${why}.`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The address for clients on this machine. */
export function urlOf({ host, tls }: RelayConfig, port: number): string {
  return `${tls === undefined ? "ws" : "wss"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
