// Whether the relay at an address is still the same one: what is stored about its key, and why another is refused. A relay
// proves its key before it is told anything secret; one without a key is trusted by its TLS certificate alone. [PROOF-3]
import { type Greeting, NO_RELAY_KEY, type Verifier, welcomeText } from "@agora/protocol";

/** What is stored about the relay at one origin; empty before the first contact. */
export interface RelayTrust {
  /** Its public key, or `none`. */
  readonly key?: string | undefined;
  /** Whether it was reached directly when first seen. [PROOF-5] */
  readonly isDirect?: boolean | undefined;
}

/** Finds what is stored about one relay, and stores it at first contact. */
export interface RelayPins {
  readonly known: () => RelayTrust;
  readonly learn: (trust: { readonly key: string; readonly isDirect: boolean }) => void;
}

/** Pins that live as long as their owner. */
export function memoryRelayPins(first: RelayTrust = {}): RelayPins {
  let trust = first;
  return {
    known: () => trust,
    learn(next) {
      trust = next;
    },
  };
}

const HOW = "agora start --trust-relay";

/** Why we won't talk to a relay that shows this key, or none; undefined when we will. [PROOF-3] */
export function shownKeyRefusal(origin: string, trust: RelayTrust, shown: string | undefined): string | undefined {
  const kept = trust.key === NO_RELAY_KEY ? undefined : trust.key;
  if (shown === undefined && kept !== undefined)
    return `The relay at ${origin} proves no key, and ${kept} is kept for it: another program may have taken its place. If it really went back to an older version: ${HOW} ${NO_RELAY_KEY}`;
  if (shown === undefined && trust.key !== NO_RELAY_KEY && origin.startsWith("ws://"))
    return `The relay at ${origin} proves no key, so the token is not sent: it is older than this client, or another program took its port. Restart it with this version; if it is yours and stays as it is: ${HOW} ${NO_RELAY_KEY}`;
  if (shown !== undefined && kept !== undefined && shown !== kept)
    return `The relay at ${origin} shows the key ${shown}, and ${kept} is kept for it: another program may have taken its place. Only if its admin says that the key has changed: ${HOW} ${shown}`;
  return undefined;
}

/** Why a `welcome` isn't believed; undefined when it is, or when no key was shown. */
export function welcomeRefusal(
  { origin, verifier }: { readonly origin: string; readonly verifier: Pick<Verifier, "verify"> },
  trust: RelayTrust,
  said: {
    readonly greeting: Greeting;
    readonly shown: string | undefined;
    readonly sig: string | undefined;
    readonly isDirect: boolean;
  },
): string | undefined {
  const { greeting, shown, sig, isDirect } = said;
  if (shown === undefined) return undefined;
  const isProven =
    greeting.welcome.key === shown && sig !== undefined && verifier.verify(shown, welcomeText(greeting), sig);
  if (!isProven) return `The program at ${origin} did not prove the key it showed: it is not the relay.`;
  if (trust.isDirect === true && !isDirect && origin.startsWith("ws://"))
    return `Another program stands between you and the relay at ${origin}, which was reached directly before. If that is a tunnel of yours: ${HOW} ${shown}`;
  return undefined;
}
