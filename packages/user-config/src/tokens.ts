// Tokens, stored per relay origin and room, so that an address that leads elsewhere never gets another relay's token.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { checkFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** Access to one room. */
export interface TokenEntry {
  readonly origin: string;
  readonly room: string;
  readonly token: string;
  /** The room's root public key, if an invite told it. */
  readonly root?: string;
}

function tokensPath(home: Home): string {
  return join(home.path, "tokens.json");
}

/** All stored tokens. */
export function listTokens(home: Home): Result<readonly TokenEntry[], HomeCode> {
  const there = checkFolder(home.path);
  if (!there.ok) return there;
  const text = there.value ? readPrivate(tokensPath(home), true) : ok(undefined);
  if (!text.ok) return text;
  if (text.value === undefined) return ok([]);
  try {
    const file: unknown = JSON.parse(text.value);
    if (typeof file === "object" && file !== null && "tokens" in file && Array.isArray(file.tokens)) {
      return ok(file.tokens.filter(isTokenEntry));
    }
  } catch {
    // reported below
  }
  return fail(
    "bad-file",
    `${tokensPath(home)} can't be read: move it away and give the tokens again with "agora start".`,
  );
}

function isTokenEntry(value: unknown): value is TokenEntry {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Record<string, unknown>;
  const texts = ["origin", "room", "token"].every((key) => typeof entry[key] === "string");
  return texts && (entry["root"] === undefined || typeof entry["root"] === "string");
}

/** The token for one room at one relay. */
export function findToken(home: Home, origin: string, room: string): Result<TokenEntry | undefined, HomeCode> {
  const tokens = listTokens(home);
  return tokens.ok ? ok(tokens.value.find((t) => t.origin === origin && t.room === room)) : tokens;
}

/** Stores a token in place of the one before for the same room. A known root key stays if the new entry has none. */
export async function saveToken(home: Home, entry: TokenEntry): Promise<Result<void, HomeCode>> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  return withLock<void, HomeCode>(tokensPath(home), async () => {
    const tokens = listTokens(home);
    if (!tokens.ok) return tokens;
    const same = (t: TokenEntry): boolean => t.origin === entry.origin && t.room === entry.room;
    const root = entry.root ?? tokens.value.find(same)?.root;
    const { origin, room, token } = entry;
    const next = [
      ...tokens.value.filter((t) => !same(t)),
      { origin, room, token, ...(root === undefined ? {} : { root }) },
    ];
    return replacePrivate(tokensPath(home), `${JSON.stringify({ v: 1, tokens: next }, undefined, 2)}\n`);
  });
}
