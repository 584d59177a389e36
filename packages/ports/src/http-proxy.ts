// Reaches a relay through a company's proxy: HTTPS_PROXY, ALL_PROXY and NO_PROXY as other programs read them. Only a program
// with such a variable loads the libraries; plain ws is for this machine and uses no proxy. [ORIGIN-1]
import type { Agent } from "node:http";

/** A proxy to dial through. */
export interface HttpProxy {
  readonly agent: Agent;
  /** Without a password: for messages. */
  readonly host: string;
}

const VARIABLES = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"];

/** Whether the environment names a proxy at all. */
export function hasProxy(url: string, env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return url.startsWith("wss:") && VARIABLES.some((name) => Boolean(env[name] ?? env[name.toLowerCase()]));
}

/** The proxy for a `wss` address; undefined to dial directly. Throws when the variable holds no address. */
export async function findProxy(url: string): Promise<HttpProxy | undefined> {
  const [{ getProxyForUrl }, { HttpsProxyAgent }] = await Promise.all([
    import("proxy-from-env"),
    import("https-proxy-agent"),
  ]);
  const address = url.replace(/^wss:/, "https:");
  // Some people set only HTTP_PROXY: they mean a tunnel through it.
  const proxy = getProxyForUrl(address) || getProxyForUrl(address.replace(/^https:/, "http:"));
  if (proxy === "") return undefined;
  return { agent: new HttpsProxyAgent(proxy), host: new URL(proxy).host };
}

/** What an HTTP response in place of a WebSocket means, and what to do. */
export function answerSentence(status: number, proxy: string | undefined): string {
  const at = proxy === undefined ? "" : ` the proxy ${proxy}`;
  if (status === 407)
    return `HTTP 407:${at || " a proxy"} asks for a name and password: put them into HTTPS_PROXY (http://NAME:PASSWORD@HOST:PORT)`;
  if (proxy !== undefined && status >= 400)
    return `HTTP ${status}:${at} does not let us through to the relay: ask who runs it, or name the relay in NO_PROXY`;
  if (status < 400)
    return `HTTP ${status} instead of the relay: something on the way answered, sign in to this network with a browser`;
  if (status === 421)
    return `HTTP ${status}: the relay does not answer under this name: its admin adds it with --allow-hosts, or sets AGORA_PUBLIC_URL`;
  return `HTTP ${status} instead of a relay: check its address`;
}
