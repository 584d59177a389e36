import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isLoopbackHost, parseRelayAddress } from "./origin.ts";

test("any text is an address that keeps the rules, or refused with one sentence [ORIGIN-1] [ORIGIN-2]", () => {
  const pieces = fc.constantFrom(
    "wss://",
    "ws://",
    "https://",
    "http://",
    "relay.example.org",
    "127.0.0.1",
    "[::1]",
    "localhost",
    ":8080",
    ":443",
    "/",
    "/ws",
    "@",
    "?",
    "#",
    "\\",
    "%2f",
    "a:b",
    "..",
    "\n",
    "\u202e",
    "xn--",
    "１２７.0.0.1",
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
    fc.webUrl(),
  );
  fc.assert(
    fc.property(text, (written) => {
      const read = parseRelayAddress(written);
      const holds = read.ok ? keepsTheRules(read.value) : read.message.endsWith(".") && read.message.length < 500;
      expect({ written, holds }).toEqual({ written, holds: true });
    }),
    { numRuns: 3_000 },
  );
});

function keepsTheRules({
  url,
  origin,
  loopback,
}: {
  readonly url: string;
  readonly origin: string;
  readonly loopback: boolean;
}): boolean {
  const { protocol, hostname, username, password, search, hash, pathname } = new URL(url);
  const isBare =
    [username, password, search, hash].every((part) => part === "") && !url.includes("#") && !url.includes("?");
  const isSafe = protocol === "wss:" || (protocol === "ws:" && isLoopbackHost(hostname));
  const again = parseRelayAddress(url);
  const isStable = again.ok && again.value.url === url && again.value.origin === origin;
  return (
    isBare &&
    isSafe &&
    isStable &&
    loopback === isLoopbackHost(hostname) &&
    pathname !== "/" &&
    url.startsWith(`${origin}/`)
  );
}

test("what a refused address is quoted with can't act on a terminal [ORIGIN-1] [SHOW-1]", () => {
  const read = parseRelayAddress(`wss://\u001b[2J\u202e${"x".repeat(1_000)}`);
  expect(read).toMatchObject({ ok: false, message: /^"wss:\/\/⟨U\+001B⟩\[2J⟨U\+202E⟩x+…" is not a relay address/ });
});

test("this machine goes by a few names only [ORIGIN-1]", () => {
  for (const host of ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"]) expect(isLoopbackHost(host)).toBe(true);
  for (const host of ["localhost.example.org", "127.0.0.1.nip.io", "0.0.0.0", "10.0.0.1", "127", "[::]", ""])
    expect(isLoopbackHost(host)).toBe(false);
});
