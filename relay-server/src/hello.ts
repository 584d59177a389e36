// Checks a hello: a client's first frame, which introduces its key under a name.
import {
  checkMemberName,
  chooseVersion,
  CLOSE_CODES,
  type CloseCode,
  type Hello,
  helloText,
  isLoopbackHost,
  type Verifier,
} from "@agora/protocol";

/** Who is at the other end of a connection. */
export interface ProvenIdentity {
  readonly name: string;
  readonly key: string;
}

/** A good hello, or the close code for a bad one. */
export type HelloCheck =
  | { readonly ok: true; readonly identity: ProvenIdentity; readonly version: number }
  | { readonly ok: false; readonly close: CloseCode };

/** What a hello is checked against. */
export interface HelloTerms {
  readonly nonce: string;
  /** The Host header of the request that opened the socket. */
  readonly host: string;
  /** The relay's own address, if configured. */
  readonly publicUrl: string | undefined;
}

/**
 * Whether a client that signed `origin` meant this relay. If an address is configured, only that one counts: a relay in the
 * middle could send any Host header. A loopback origin is signed only by clients that dialled loopback. [HELLO-4]
 */
export function isOurOrigin(origin: string, { host, publicUrl }: Pick<HelloTerms, "host" | "publicUrl">): boolean {
  try {
    const url = new URL(origin);
    if (publicUrl !== undefined && url.host === new URL(publicUrl).host) return true;
    if (publicUrl !== undefined && !isLoopbackHost(url.hostname)) return false;
    // The header is parsed as an address of the same scheme, so that a default port may be present or not.
    return url.host !== "" && url.host === new URL(`${url.protocol}//${host}`).host;
  } catch {
    return false;
  }
}

/** Checks version, name, origin and signature, in this order. [HELLO-3] [HELLO-4] [NAME-1] */
export function checkHello(hello: Hello, at: HelloTerms, verifier: Pick<Verifier, "verify">): HelloCheck {
  const version = chooseVersion(hello.v);
  if (version === undefined) return { ok: false, close: CLOSE_CODES.version };
  if (!checkMemberName(hello.name).ok) return { ok: false, close: CLOSE_CODES.invalidName };
  if (!isOurOrigin(hello.origin, at)) return { ok: false, close: CLOSE_CODES.wrongOrigin };
  if (!verifier.verify(hello.key, helloText(hello, at.nonce), hello.sig))
    return { ok: false, close: CLOSE_CODES.badSignature };
  return { ok: true, identity: { name: hello.name, key: hello.key }, version };
}
