// The address of a relay, as a person types it and as the wire signs it.
import { harmlessLine } from "./harmless.ts";
import { fail, ok, type Result } from "./result.ts";

/** A relay's address: what to dial, and its origin (`wss://host[:port]`), under which keys and tokens are kept. */
export interface RelayAddress {
  readonly url: string;
  readonly origin: string;
  readonly loopback: boolean;
}

/** Whether a host name means this machine. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

// What a URL parser would silently drop or read as a slash: a person couldn't see where such an address leads.
const DECEPTIVE = /[\s\\\p{Cc}\p{Cf}]/u;
const MAX_ADDRESS_CHARS = 300;

function readUrl(text: string): URL | undefined {
  if (text.length > MAX_ADDRESS_CHARS || DECEPTIVE.test(text)) return undefined;
  const bare = !/^[a-z]+:\/\//i.test(text);
  try {
    if (!bare) return new URL(text.replace(/^http/i, "ws"));
    const url = new URL(`wss://${text}`);
    // Parsed again rather than edited, so that `localhost:443` keeps its port, which is wss's default but not ws's.
    return isLoopbackHost(url.hostname) ? new URL(`ws://${text}`) : url;
  } catch {
    return undefined;
  }
}

/**
 * Parses a relay's address. `relay.example.org` means `wss://relay.example.org/ws`; plain `ws` is accepted for loopback
 * only; a token never belongs in the address. [ORIGIN-1] [ORIGIN-2]
 */
export function parseRelayAddress(text: string): Result<RelayAddress, "bad-relay"> {
  const trimmed = text.trim();
  const url = readUrl(trimmed);
  if (url === undefined) {
    return fail(
      "bad-relay",
      `"${harmlessLine(trimmed, 100)}" is not a relay address: write it like wss://relay.example.org.`,
    );
  }
  if (url.protocol !== "wss:" && url.protocol !== "ws:") {
    return fail("bad-relay", `A relay's address begins with wss:// (or ws:// on this machine), not ${url.protocol}//.`);
  }
  const loopback = isLoopbackHost(url.hostname);
  if (url.protocol === "ws:" && !loopback) {
    return fail(
      "bad-relay",
      `${url.host} is not this machine: use wss://, so that nobody on the way can read the token.`,
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return fail("bad-relay", "A relay's address has no user, query or fragment: the token is given separately.");
  }
  const path = url.pathname === "/" ? "/ws" : url.pathname;
  return ok({ url: `${url.protocol}//${url.host}${path}`, origin: `${url.protocol}//${url.host}`, loopback });
}
