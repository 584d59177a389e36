// The keys of relays, one per origin: at an address that shows another key nobody is told anything. All projects of this user
// share the file. A key comes from an invite, from a person (`--trust-relay`), or from the first contact.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { checkFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** The relay at one origin. */
export interface RelayKey {
  readonly origin: string;
  /** Its public key; `none`: a person trusts it without one. */
  readonly key: string;
  /** Whether it was reached with nothing between, at first contact; not there when nobody has looked yet. */
  readonly isDirect?: boolean;
  /** Since when, unix milliseconds. */
  readonly at: number;
}

/** Above this the oldest are forgotten: relays on free ports come and go. */
const MAX_RELAYS = 1_000;

function relaysPath(home: Home): string {
  return join(home.path, "relays.json");
}

/** All relays whose key is kept. */
function listRelayKeys(home: Home): Result<readonly RelayKey[], HomeCode> {
  const there = checkFolder(home.path);
  if (!there.ok) return there;
  const text = there.value ? readPrivate(relaysPath(home), false) : ok(undefined);
  if (!text.ok) return text;
  if (text.value === undefined) return ok([]);
  try {
    const file: unknown = JSON.parse(text.value);
    if (typeof file === "object" && file !== null && "relays" in file && Array.isArray(file.relays))
      return ok(file.relays.filter((relay) => isRelayKey(relay)));
  } catch {
    // told below
  }
  return fail(
    "bad-file",
    `${relaysPath(home)} can't be read: restore it from a backup, or move it away to trust the relays' keys anew at first contact.`,
  );
}

function isRelayKey(value: unknown): value is RelayKey {
  if (typeof value !== "object" || value === null) return false;
  const { origin, key, at, isDirect } = value as Record<string, unknown>;
  return (
    typeof origin === "string" &&
    typeof key === "string" &&
    typeof at === "number" &&
    (isDirect === undefined || typeof isDirect === "boolean")
  );
}

/** What is kept of the relay at an origin. */
export function findRelayKey(home: Home, origin: string): Result<RelayKey | undefined, HomeCode> {
  const relays = listRelayKeys(home);
  return relays.ok ? ok(relays.value.find((relay) => relay.origin === origin)) : relays;
}

/** Keeps a key, instead of the one before; `first`: only if none was there but `none`. Gives what is kept then. */
export async function keepRelayKey(
  home: Home,
  relay: Omit<RelayKey, "at">,
  first = false,
): Promise<Result<RelayKey, HomeCode>> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  return withLock<RelayKey, HomeCode>(relaysPath(home), async () => {
    const relays = listRelayKeys(home);
    if (!relays.ok) return relays;
    const before = relays.value.find(({ origin }) => origin === relay.origin);
    const isOther = before !== undefined && before.key !== "none" && before.key !== relay.key;
    if (before !== undefined && first && (isOther || before.isDirect !== undefined)) return ok(before);
    const entry: RelayKey = { ...relay, at: Date.now() };
    const others = relays.value.filter(({ origin }) => origin !== relay.origin);
    const next = [...others, entry].slice(-MAX_RELAYS);
    const written = await replacePrivate(relaysPath(home), `${JSON.stringify({ v: 1, relays: next }, undefined, 2)}\n`);
    return written.ok ? ok(entry) : written;
  });
}

/** What is kept of one relay, for a link to it: read once, and kept at first contact. */
export interface RelayPins {
  readonly known: () => { readonly key?: string | undefined; readonly isDirect?: boolean | undefined };
  readonly learn: (trust: { readonly key: string; readonly isDirect: boolean }) => void;
}

/** Opens what is kept of the relay at an origin; `failed` hears when its key could not be kept. */
export function openRelayPins(
  home: Home,
  origin: string,
  failed: (sentence: string) => void,
): Result<RelayPins, HomeCode> {
  const found = findRelayKey(home, origin);
  if (!found.ok) return found;
  let trust: ReturnType<RelayPins["known"]> = found.value ?? {};
  return ok({
    known: () => trust,
    learn(next) {
      trust = next;
      void keepRelayKey(home, { origin, ...next }, true).then((kept) => {
        // Another process of this user was first: what it met counts, at the next dial.
        if (kept.ok) trust = kept.value;
        else failed(kept.message);
      });
    },
  });
}
