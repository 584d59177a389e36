// The tokens of the gateway's members, as a file in the user's directory. Only hashes are stored: a token is shown once,
// when it is made. A running gateway notices every change at its next request.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import {
  ensureFolder,
  ensureHome,
  fail,
  type Home,
  ok,
  readPrivate,
  replacePrivate,
  withLock,
} from "@agora/user-config";
import { checkMemberName, isMemberName, isRoomName, newId, type Result } from "@agora/protocol";
import { residentFolder } from "../room-host.ts";

/** One member's token, without the token. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly room: string;
  /** SHA-256 of the secret half, base64url. The secret has 256 random bits, so nothing slower is needed. */
  readonly hash: string;
  /** What comes with it over REST is a person's own words. */
  readonly person: boolean;
  readonly at: number;
  readonly expires?: number;
}

const TOKEN = /^agw_([0-9a-z]{16})_([A-Za-z0-9_-]{43})$/;
const MAX_TOKENS = 1_000;

/** Whether a bearer token has the shape of a gateway token. */
export function isGatewayToken(word: string): boolean {
  return TOKEN.test(word);
}

function tokensPath(home: Home): string {
  return join(residentFolder(home), "gateway-tokens.json");
}

/** All tokens that were made and not revoked. */
export function readTokens(home: Home): Result<readonly TokenRecord[]> {
  const text = readPrivate(tokensPath(home), true);
  if (!text.ok) return text;
  if (text.value === undefined) return ok([]);
  try {
    const file: unknown = JSON.parse(text.value);
    if (typeof file === "object" && file !== null && "tokens" in file && Array.isArray(file.tokens)) {
      return ok(file.tokens.filter(isRecord));
    }
  } catch {
    // reported below
  }
  return fail("bad-file", `${tokensPath(home)} can't be read: move it away and make the tokens anew.`);
}

function isRecord(value: unknown): value is TokenRecord {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, room, hash, person, at, expires } = value as Record<string, unknown>;
  return (
    typeof id === "string" &&
    typeof name === "string" &&
    isMemberName(name) &&
    typeof room === "string" &&
    isRoomName(room) &&
    typeof hash === "string" &&
    typeof person === "boolean" &&
    typeof at === "number" &&
    (expires === undefined || typeof expires === "number")
  );
}

/** What a person decides about a token. */
export interface TokenWish {
  readonly name: string;
  readonly room: string;
  readonly person: boolean;
  readonly expires?: number | undefined;
  /** Replaces the existing one, which ends at once. */
  readonly rotate: boolean;
}

/** Creates a member's token; the only time it is returned. */
export async function makeToken(
  home: Home,
  wish: TokenWish,
): Promise<Result<{ readonly token: string } & TokenRecord>> {
  const name = checkMemberName(wish.name.replace(/^@/, ""));
  if (!name.ok) return name;
  const secret = randomBytes(32).toString("base64url");
  const record: TokenRecord = {
    id: newId().slice(0, 16),
    name: name.value,
    room: wish.room,
    hash: digest(secret).toString("base64url"),
    person: wish.person,
    at: Date.now(),
    ...(wish.expires === undefined ? {} : { expires: wish.expires }),
  };
  const edited = await editTokens(home, (tokens) => {
    const others = tokens.filter((t) => !isSame(t, record));
    if (others.length < tokens.length && !wish.rotate) {
      return fail(
        "exists",
        `@${record.name} has a token in the room ${record.room}: --rotate gives a new one and ends it.`,
      );
    }
    if (others.length >= MAX_TOKENS) return fail("refused", `${MAX_TOKENS} tokens are the most: revoke some.`);
    return ok([...others, record]);
  });
  return edited.ok ? ok({ token: `agw_${record.id}_${secret}`, ...record }) : edited;
}

/** Revokes a member's token; false if there is none. */
export async function revokeToken(home: Home, name: string, room: string): Promise<Result<boolean>> {
  let revoked = false;
  const edited = await editTokens(home, (tokens) => {
    const others = tokens.filter((t) => !isSame(t, { name: name.replace(/^@/, ""), room }));
    revoked = others.length < tokens.length;
    return ok(others);
  });
  return edited.ok ? ok(revoked) : edited;
}

function isSame(a: Pick<TokenRecord, "name" | "room">, b: Pick<TokenRecord, "name" | "room">): boolean {
  return a.name === b.name && a.room === b.room;
}

async function editTokens(
  home: Home,
  edit: (tokens: readonly TokenRecord[]) => Result<readonly TokenRecord[]>,
): Promise<Result<void>> {
  const homeMade = ensureHome(home);
  if (!homeMade.ok) return homeMade;
  const folder = ensureFolder(residentFolder(home));
  if (!folder.ok) return folder;
  const path = tokensPath(home);
  return withLock<void, string>(path, async () => {
    const tokens = readTokens(home);
    if (!tokens.ok) return tokens;
    const next = edit(tokens.value);
    if (!next.ok) return next;
    return replacePrivate(path, `${JSON.stringify({ v: 1, tokens: next.value }, undefined, 2)}\n`);
  });
}

/** The tokens as a running gateway uses them: read again whenever the file changes. */
export interface TokenBook {
  /** The record of a valid token. */
  find(token: string): TokenRecord | undefined;
  /** Whether the token with this id is still valid. */
  holds(id: string): boolean;
  /** Whether a member has a valid token. */
  has(name: string, room: string): boolean;
}

/** Opens the book. An unreadable file admits nobody. */
export function openTokenBook(home: Home, now: () => number, trouble: (message: string) => void): TokenBook {
  let version = "";
  let records: ReadonlyMap<string, TokenRecord> = new Map();
  const current = (): ReadonlyMap<string, TokenRecord> => {
    const stat = statSync(tokensPath(home), { throwIfNoEntry: false, bigint: true });
    const found = stat === undefined ? "none" : `${stat.ino}:${stat.mtimeNs}:${stat.size}`;
    if (found === version) return records;
    version = found;
    const read = readTokens(home);
    if (!read.ok) trouble(read.message);
    records = new Map((read.ok ? read.value : []).map((record) => [record.id, record]));
    return records;
  };
  const counts = (record: TokenRecord | undefined): record is TokenRecord =>
    record !== undefined && (record.expires === undefined || now() < record.expires);
  return {
    find(token) {
      const [, id = "", secret = ""] = TOKEN.exec(token) ?? [];
      const record = current().get(id);
      // Compared even when there is no such id, so that the timing reveals nothing.
      const hash = Buffer.from(record?.hash ?? NO_HASH, "base64url");
      const own = digest(secret);
      const same = hash.length === own.length && timingSafeEqual(own, hash);
      return same && counts(record) ? record : undefined;
    },
    holds: (id) => counts(current().get(id)),
    has: (name, room) => [...current().values()].some((record) => isSame(record, { name, room }) && counts(record)),
  };
}

function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

const NO_HASH = Buffer.alloc(32).toString("base64url");
