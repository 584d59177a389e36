// Which key was first seen under which name in a room. A name that shows another key is somebody else until a person says
// otherwise. All projects of this user in the room share the file, so every decision but "same" looks at the disk first.
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { hashName } from "./crypto.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** The key a name stands for. */
export interface Pin {
  readonly key: string;
  readonly at: number;
  /** The key before a person repinned. */
  readonly previous?: string;
}

/** What a name with a key is. `full`: too many names are pinned and this one is not among them; treat it as refused. */
export type Pinned = "new" | "same" | "changed" | "full";

/** The pins of one room. New ones are saved by themselves within moments; disposing waits for that. */
export interface Pins extends AsyncDisposable {
  get(name: string): Pin | undefined;
  /** Pins a name seen for the first time, compares one that is known. */
  pin(name: string, key: string): Pinned;
  /** A person's word (`agora trust`): from now on this key. Saved when it resolves. */
  repin(name: string, key: string): Promise<Result<Pin, HomeCode>>;
  all(): ReadonlyMap<string, Pin>;
  /** Waits until everything is on disk. */
  flush(): Promise<Result<void, HomeCode>>;
}

/** Never the oldest makes room: with a room's token one could push a name out by showing many others. */
const MAX_PINS = 10_000;
const SAVE_AFTER_MS = 50;
/** How long a key repinned through another process may still count here. */
const RELOAD_MS = 1_000;

/** Opens the pins of a room. */
export async function openPins(home: Home, origin: string, room: string): Promise<Result<Pins, HomeCode>> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folder = join(home.path, "pins");
  const folderMade = ensureFolder(folder);
  if (!folderMade.ok) return folderMade;
  const path = join(folder, `${hashName(origin, room)}.json`);

  let onDisk: ReadonlyMap<string, Pin> = new Map();
  /** Pinned here and not yet written. */
  const fresh = new Map<string, Pin>();
  let readVersion = "";
  /** By the clock that only goes forward: a wall clock set back must not make us deaf to a repin. */
  let readAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<Result<void, HomeCode>> = Promise.resolve(ok(undefined));

  const read = (): Result<void, HomeCode> => {
    readAt = performance.now();
    const version = fileVersion(path);
    if (version === readVersion) return ok(undefined);
    const pins = readPins(path);
    if (!pins.ok) return pins;
    onDisk = pins.value;
    readVersion = version;
    // Whoever wrote first was first.
    for (const name of fresh.keys()) if (onDisk.has(name)) fresh.delete(name);
    return ok(undefined);
  };
  const get = (name: string): Pin | undefined => onDisk.get(name) ?? fresh.get(name);
  const write = (change: () => void): Promise<Result<void, HomeCode>> =>
    withLock<void, HomeCode>(path, async () => {
      const reread = read();
      if (!reread.ok) return reread;
      change();
      const next = new Map([...onDisk, ...fresh]);
      const pins = [...next].map(([name, pin]) => ({ name, ...pin }));
      const written = await replacePrivate(path, `${JSON.stringify({ v: 1, origin, room, pins })}\n`);
      if (!written.ok) return written;
      onDisk = next;
      for (const [name, pin] of fresh) if (next.get(name) === pin) fresh.delete(name);
      readVersion = fileVersion(path);
      return written;
    });
  const save = (): Promise<Result<void, HomeCode>> => {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(() => (fresh.size === 0 ? ok(undefined) : write(() => undefined)));
    return saving;
  };

  const first = read();
  if (!first.ok) return first;
  return ok({
    get,
    pin(name, key) {
      const known = get(name);
      if (known?.key !== key || performance.now() - readAt > RELOAD_MS) read();
      const pin = get(name);
      if (pin !== undefined) return pin.key === key ? "same" : "changed";
      if (onDisk.size + fresh.size >= MAX_PINS) return "full";
      fresh.set(name, { key, at: Date.now() });
      timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
      return "new";
    },
    async repin(name, key) {
      let pin: Pin = { key, at: Date.now() };
      const written = await write(() => {
        const old = get(name);
        const previous = old === undefined || old.key === key ? old?.previous : old.key;
        pin = { key, at: Date.now(), ...(previous === undefined ? {} : { previous }) };
        onDisk = new Map([...onDisk, [name, pin]]);
        fresh.delete(name);
      });
      return written.ok ? ok(pin) : written;
    },
    all: () => new Map([...onDisk, ...fresh]),
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
    // told below
  }
  return fail("bad-file", `${path} can't be read: move it away to trust the keys of this room anew at first sight.`);
}

function isPin(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const pin = value as Record<string, unknown>;
  return typeof pin["name"] === "string" && typeof pin["key"] === "string" && typeof pin["at"] === "number";
}
