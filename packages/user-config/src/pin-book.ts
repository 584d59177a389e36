// Which key belongs to which name, and how it was met: in its own signed words, in a line of presence, or handed on by
// another member. Somebody who can invent names fills only the places for names met in that way: a name that spoke, or was
// addressed, is never pushed out.

/** The key of a name. */
export interface Pin {
  readonly key: string;
  readonly at: number;
  /** The key before a person repinned it. */
  readonly previous?: string;
  /** The relay never vouched for anything it signed, and nothing was addressed to it. */
  readonly only?: "presence" | "handed";
  /** Who handed on what it signed. */
  readonly by?: string;
  /** The root of the person whose key it is, once that was shown: no other root takes its place but by that person's decision. */
  readonly root?: string;
  /** The root that this user compared with that person. */
  readonly verified?: string;
}

/** How a name was seen: it speaks or is addressed, the relay says that it is here, or a member hands on what it said. */
export type Sight = "word" | "presence" | { readonly handedBy: string };

/** What a name with this key is. `full`: there is no room for another name met this way; refuse it and say so. */
export type Pinned = "new" | "same" | "changed" | "full";

/** How many names are remembered, by how they were met. */
export const MAX_PINS = { word: 6_000, presence: 1_000, handed: 2_000, handedByOne: 500 } as const;

/** A room's pins in memory. */
export interface PinBook {
  readonly all: ReadonlyMap<string, Pin>;
  /**
   * Compares a name and key with the book; `put` is what to store about the name now, `dropped` a name that was only ever
   * seen and had to make room.
   */
  meet(name: string, key: string, sight: Sight, at: number): Met;
  put(name: string, pin: Pin): void;
  drop(name: string): void;
}

export interface Met {
  readonly pinned: Pinned;
  readonly put?: Pin;
  readonly dropped?: string;
}

/** Creates a book from existing pins. */
export function createPinBook(pins: Iterable<readonly [string, Pin]>): PinBook {
  const all = new Map<string, Pin>();
  /** Only seen, oldest first. */
  const seen = new Set<string>();
  const handed = new Map<string, number>();
  let handedInAll = 0;

  const count = ({ only, by = "" }: Pin, step: 1 | -1): void => {
    if (only !== "handed") return;
    handedInAll += step;
    const next = (handed.get(by) ?? 0) + step;
    if (next === 0) handed.delete(by);
    else handed.set(by, next);
  };
  const drop = (name: string): void => {
    const pin = all.get(name);
    if (pin === undefined) return;
    count(pin, -1);
    all.delete(name);
    seen.delete(name);
  };
  const put = (name: string, pin: Pin): void => {
    const known = all.get(name);
    if (known !== undefined) count(known, -1);
    all.set(name, pin);
    count(pin, 1);
    if (pin.only === "presence") seen.add(name);
    else seen.delete(name);
  };
  const spoken = (): number => all.size - seen.size - handedInAll;
  const hasPlace = (sight: Sight): boolean => {
    if (sight === "presence") return true;
    if (sight === "word") return spoken() < MAX_PINS.word;
    return handedInAll < MAX_PINS.handed && (handed.get(sight.handedBy) ?? 0) < MAX_PINS.handedByOne;
  };

  for (const [name, pin] of pins) put(name, pin);
  return {
    all,
    put,
    drop,
    meet(name, key, sight, at) {
      const known = all.get(name);
      if (known !== undefined && known.key !== key) return { pinned: "changed" };
      if (known !== undefined) {
        if (!isMore(sight, known) || !hasPlace(sight)) return { pinned: "same" };
        const { only: _, by: __, ...rest } = known;
        const pin = { ...rest, ...waysOf(sight) };
        put(name, pin);
        return { pinned: "same", put: pin };
      }
      if (!hasPlace(sight)) return { pinned: "full" };
      const pin: Pin = { key, at, ...waysOf(sight) };
      put(name, pin);
      const oldest = seen.size > MAX_PINS.presence ? seen.values().next().value : undefined;
      if (oldest === undefined) return { pinned: "new", put: pin };
      drop(oldest);
      return { pinned: "new", put: pin, dropped: oldest };
    },
  };
}

const RANK = { presence: 0, handed: 1, word: 2 } as const;

/** Whether one pin says more about a name than another with the same key, or is that of the same person later on. */
export function outranks(pin: Pin, other: Pin): boolean {
  if (pin.key !== other.key) return pin.root !== undefined && pin.root === other.root && pin.at > other.at;
  if (pin.root !== other.root) return other.root === undefined || pin.at > other.at;
  if (pin.verified !== other.verified) return pin.at > other.at;
  return RANK[pin.only ?? "word"] > RANK[other.only ?? "word"];
}

/** What is known of the person whose key a name has. */
export type Belonging = Pick<Pin, "key" | "root" | "verified">;

/** The pin of a name that belongs to a person: under another key of theirs, or with their root. */
export function belongingPin(pin: Pin, { key, root, verified }: Belonging, at: number): Pin {
  const { previous: _, verified: __, root: ___, ...rest } = pin;
  const previous = key === pin.key ? pin.previous : pin.key;
  return {
    ...rest,
    key,
    at,
    ...(previous === undefined ? {} : { previous }),
    ...(root === undefined ? {} : { root }),
    ...(verified === undefined ? {} : { verified }),
  };
}

function isMore(sight: Sight, known: Pin): boolean {
  return RANK[typeof sight === "string" ? sight : "handed"] > RANK[known.only ?? "word"];
}

function waysOf(sight: Sight): Pick<Pin, "only" | "by"> {
  if (sight === "word") return {};
  return sight === "presence" ? { only: "presence" } : { only: "handed", by: sight.handedBy };
}
