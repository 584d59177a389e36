// How a relay proves its key, and a client its token, without revealing a secret. Both texts bind the whole greeting: both
// nonces, the origin with its port, the client's key and the relay's.
import { isSignature } from "./event.ts";
import type { Challenge, Hello, Welcome } from "./frames.ts";

/** Stands in place of a key: the person trusts this relay without one. */
export const NO_RELAY_KEY = "none";

/** What was said on a connection up to `welcome`. */
export interface Greeting {
  readonly challenge: Pick<Challenge, "nonce" | "v">;
  readonly hello: Pick<Hello, "nonce" | "origin" | "name" | "key" | "v">;
  readonly welcome: Pick<Welcome, "v" | "key" | "life" | "at">;
}

/** What `welcome.sig` signs. [PROOF-2] */
export function welcomeText({ challenge, hello, welcome }: Greeting): string {
  return [
    "agora-welcome-v1",
    challenge.nonce,
    challenge.v.join(","),
    hello.nonce ?? "",
    hello.origin,
    hello.name,
    hello.key,
    hello.v.join(","),
    String(welcome.v),
    welcome.key ?? "",
    welcome.life,
    welcome.at ?? "",
  ].join("\n");
}

/** What `join.proof` is the HMAC-SHA256 of, keyed with the token's UTF-8. [PROOF-4] */
export function proofText(room: string, greeting: Greeting): string {
  return `agora-token-v1\n${room}\n${welcomeText(greeting)}`;
}

/**
 * Whether a join token is a grant (a JWT signed with EdDSA): a grant must be shown as it is, or nobody could check its
 * signature.
 */
export function isGrantToken(token: string): boolean {
  const [head = "", , sig = "", more] = token.split(".");
  if (more !== undefined || !isSignature(sig)) return false;
  try {
    const value: unknown = JSON.parse(atob(head.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof value === "object" && value !== null && "alg" in value && value.alg === "EdDSA";
  } catch {
    return false;
  }
}
