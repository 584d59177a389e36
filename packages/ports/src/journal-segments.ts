// The files of a journal: one that is written to, and full ones beside it. What a crash left torn at the end is set aside.
import { existsSync, ftruncateSync, readdirSync, readSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface JournalOptions {
  readonly dir: string;
  /** `history` makes `history.jsonl`, and `history-<position>.jsonl` for full segments. */
  readonly name: string;
  readonly segmentBytes: number;
  /** Called with each line that was written, and where it begins in its segment, bytes. */
  readonly onLine?: (line: Buffer, offset: number) => void;
  /** Called when a torn or foreign end was set aside into `path`. */
  readonly onRepair?: (path: string, bytes: number) => void;
}

/** A file of the journal: where it begins in it, and how much of it counts, bytes. */
export interface Segment {
  readonly path: string;
  readonly base: number;
  readonly size: number;
}

/** Read from a file at once. */
export const BLOCK_BYTES = 64 * 1024;
export const NEWLINE = 0x0a;

/** The full segments, oldest first. */
export function closedSegments(options: JournalOptions): Segment[] {
  const pattern = new RegExp(`^${options.name}-(\\d{15,16})\\.jsonl$`);
  return readdirSync(options.dir)
    .map((file) => ({ file, match: pattern.exec(file) }))
    .filter((f) => f.match !== null)
    .map(({ file, match }) => ({
      path: join(options.dir, file),
      base: Number(match![1]),
      size: statSync(join(options.dir, file)).size,
    }))
    .sort((a, b) => a.base - b.base);
}

/** Cuts a torn last line off the active file and keeps it beside; returns the good size. */
export function repairEnd(fd: number, path: string, options: JournalOptions): number {
  const size = statSync(path).size;
  if (size === 0) return 0;
  const good = lastNewline(fd, size) + 1;
  if (good === size) return size;
  const torn = Buffer.alloc(size - good);
  readSync(fd, torn, 0, torn.length, good);
  let aside = `${path}.torn`;
  for (let n = 1; existsSync(aside); n += 1) aside = `${path}.torn.${n}`;
  writeFileSync(aside, torn, { mode: 0o600 });
  ftruncateSync(fd, good);
  options.onRepair?.(aside, torn.length);
  return good;
}

function lastNewline(fd: number, size: number): number {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const read = readSync(fd, block, 0, end - start, start);
    const at = block.subarray(0, read).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at;
    end = start;
  }
  return -1;
}
