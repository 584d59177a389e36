// `pnpm bench [--json] [NAME…]`: every figure as a ratio against its reference, measured in the same run. Goals, not gates:
// it exits 0 whatever the figures are.
import { catchUp } from "./catch-up.ts";
import { consoleRows } from "./console.ts";
import { everyday } from "./everyday.ts";
import { files } from "./files.ts";
import { fanout } from "./fanout.ts";
import { hook } from "./hook.ts";
import { idleMemory } from "./idle-memory.ts";
import { largeFile } from "./large-file.ts";
import { latency } from "./latency.ts";
import { longHistory } from "./long-history.ts";
import { modelBytes } from "./model-bytes.ts";
import type { Row } from "./row.ts";
import { sayToJournal } from "./say-to-journal.ts";

const MEASURES: Readonly<Record<string, () => Promise<Row[]>>> = {
  fanout,
  latency,
  "idle-memory": idleMemory,
  "say-to-journal": sayToJournal,
  "catch-up": catchUp,
  files,
  hook,
  everyday,
  "long-history": longHistory,
  "model-bytes": modelBytes,
  console: consoleRows,
};

/** What takes minutes and gigabytes: only when it is named. */
const ON_REQUEST: typeof MEASURES = { "large-file": largeFile };

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
for (const [name, measure] of Object.entries({ ...MEASURES, ...ON_REQUEST })) {
  if (names.length === 0 ? name in ON_REQUEST : !names.includes(name)) continue;
  try {
    for (const row of await measure()) print(row, json);
  } catch (error) {
    print(
      { name, ratio: null, goal: 0, better: "lower", why: error instanceof Error ? error.message : String(error) },
      json,
    );
  }
}
process.exit(0);
