// The keys of relays, one per origin: an address that shows a different key is told nothing. All of this user's projects
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
  /** Whether the first contact was direct, with nothing in between; absent while nobody has looked. */
  readonly isDirect?: boolean;
  /** Since when, unix milliseconds. */
  readonly at: number;
}

/** Beyond this number the oldest are forgotten: relays on random ports come and go. */
const MAX_RELAYS = 1_000;

function relaysPath(home: Home): string {
  return join(home.path, "relays.json");
}

/** All relays with a stored key. */
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
    // reported below
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

/** What is stored about the relay at an origin. */
export function findRelayKey(home: Home, origin: string): Result<RelayKey | undefined, HomeCode> {
  const relays = listRelayKeys(home);
  return relays.ok ? ok(relays.value.find((relay) => relay.origin === origin)) : relays;
}

/** Stores a key in place of the one before; `first`: only if there was none, or `none`. Returns what is stored then. */
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

/** What is stored about one relay, for a link to it: read once, and written at first contact. */
export interface RelayPins {
  readonly known: () => { readonly key?: string | undefined; readonly isDirect?: boolean | undefined };
  readonly learn: (trust: { readonly key: string; readonly isDirect: boolean }) => void;
}

/** Opens what is stored about the relay at an origin; `failed` is called when its key couldn't be saved. */
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
        // Another process of this user was first: the key it met counts, from the next dial on.
        if (kept.ok) trust = kept.value;
        else failed(kept.message);
      });
    },
  });
}
