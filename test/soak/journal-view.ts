// One member's history as it grows on disk, read like any other reader would: what came since the last look, over segments.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { type HistoryLine, isRestamp } from "@agora/member";

/** What a journal holds of one event. */
export interface Held {
  readonly id: string;
  readonly author: string;
  /** The members it is addressed to; none is the room. */
  readonly to: readonly string[];
  /** How often it stands there. */
  times: number;
  /** The stamp that counts. */
  stamp: string;
}

const BLOCK_BYTES = 1024 * 1024;
const EMPTY: Buffer = Buffer.alloc(0);

/** Reads a journal in a daemon's memory; `look` takes in what is new. */
export class JournalView {
  readonly events = new Map<string, Held>();
  readonly #memory: () => string;
  #position = 0;
  #rest: Buffer = EMPTY;

  /** `memory`: the folder that the journal is in, once there is one. */
  constructor(memory: () => string) {
    this.#memory = memory;
  }

  /** Takes in what was appended; gives the ids of events that were not there before. */
  look(): readonly string[] {
    const fresh: string[] = [];
    this.#position -= this.#rest.length; // a line that was not whole is read again: a torn one is not there any more
    this.#rest = EMPTY;
    for (const segment of this.#segments()) {
      try {
        this.#read(segment, fresh);
      } finally {
        closeSync(segment.fd);
      }
    }
    return fresh;
  }

  #read({ fd, base, size }: Segment, fresh: string[]): void {
    for (let at = Math.max(0, this.#position - base); at < size;) {
      const block = Buffer.alloc(Math.min(BLOCK_BYTES, size - at));
      const read = readSync(fd, block, 0, block.length, at);
      if (read === 0) return;
      at += read;
      this.#position = base + at;
      this.#take(block.subarray(0, read), fresh);
    }
  }

  #take(block: Buffer, fresh: string[]): void {
    const bytes = this.#rest.length === 0 ? block : Buffer.concat([this.#rest, block]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      this.#fold(JSON.parse(bytes.toString("utf8", start, end)) as HistoryLine, fresh);
      start = end + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(start));
  }

  #fold(line: HistoryLine, fresh: string[]): void {
    if (isRestamp(line)) {
      const held = this.events.get(line.restamp);
      if (held !== undefined) held.stamp = line.stamp;
      return;
    }
    if (line.kind === "key") return; // each member says whose key it has, besides what the plan has said
    const held = this.events.get(line.id);
    if (held !== undefined) {
      held.times += 1;
      return;
    }
    fresh.push(line.id);
    const to = [...new Set(line.to.map((word) => word.replace(/^@/, "").split("/")[0]!))];
    this.events.set(line.id, { id: line.id, author: line.author, to, times: 1, stamp: line.stamp });
  }

  /** Those with something new, opened. The daemon may begin a new one at any moment: then they are looked up again. */
  #segments(): readonly Segment[] {
    const dir = this.#memory();
    const active = openSegment(join(dir, "history.jsonl"));
    const closed = readdirSync(dir)
      .flatMap((name) => {
        const base = /^history-(\d+)\.jsonl$/.exec(name)?.[1];
        return base === undefined ? [] : [{ path: join(dir, name), base: Number(base) }];
      })
      .sort((a, b) => a.base - b.base);
    if (active !== undefined && closed.some(({ path }) => statSync(path).ino === active.ino)) {
      closeSync(active.fd);
      return this.#segments();
    }
    const last = closed.at(-1);
    const base = last === undefined ? 0 : last.base + statSync(last.path).size;
    const older = closed.filter((_, n) => (closed[n + 1]?.base ?? base) > this.#position);
    const opened = older.map((one) => ({ ...openSegment(one.path)!, base: one.base }));
    return active === undefined ? opened : [...opened, { ...active, base }];
  }
}

/** An open file of the journal: where it begins in it, and how much of it there is. */
interface Segment {
  readonly fd: number;
  readonly base: number;
  readonly size: number;
}

function openSegment(path: string): { readonly fd: number; readonly ino: number; readonly size: number } | undefined {
  try {
    const fd = openSync(path, "r");
    const { ino, size } = fstatSync(fd);
    return { fd, ino, size };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
