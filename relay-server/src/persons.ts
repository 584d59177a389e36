// The keys that a room has met of each person, so that what is addressed to one device is given to that person's others as well, and
// those that the person's root was shown to have ended. It lasts as long as the room is remembered.

/** People of a room whose keys are remembered; beyond, the longest unheard are forgotten. */
const MAX_PERSONS = 1_000;
/** Keys of one person. */
const MAX_KEYS = 64;

export class Persons {
  readonly #keys = new Map<string, Set<string>>();
  readonly #ended = new Map<string, Set<string>>();

  /** The keys of whoever has this name and root, these among them. The set is the same one for all devices. [DEVICE-3] */
  meet(name: string, root: string, keys: readonly string[]): ReadonlySet<string> {
    return remember(this.#keys, `${name} ${root}`, keys);
  }

  /** This root has ended these keys, of devices or members, by its own word. [DEVICE-2] */
  ends(name: string, root: string, keys: readonly string[]): void {
    if (keys.length > 0) remember(this.#ended, `${name} ${root}`, keys);
  }

  /** Whether one of these keys was shown here to be ended by this root. */
  hasEnded(name: string, root: string, keys: readonly string[]): boolean {
    const ended = this.#ended.get(`${name} ${root}`);
    return keys.some((key) => ended?.has(key) === true);
  }
}

function remember(people: Map<string, Set<string>>, who: string, keys: readonly string[]): ReadonlySet<string> {
  const known = people.get(who) ?? new Set<string>();
  people.delete(who);
  people.set(who, known);
  for (const key of keys) {
    known.add(key);
    if (known.size > MAX_KEYS) known.delete(known.values().next().value!);
  }
  if (people.size > MAX_PERSONS) people.delete(people.keys().next().value!);
  return known;
}
