// A project's own .agora/settings.json. Whoever wrote it, it may only make things stricter than the person has them.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import type { HomeCode } from "./directory.ts";
import type { Mode } from "./registry.ts";
import { ok } from "./result.ts";
import {
  checkMode,
  MAX_CHAIN_BUDGET,
  MAX_HOP_LIMIT,
  MAX_TASK_AGE_MS,
  readSettingsFile,
  wholeNumber,
} from "./settings-file.ts";

/** The brakes: what decides how much an agent does by itself. */
export interface Brakes {
  readonly mode: Mode;
  readonly hopLimit: number;
  readonly taskAgeMs: number;
  /** Automatic turns of a chain, over all agents of the room, before a person is asked. */
  readonly chainBudget: number;
}

const KEYS = {
  mode: (value: unknown) =>
    checkMode(value) === undefined && value === "manual" ? undefined : `"manual": a project can only tighten`,
  hopLimit: wholeNumber(0, MAX_HOP_LIMIT),
  taskAgeMs: wholeNumber(1, MAX_TASK_AGE_MS),
  chainBudget: wholeNumber(0, MAX_CHAIN_BUDGET),
};

/** Tightens the brakes by the project's file. A looser value there changes nothing and is noted. */
export async function tightenByProject(
  path: string,
  brakes: Brakes,
): Promise<Result<{ readonly brakes: Brakes; readonly notes: readonly string[] }, HomeCode | "bad-settings">> {
  const file = join(path, ".agora", "settings.json");
  const read = await readSettingsFile(file, KEYS);
  return read.ok ? ok(tighten(brakes, read.value, file)) : read;
}

/** The stricter of each pair; `from` names where the wish came from in the notes. */
export function tighten(
  brakes: Brakes,
  wish: Partial<Brakes>,
  from: string,
): { readonly brakes: Brakes; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const loose = (key: string, wanted: string | number, is: string | number): void => {
    notes.push(
      `${key} ${wanted} in ${from} is not followed, it stays ${is}: only you can loosen it, in a terminal of your own.`,
    );
  };
  if (wish.mode === "auto" && brakes.mode === "manual") loose("mode", "auto", "manual");
  if (wish.hopLimit !== undefined && wish.hopLimit > brakes.hopLimit) loose("hopLimit", wish.hopLimit, brakes.hopLimit);
  if (wish.taskAgeMs !== undefined && wish.taskAgeMs > brakes.taskAgeMs)
    loose("taskAgeMs", wish.taskAgeMs, brakes.taskAgeMs);
  if (wish.chainBudget !== undefined && wish.chainBudget > brakes.chainBudget)
    loose("chainBudget", wish.chainBudget, brakes.chainBudget);
  return {
    brakes: {
      mode: wish.mode === "manual" ? "manual" : brakes.mode,
      hopLimit: Math.min(brakes.hopLimit, wish.hopLimit ?? brakes.hopLimit),
      taskAgeMs: Math.min(brakes.taskAgeMs, wish.taskAgeMs ?? brakes.taskAgeMs),
      chainBudget: Math.min(brakes.chainBudget, wish.chainBudget ?? brakes.chainBudget),
    },
    notes,
  };
}
