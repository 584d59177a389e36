// The program copies that this user's own programs put into the home, each with the SHA-256 of all its bytes. A folder that
// merely lies among the copies is not on the list, and is never launched.
import type { Result } from "@agora/protocol";
import type { Home, HomeCode } from "./directory.ts";
import { copiesPath } from "./home-mark.ts";
import { withLock } from "./lock.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { ok } from "./result.ts";

/** One copy: `<home>/versions/<name>/agora.mjs`. */
export interface ProgramCopy {
  readonly name: string;
  readonly version: string;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

/** More were never kept at once; a list that grew beyond is cut at its oldest. */
const MAX_COPIES = 200;

/** The copies listed; a list that can't be read lists none. */
export function listedCopies(home: Home): readonly ProgramCopy[] {
  const text = readPrivate(copiesPath(home), false);
  if (!text.ok || text.value === undefined) return [];
  try {
    const file = JSON.parse(text.value) as { copies?: unknown };
    return Array.isArray(file.copies) ? file.copies.filter(isCopy) : [];
  } catch {
    return [];
  }
}

function isCopy(value: unknown): value is ProgramCopy {
  if (typeof value !== "object" || value === null) return false;
  const { name, version, sha256 } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    /^[\w.+-]+$/.test(name) &&
    !/^\.+$/.test(name) &&
    typeof version === "string" &&
    typeof sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

/** Lists a copy that was just installed. `isThere` tells which of the others still are. */
export async function listCopy(
  home: Home,
  copy: ProgramCopy,
  isThere: (name: string) => boolean,
): Promise<Result<void, HomeCode>> {
  const known = listedCopies(home);
  if (known.some((one) => one.name === copy.name && one.sha256 === copy.sha256)) return ok(undefined);
  return withLock<void, HomeCode>(copiesPath(home), async () => {
    const others = listedCopies(home).filter((one) => one.name !== copy.name && isThere(one.name));
    const copies = [...others, copy].slice(-MAX_COPIES);
    return replacePrivate(copiesPath(home), `${JSON.stringify({ v: 1, copies }, undefined, 2)}\n`);
  });
}
