// In-memory twins of the ports, for tests and simulations: a clock moved by hand, a pair of joined connections, logs kept.
import type { Cancel, Clock } from "./clock.ts";
import type { Connection, ConnectionEvents, Dial } from "./connection.ts";
import type { Journal } from "./journal.ts";
import type { Entry } from "./journal-lines.ts";
import type { Log, LogFields } from "./log.ts";

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves time forward and runs what falls due, in order. */
  advance(ms: number): void;
  /** Makes the wall clock jump without time passing. */
  jump(ms: number): void;
}

/** Creates a clock that shows `start` and moves only by hand. */
export function manualClock(start = 1_700_000_000_000): ManualClock {
  let steady = 0;
  let offset = start;
  let timers: { due: number; fn: () => void; every?: number }[] = [];
  const add = (ms: number, fn: () => void, every?: number): Cancel => {
    const timer = { due: steady + ms, fn, ...(every === undefined ? {} : { every }) };
    timers.push(timer);
    return () => {
      timers = timers.filter((t) => t !== timer);
    };
  };
  return {
    now: () => offset + steady,
    steady: () => steady,
    after: (ms, fn) => add(ms, fn),
    every: (ms, fn) => add(ms, fn, ms),
    jump(ms) {
      offset += ms;
    },
    advance(ms) {
      const end = steady + ms;
      for (;;) {
        const next = timers.filter((t) => t.due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        steady = Math.max(steady, next.due);
        if (next.every === undefined) timers = timers.filter((t) => t !== next);
        else next.due += next.every;
        next.fn();
      }
      steady = end;
    },
  };
}

/** One side of a connection in memory, as the far side sees it. */
export interface FarSide {
  readonly sent: (string | Uint8Array)[];
  /** Delivers a frame to the near side. */
  give(frame: string | Uint8Array): void;
  open(): void;
  end(code: number, reason?: string): void;
  onFrame?: (frame: string | Uint8Array) => void;
  onPing?: () => void;
  /** A pong or ping from the far side. */
  alive(): void;
}

/** A Dial whose far sides the test controls; every dialled connection appears in `dialled`. */
export function memoryDial(): { readonly dial: Dial; readonly dialled: FarSide[] } {
  const dialled: FarSide[] = [];
  const dial: Dial = (_url, events: ConnectionEvents): Connection => {
    let open = true;
    const far: FarSide = {
      sent: [],
      give: (frame) => {
        if (!open) return;
        if (typeof frame === "string") events.text(frame);
        else events.binary(frame);
      },
      open: () => events.opened(),
      alive: () => void (open && events.alive()),
      end: (code, reason = "") => {
        if (!open) return;
        open = false;
        events.closed(code, reason);
      },
    };
    dialled.push(far);
    return {
      send: (frame) => {
        if (!open) return;
        far.sent.push(frame);
        far.onFrame?.(frame);
      },
      unsent: 0,
      ping: () => far.onPing?.(),
      close: (code, reason) => far.end(code, reason),
    };
  };
  return { dial, dialled };
}

/** A log that keeps its lines. */
export function memoryLog(): Log & { readonly lines: { level: string; event: string; fields: LogFields }[] } {
  const lines: { level: string; event: string; fields: LogFields }[] = [];
  return {
    lines,
    info: (event, fields = {}) => void lines.push({ level: "info", event, fields }),
    warn: (event, fields = {}) => void lines.push({ level: "warn", event, fields }),
  };
}

/** The lines of an in-memory journal: what a process has written, and how much of it is on disk. */
export interface MemoryLines {
  lines: { readonly position: number; readonly text: string }[];
  end: number;
  /** A power cut takes nothing before this position. */
  synced: number;
}

/** An empty journal. */
export function memoryLines(): MemoryLines {
  return { lines: [], end: 0, synced: 0 };
}

/** Cuts off what was written from `position` on: the power failed before it was synced. */
export function cutLines(kept: MemoryLines, position: number): void {
  kept.lines = kept.lines.filter((line) => line.position < position);
  const last = kept.lines.at(-1);
  kept.end = last === undefined ? Math.min(kept.end, position) : last.position + Buffer.byteLength(last.text) + 1;
  kept.synced = Math.min(kept.synced, kept.end);
}

/** What an in-memory journal asks of its world. */
export interface MemoryDisk {
  /** Called for each record to be written; a returned value is why the disk doesn't take it. */
  readonly write: () => string | undefined;
  /** Resolves when a sync that begins now is over. */
  readonly sync: () => Promise<void>;
  /** Whether a blocking sync reaches the disk. */
  readonly syncNow: () => boolean;
}

/** Opens the journal over `kept`, as one segment from which nothing is dropped. */
export function memoryJournal<T>(kept: MemoryLines, disk: MemoryDisk): Journal<T> {
  const entry = (line: MemoryLines["lines"][number]): Entry<T> => ({
    position: line.position,
    value: JSON.parse(line.text) as T,
  });
  return {
    get end() {
      return kept.end;
    },
    append(record) {
      const reason = disk.write();
      if (reason !== undefined) return { ok: false, reason };
      const position = kept.end;
      const text = JSON.stringify(record);
      kept.lines.push({ position, text });
      kept.end += Buffer.byteLength(text) + 1;
      return { ok: true, position };
    },
    async sync() {
      const { end } = kept;
      await disk.sync();
      kept.synced = Math.max(kept.synced, end);
    },
    syncNow() {
      if (disk.syncNow()) kept.synced = kept.end;
    },
    *from(position) {
      for (const line of kept.lines) if (line.position >= position) yield entry(line);
    },
    *back(position = kept.end) {
      for (const line of kept.lines.toReversed()) if (line.position < position) yield entry(line);
    },
    *holding(texts, position = 0) {
      yield kept.lines
        .filter((line) => line.position >= position && texts.some((text) => text !== "" && line.text.includes(text)))
        .toReversed()
        .map(entry);
    },
    writtenBefore: () => 0,
    dropBefore: () => undefined,
    close: () => undefined,
  };
}
