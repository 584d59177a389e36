// Which key was first seen under which name in a room. A name that shows another key counts as somebody else until a person
// decides otherwise. All of this user's projects in the room share the file, so every decision but "same" checks the disk
// first.
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { hashName } from "./crypto.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import {
  belongingPin,
  type Belonging,
  createPinBook,
  outranks,
  type Pin,
  type PinBook,
  type Pinned,
  type Sight,
} from "./pin-book.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** The pins of one room. New ones are saved automatically within moments; disposing waits for that. */
export interface Pins extends AsyncDisposable {
  get(name: string): Pin | undefined;
  /** Pins a name met for the first time (by its own words unless stated otherwise); compares a known one. */
  pin(name: string, key: string, sight?: Sight): Pinned;
  /** What was shown of the person whose key a known name has: their root, or another key of theirs. Saved within moments. */
  belongs(name: string, whose: Belonging): void;
  /** A person's decision (`agora trust`): this key from now on. Saved when it resolves. */
  repin(name: string, key: string): Promise<Result<Pin, HomeCode>>;
  all(): ReadonlyMap<string, Pin>;
  /** Waits until everything is on disk. */
  flush(): Promise<Result<void, HomeCode>>;
}

/** The pins of a room in this user's home. */
export interface OwnPins extends Pins {
  /** A person's decision (`agora forget`): the name will be met anew, whatever its key. False when it wasn't known. */
  forget(name: string): Promise<Result<boolean, HomeCode>>;
}

const SAVE_AFTER_MS = 50;
/** If saving is slow, rest this many times as long as the last save took: a flood of names must not keep the disk busy. */
const SAVE_REST = 10;
/** How long a key repinned by another process may still count here. */
const RELOAD_MS = 1_000;

/** Opens the pins of a room. */
export async function openPins(home: Home, origin: string, room: string): Promise<Result<OwnPins, HomeCode>> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folder = join(home.path, "pins");
  const folderMade = ensureFolder(folder);
  if (!folderMade.ok) return folderMade;
  const path = join(folder, `${hashName(origin, room)}.json`);

  let book: PinBook = createPinBook([]);
  /** Pinned here but not written yet, and what was dropped for it. */
  const fresh = new Map<string, Pin>();
  const dropped = new Set<string>();
  let readVersion = "";
  /** By the monotonic clock: a wall clock set back must not make us miss a repin. */
  let readAt = 0;
  let saveAfterMs = SAVE_AFTER_MS;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<Result<void, HomeCode>> = Promise.resolve(ok(undefined));

  const read = (): Result<void, HomeCode> => {
    readAt = performance.now();
    const version = fileVersion(path);
    if (version === readVersion) return ok(undefined);
    const pins = readPins(path);
    if (!pins.ok) return pins;
    book = createPinBook(pins.value);
    readVersion = version;
    for (const [name, pin] of fresh) {
      const first = book.all.get(name);
      // The first writer wins.
      if (first !== undefined && !outranks(pin, first)) fresh.delete(name);
      else book.put(name, pin);
    }
    for (const name of dropped) if (book.all.get(name)?.only === "presence" && !fresh.has(name)) book.drop(name);
    return ok(undefined);
  };
  const write = (change: () => void): Promise<Result<void, HomeCode>> =>
    withLock<void, HomeCode>(path, async () => {
      const began = performance.now();
      const reread = read();
      if (!reread.ok) return reread;
      change();
      const next = [...book.all];
      const before = new Map(fresh);
      const pins = next.map(([name, pin]) => ({ name, ...pin }));
      const written = await replacePrivate(path, `${JSON.stringify({ v: 1, origin, room, pins })}\n`);
      saveAfterMs = Math.max(SAVE_AFTER_MS, SAVE_REST * (performance.now() - began));
      if (!written.ok) return written;
      for (const [name, pin] of before) if (fresh.get(name) === pin) fresh.delete(name);
      if (fresh.size === 0) dropped.clear();
      readVersion = fileVersion(path);
      return written;
    });
  const save = (): Promise<Result<void, HomeCode>> => {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(() => (fresh.size === 0 ? ok(undefined) : write(() => undefined)));
    return saving;
  };
  const get = (name: string): Pin | undefined => book.all.get(name);

  const first = read();
  if (!first.ok) return first;
  return ok({
    get,
    pin(name, key, sight = "word") {
      const known = get(name);
      if (known?.key !== key || performance.now() - readAt > RELOAD_MS) read();
      const met = book.meet(name, key, sight, Date.now());
      if (met.dropped !== undefined) {
        fresh.delete(met.dropped);
        dropped.add(met.dropped);
      }
      if (met.put === undefined) return met.pinned;
      fresh.set(name, met.put);
      dropped.delete(name);
      timer ??= setTimeout(() => void save(), saveAfterMs);
      return met.pinned;
    },
    belongs(name, whose) {
      read();
      const known = get(name);
      if (known === undefined) return;
      const pin = belongingPin(known, whose, Math.max(Date.now(), known.at + 1));
      book.put(name, pin);
      fresh.set(name, pin);
      timer ??= setTimeout(() => void save(), saveAfterMs);
    },
    async repin(name, key) {
      let pin: Pin = { key, at: Date.now() };
      const written = await write(() => {
        const old = get(name);
        const previous = old === undefined || old.key === key ? old?.previous : old.key;
        pin = { key, at: Date.now(), ...(previous === undefined ? {} : { previous }) };
        book.put(name, pin);
        fresh.delete(name);
      });
      return written.ok ? ok(pin) : written;
    },
    async forget(name) {
      let known = false;
      const written = await write(() => {
        known = book.all.has(name);
        book.drop(name);
        fresh.delete(name);
      });
      return written.ok ? ok(known) : written;
    },
    all() {
      // What another process forgot or trusted is noticed soon.
      if (performance.now() - readAt > RELOAD_MS) read();
      return book.all;
    },
    flush: save,
    async [Symbol.asyncDispose]() {
      await save();
    },
  });
}

/** Changes whenever the file is replaced. */
function fileVersion(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "none" : `${stat.ino}:${stat.mtimeNs}:${stat.size}`;
}

function readPins(path: string): Result<ReadonlyMap<string, Pin>, HomeCode> {
  const text = readPrivate(path, false);
  if (!text.ok) return text;
  if (text.value === undefined) return ok(new Map());
  try {
    const file: unknown = JSON.parse(text.value);
    if (typeof file === "object" && file !== null && "pins" in file && Array.isArray(file.pins)) {
      const pins = file.pins.filter((pin): pin is Pin & { name: string } => isPin(pin));
      return ok(new Map(pins.map(({ name, ...pin }) => [name, pin])));
    }
  } catch {
    // reported below
  }
  return fail("bad-file", `${path} can't be read: move it away to trust the keys of this room anew at first sight.`);
}

function isPin(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const pin = value as Record<string, unknown>;
  return typeof pin["name"] === "string" && typeof pin["key"] === "string" && typeof pin["at"] === "number";
}
