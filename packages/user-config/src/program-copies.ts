// The program copies that this user's own programs put into the home, each with the SHA-256 of all its bytes. A folder that
// merely lies among the copies isn't listed and is never launched. Each copy has its own file, written in one step: no two
// writers meet, so a hook that launches a daemon needs neither a lock nor the library for one.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { checkFolder, ensureFolder, type Home, type HomeCode } from "./directory.ts";
import { copiesFolder, oldCopiesPath } from "./home-mark.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { ok } from "./result.ts";

/** One copy: `<home>/versions/<name>/agora.mjs`. */
export interface ProgramCopy {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the whole file, hex. */
  readonly sha256: string;
  /** The same of `daemon.cjs` beside it, which starts faster; an earlier version's copy has none. */
  readonly daemon?: string;
}

/** No more are ever kept at once; of a longer list, the first by name are read. */
const MAX_COPIES = 200;
const ENDING = ".json";

/** The listed copies; what can't be read is skipped. */
export function listedCopies(home: Home): readonly ProgramCopy[] {
  const copies = new Map(oldCopies(home).map((copy) => [copy.name, copy]));
  for (const name of listedNames(home)) {
    const copy = readCopy(home, name);
    if (copy !== undefined) copies.set(name, copy);
  }
  return [...copies.values()];
}

/** Lists a copy that was just installed. `isThere` tells which of the others still exist. */
export async function listCopy(
  home: Home,
  copy: ProgramCopy,
  isThere: (name: string) => boolean,
): Promise<Result<void, HomeCode>> {
  const ready = ensureFolder(copiesFolder(home));
  if (!ready.ok) return ready;
  // Entries from an earlier version's list move into files of their own; a copy that already has a file is newer.
  const old = oldCopies(home).filter(({ name }) => name !== copy.name && isThere(name));
  for (const one of old) {
    const moved = readCopy(home, one.name) === undefined ? await writeCopy(home, one) : ok(undefined);
    if (!moved.ok) return moved;
  }
  rmSync(oldCopiesPath(home), { force: true });
  for (const name of listedNames(home))
    if (name !== copy.name && !isThere(name)) rmSync(pathOf(home, name), { force: true });
  const known = readCopy(home, copy.name);
  // A caller that has the one file alone takes nothing away.
  const isListed = known?.sha256 === copy.sha256 && (copy.daemon === undefined || known.daemon === copy.daemon);
  return isListed ? ok(undefined) : writeCopy(home, copy);
}

function writeCopy(home: Home, copy: ProgramCopy): Promise<Result<void, HomeCode>> {
  return replacePrivate(pathOf(home, copy.name), `${JSON.stringify({ v: 1, ...copy })}\n`);
}

function pathOf(home: Home, name: string): string {
  return join(copiesFolder(home), `${name}${ENDING}`);
}

function listedNames(home: Home): readonly string[] {
  const folder = copiesFolder(home);
  const there = checkFolder(folder);
  if (!there.ok || !there.value) return [];
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
    return files.slice(0, MAX_COPIES).map((file) => file.slice(0, -ENDING.length));
  } catch {
    return [];
  }
}

function readCopy(home: Home, name: string): ProgramCopy | undefined {
  const copy = readJson(pathOf(home, name));
  return isCopy(copy) && copy.name === name ? copy : undefined;
}

function oldCopies(home: Home): readonly ProgramCopy[] {
  const file = readJson(oldCopiesPath(home));
  const copies = typeof file === "object" && file !== null && "copies" in file ? file.copies : undefined;
  return Array.isArray(copies) ? copies.filter(isCopy) : [];
}

function readJson(path: string): unknown {
  const text = readPrivate(path, false);
  if (!text.ok || text.value === undefined) return undefined;
  try {
    return JSON.parse(text.value);
  } catch {
    return undefined;
  }
}

function isCopy(value: unknown): value is ProgramCopy {
  if (typeof value !== "object" || value === null) return false;
  const { name, version, sha256, daemon } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    /^[\w.+-]+$/.test(name) &&
    !/^\.+$/.test(name) &&
    typeof version === "string" &&
    isDigest(sha256) &&
    (daemon === undefined || isDigest(daemon))
  );
}

function isDigest(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
