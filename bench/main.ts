// `pnpm bench [--json] [NAME…]`: every figure as a ratio against its reference, measured in the same run. Goals, not gates:
// it exits 0 whatever the figures are, and 2 if there is no such name.
import { catchUp } from "./catch-up.ts";
import { consoleRows } from "./console.ts";
import { daemonIdle } from "./daemon-idle.ts";
import { diskPerMessage } from "./disk-per-message.ts";
import { endToEnd } from "./end-to-end.ts";
import { everyday } from "./everyday.ts";
import { files } from "./files.ts";
import { fanout, fanoutRedis, fanoutSingle } from "./fanout.ts";
import { hook } from "./hook.ts";
import { idle10k, idleMemory } from "./idle-memory.ts";
import { largeFile } from "./large-file.ts";
import { latency } from "./latency.ts";
import { longHistory } from "./long-history.ts";
import { modelBytes } from "./model-bytes.ts";
import { joinCpu, roomSize } from "./room-size.ts";
import type { Row } from "./row.ts";
import { sayToJournal } from "./say-to-journal.ts";

interface Measure {
  /** The rows it gives. */
  readonly rows: readonly string[];
  readonly run: () => Promise<Row[]>;
  /** It takes minutes or gigabytes: only when it is named. */
  readonly onRequest?: true;
}

const MEASURES: Readonly<Record<string, Measure>> = {
  fanout: { rows: ["fanout-50", "fanout-50-nats", "fanout-2"], run: fanout },
  "fanout-50-redis": { rows: [], run: fanoutRedis },
  "fanout-50-single": { rows: [], run: fanoutSingle },
  latency: { rows: ["latency-p99"], run: latency },
  "idle-memory": { rows: ["memory-idle"], run: idleMemory },
  "idle-10k": { rows: [], run: idle10k, onRequest: true },
  "join-cpu": { rows: [], run: joinCpu },
  "room-size": { rows: [], run: roomSize },
  "end-to-end": { rows: ["e2e-p99"], run: endToEnd },
  "disk-per-message": { rows: ["disk-reader", "disk-author"], run: diskPerMessage },
  "say-to-journal": { rows: [], run: sayToJournal },
  "catch-up": { rows: ["catch-up-10k"], run: catchUp },
  files: { rows: ["file-throughput", "latency-during-file", "file-memory"], run: files },
  hook: { rows: ["hook-empty", "hook-20", "hook-command"], run: hook },
  everyday: { rows: ["cli-who", "cli-say"], run: everyday },
  "daemon-idle": { rows: ["daemon-idle-wakeups", "daemon-idle-cpu", "daemon-idle-memory"], run: daemonIdle },
  "long-history": {
    rows: ["start-1m", "start-1m-memory", "history-1m", "search-1m", "jump-to-date"],
    run: longHistory,
  },
  "model-bytes": { rows: ["tools-bytes", "primer-bytes"], run: modelBytes },
  console: { rows: ["console-bytes", "console-latency", "console-scroll"], run: consoleRows },
  "large-file": { rows: [], run: largeFile, onRequest: true },
};

function print(row: Row, json: boolean): void {
  if (json) return console.log(JSON.stringify(row));
  const met = row.ratio !== null && (row.better === "higher" ? row.ratio >= row.goal : row.ratio <= row.goal);
  const figure = row.ratio === null ? "-" : row.ratio.toFixed(2);
  const sign = row.better === "higher" ? "≥" : "≤";
  console.log(
    `${row.name.padEnd(18)} ${figure.padStart(8)}   goal ${sign} ${String(row.goal).padEnd(5)} ${met ? "met" : "   "}  ${row.why ?? ""}`,
  );
}

const args = process.argv.slice(2);
const json = args.includes("--json");
const names = args.filter((a) => !a.startsWith("--"));

/** The rows that a word names: all of a measure, or one. */
const rowsOf = (word: string): readonly string[] => {
  const measure = Object.hasOwn(MEASURES, word) ? MEASURES[word]! : undefined;
  if (measure !== undefined) return measure.rows.length === 0 ? [word] : measure.rows;
  return Object.values(MEASURES).flatMap(({ rows }) => rows.filter((row) => row === word));
};
const unknown = names.filter((word) => rowsOf(word).length === 0);
if (unknown.length > 0) {
  const all = Object.entries(MEASURES).flatMap(([name, { rows }]) => [name, ...rows]);
  console.error(`There is no row ${unknown.join(", ")}. There are: ${all.join(", ")}.`);
  process.exit(2);
}
const wanted = new Set(names.flatMap(rowsOf));
for (const [name, { rows, run, onRequest }] of Object.entries(MEASURES)) {
  const mine = rows.length === 0 ? [name] : rows;
  if (names.length === 0 ? onRequest === true : !mine.some((row) => wanted.has(row))) continue;
  try {
    for (const row of await run()) if (names.length === 0 || wanted.has(row.name)) print(row, json);
  } catch (error) {
    print(
      { name, ratio: null, goal: 0, better: "lower", why: error instanceof Error ? error.message : String(error) },
      json,
    );
  }
}
process.exit(0);
