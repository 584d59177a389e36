// cli-who, cli-say: what a command costs as a whole process, against starting Node; by CPU time.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ChildTimes, NO_CPU } from "./cpu.ts";
import { openPair, pluginRoot } from "./pair.ts";
import type { Row } from "./row.ts";

const RUNS = 25;

/** Measures everyday commands. */
export async function everyday(): Promise<Row[]> {
  const commands = { "cli-who": ["who"], "cli-say": ["say", "is the build green?"] };
  const fixed = { goal: 1.5, better: "lower" } as const;
  const why = NO_CPU;
  if (why !== undefined) return Object.keys(commands).map((name): Row => ({ name, ratio: null, ...fixed, why }));
  await using pair = await openPair();
  const run = (args: readonly string[]): void => {
    execFileSync(process.execPath, args, { cwd: pair.alice.project, env: pair.alice.env, stdio: "ignore" });
  };
  const rows: Row[] = [];
  for (const [name, words] of Object.entries(commands)) {
    const [ours, reference] = [new ChildTimes(), new ChildTimes()];
    for (let i = 0; i < RUNS; i += 1) {
      await ours.run(() => run([join(pluginRoot, "dist", "quick.cjs"), ...words]));
      await reference.run(() => run(["-e", "0"]));
    }
    rows.push({ name, ratio: ours.cpuMs / reference.cpuMs, ...fixed, why: `${ours.text} against ${reference.text}` });
  }
  return rows;
}
