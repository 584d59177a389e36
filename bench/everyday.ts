// cli-who: what `agora who` costs as a whole process, against starting Node.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openPair, pluginRoot } from "./pair.ts";
import { median, type Row } from "./row.ts";

const RUNS = 25;

/** Measures everyday commands. */
export async function everyday(): Promise<Row[]> {
  await using pair = await openPair();
  const time = (args: readonly string[]): number => {
    const began = performance.now();
    execFileSync(process.execPath, args, { cwd: pair.alice.project, env: pair.alice.env, stdio: "ignore" });
    return performance.now() - began;
  };
  const ours: number[] = [];
  const reference: number[] = [];
  for (let i = 0; i < RUNS; i += 1) {
    ours.push(time([join(pluginRoot, "dist", "quick.cjs"), "who"]));
    reference.push(time(["-e", "0"]));
  }
  const why = `${median(ours).toFixed(0)} ms against ${median(reference).toFixed(0)} ms`;
  return [{ name: "cli-who", ratio: median(ours) / median(reference), goal: 2, better: "lower", why }];
}
