// A project's own .agora/settings.json. Whoever wrote it, it may only make things stricter than the person set them.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import type { HomeCode } from "./directory.ts";
import type { Mode } from "./registry.ts";
import { ok } from "./result.ts";
import { readSettingsFile } from "./settings-file.ts";
import { SETTING_ROWS, settingsThat } from "./settings-table.ts";

/** The brakes: how much an agent may do by itself. */
export interface Brakes {
  readonly mode: Mode;
  readonly hopLimit: number;
  readonly mentionMaxAgeMs: number;
  /** Automatic turns of a chain, over all agents of the room, before a person is asked. */
  readonly chainBudget: number;
}

const BRAKES = settingsThat(({ brake }) => brake === true) as readonly (keyof Brakes)[];
/** Brakes that are numbers: the smaller one is stricter. */
const NUMBERS = BRAKES.filter((name) => name !== "mode");
const KEYS = {
  ...Object.fromEntries(NUMBERS.map((name) => [name, SETTING_ROWS[name].check])),
  mode: (value: unknown) => (value === "manual" ? undefined : `"manual": a project can only tighten`),
};

/** Tightens the brakes by the project's file. A looser value there changes nothing and is noted. */
export async function tightenByProject(
  path: string,
  brakes: Brakes,
): Promise<Result<{ readonly brakes: Brakes; readonly notes: readonly string[] }, HomeCode | "bad-settings">> {
  const file = join(path, ".agora", "settings.json");
  const renamed: string[] = [];
  const read = await readSettingsFile(file, KEYS, (note) => renamed.push(note));
  if (!read.ok) return read;
  const tightened = tighten(brakes, read.value, file);
  return ok({ ...tightened, notes: [...renamed, ...tightened.notes] });
}

/** The stricter of each pair; in the notes, `from` says where the wish came from. */
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
  const numbers = NUMBERS.map((name) => {
    const [is, wanted = is] = [brakes[name], wish[name]];
    if (wanted > is) loose(name, wanted, is);
    return [name, Math.min(is, wanted)] as const;
  });
  const mode = wish.mode === "manual" ? "manual" : brakes.mode;
  return { brakes: { ...brakes, ...Object.fromEntries(numbers), mode }, notes };
}
