// Where a request comes from.
import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "@agora/protocol";
import type { RelayConfig } from "./config.ts";

/**
 * Where a request comes from, as far as that distinguishes people: behind our own proxy, the last address it recorded;
 * nothing for requests from this machine.
 */
export function addressOf({ headers, socket }: IncomingMessage, { publicUrl }: RelayConfig): string | undefined {
  const forwarded = publicUrl === undefined ? undefined : headers["x-forwarded-for"];
  const last = String(forwarded ?? "")
    .split(",")
    .at(-1)
    ?.trim();
  const address = last || (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return address === "" || isLoopbackHost(address) ? undefined : address;
}
