// The address of a relay, as a person writes it and as the wire signs it.
import { fail, ok, type Result } from "./result.ts";

/** A relay's address: what to dial and its origin (`wss://host[:port]`), by which keys and tokens are kept. */
export interface RelayAddress {
  readonly url: string;
  readonly origin: string;
  readonly loopback: boolean;
}

/** Whether a host name is this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Reads a relay's address. `relay.example.org` means `wss://relay.example.org/ws`; plain `ws` is taken for loopback
 * only, a token never belongs into the address. [ORIGIN-1]
 */
export function parseRelayAddress(text: string): Result<RelayAddress, "bad-relay"> {
  const trimmed = text.trim();
  const bare = !/^[a-z]+:\/\//i.test(trimmed);
  let url: URL;
  try {
    url = new URL(bare ? `wss://${trimmed}` : trimmed.replace(/^http/i, "ws"));
  } catch {
    return fail("bad-relay", `"${trimmed}" is no relay address: write it like wss://relay.example.org.`);
  }
  if (bare && isLoopbackHost(url.hostname)) url.protocol = "ws:";
  if (url.protocol !== "wss:" && url.protocol !== "ws:") {
    return fail("bad-relay", `A relay's address begins with wss:// (or ws:// on this machine), not ${url.protocol}//.`);
  }
  const loopback = isLoopbackHost(url.hostname);
  if (url.protocol === "ws:" && !loopback) {
    return fail("bad-relay", `${url.host} is not this machine: use wss://, so that nobody on the way can read the token.`);
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return fail("bad-relay", "A relay's address has no user, query or fragment: the token is given separately.");
  }
  const path = url.pathname === "/" ? "/ws" : url.pathname;
  return ok({ url: `${url.protocol}//${url.host}${path}`, origin: `${url.protocol}//${url.host}`, loopback });
}
