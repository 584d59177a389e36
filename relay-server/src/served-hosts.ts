// The names the relay answers to. Without a public address they are this machine's: a page under a foreign name that was
// made to lead here (DNS rebinding) isn't served, and can't open a WebSocket. [CONNECT-3]
import { isIP } from "node:net";
import { isLoopbackHost } from "@agora/protocol";
import type { RelayConfig } from "./config.ts";

/** The settings that decide it. */
export type Served = Pick<RelayConfig, "host" | "publicUrl" | "allowedHosts">;

/** The names, as shown to the admin. */
export function servedNames({ host, publicUrl, allowedHosts }: Served): string[] {
  return [
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).host]),
    "localhost",
    "127.0.0.1",
    ...(publicUrl === undefined && !isLoopbackHost(host) ? ["its IP addresses"] : []),
    ...allowedHosts,
  ];
}

/** Whether it is the relay's public name, or one that was added to it. */
export function isPublicHost(header: string | undefined, { publicUrl, allowedHosts }: Served): boolean {
  if (header === undefined || publicUrl === undefined) return false;
  return [new URL(publicUrl).host, ...allowedHosts].some((name) => sameHost(header, name));
}

/** Whether a request to this host is meant for us; `header` is its Host. */
export function isServedHost(header: string | undefined, { host, publicUrl, allowedHosts }: Served): boolean {
  if (isPublicHost(header, { host, publicUrl, allowedHosts })) return true;
  const url = header !== undefined && URL.canParse(`http://${header}`) ? new URL(`http://${header}`) : undefined;
  if (url === undefined || url.host === "") return false;
  if (isLoopbackHost(url.hostname) || allowedHosts.some((name) => name === url.host || name === url.hostname))
    return true;
  // Without a name there is nothing to rebind: a relay that listens for others is also reached by address.
  return !isLoopbackHost(host) && isIP(url.hostname.replaceAll(/[[\]]/g, "")) !== 0;
}

function sameHost(header: string, own: string): boolean {
  return header === own || (URL.canParse(`https://${header}`) && new URL(`https://${header}`).host === own);
}
