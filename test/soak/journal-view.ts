// One member's history as it grows on disk, read like any other reader would: what came since the last look, over segments.
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { type HistoryLine, isRestamp } from "@agora/room";

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

/** Reads a journal in a daemon's memory; `look` takes in what is new. */
export class JournalView {
  readonly events = new Map<string, Held>();
  readonly #memory: () => string;
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);

  /** `memory`: the folder that the journal is in, once there is one. */
  constructor(memory: () => string) {
    this.#memory = memory;
  }

  /** Takes in what was appended; gives the ids of events that were not there before. */
  look(): readonly string[] {
    const fresh: string[] = [];
    for (const { path, base, size } of this.#segments()) {
      if (base + size <= this.#position) continue;
      const fd = openSync(path, "r");
      try {
        for (let at = Math.max(0, this.#position - base); at < size;) {
          const block = Buffer.alloc(Math.min(BLOCK_BYTES, size - at));
          const read = readSync(fd, block, 0, block.length, at);
          if (read === 0) break;
          at += read;
          this.#position = base + at;
          this.#take(block.subarray(0, read), fresh);
        }
      } finally {
        closeSync(fd);
      }
    }
    return fresh;
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
    const held = this.events.get(line.id);
    if (held !== undefined) {
      held.times += 1;
      return;
    }
    fresh.push(line.id);
    const to = [...new Set(line.to.map((word) => word.replace(/^@/, "").split("/")[0]!))];
    this.events.set(line.id, { id: line.id, author: line.author, to, times: 1, stamp: line.stamp });
  }

  #segments(): readonly { readonly path: string; readonly base: number; readonly size: number }[] {
    const dir = this.#memory();
    const names = readdirSync(dir).filter((name) => /^history(-\d+)?\.jsonl$/.test(name));
    const sized = names.map((name) => ({
      name,
      path: join(dir, name),
      size: statSync(join(dir, name)).size,
    }));
    const closed = sized
      .filter(({ name }) => name !== "history.jsonl")
      .map((file) => ({ ...file, base: Number(/\d+/.exec(file.name)![0]) }))
      .sort((a, b) => a.base - b.base);
    const last = closed.at(-1);
    const active = sized.find(({ name }) => name === "history.jsonl");
    return active === undefined
      ? closed
      : [...closed, { ...active, base: last === undefined ? 0 : last.base + last.size }];
  }
}
