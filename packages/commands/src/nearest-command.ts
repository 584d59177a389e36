// The message for an unknown command, which names the nearest one.
import { distance } from "fastest-levenshtein";

/** How many typos a name may be away to count as the nearest. */
const MAX_MISTAKES = 2;
const MAX_SHOWN = 40;

/** `typed` as it was typed, `names` without their prefix; `prefix` is how a command begins there. */
export function noSuchCommand(typed: string, names: readonly string[], prefix: string): string {
  const ranked = names
    .map((name) => ({ name, far: distance(name, typed.slice(0, MAX_SHOWN)) }))
    .filter(({ name, far }) => far <= MAX_MISTAKES && far < name.length)
    .toSorted((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1));
  const [nearest] = ranked;
  const advice = nearest === undefined ? `${prefix}help lists all` : `did you mean ${prefix}${nearest.name}?`;
  return `there is no command ${prefix}${typed.slice(0, MAX_SHOWN)}: ${advice}${nearest === undefined ? "." : ""}`;
}
