// The keys that a room has met of each person, so that what is addressed to one device is given to that person's others as well. It
// lasts as long as the room is remembered.

/** People of a room whose keys are remembered; beyond, the longest unheard are forgotten. */
const MAX_PERSONS = 1_000;
/** Keys of one person. */
const MAX_KEYS = 64;

export class Persons {
  readonly #keys = new Map<string, Set<string>>();

  /** The keys of whoever has this name and root, these among them. The set is the same one for all devices. [DEVICE-3] */
  meet(name: string, root: string, keys: readonly string[]): ReadonlySet<string> {
    const who = `${name} ${root}`;
    const known = this.#keys.get(who) ?? new Set<string>();
    this.#keys.delete(who);
    this.#keys.set(who, known);
    for (const key of keys) {
      known.add(key);
      if (known.size > MAX_KEYS) known.delete(known.values().next().value!);
    }
    if (this.#keys.size > MAX_PERSONS) this.#keys.delete(this.#keys.keys().next().value!);
    return known;
  }
}
