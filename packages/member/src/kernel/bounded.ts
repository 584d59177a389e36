// A record that many fill, some of them to push out what others put there. Each entry is in a pool and has somebody who pays for it:
// who has too many in a pool loses its own oldest, a pool that is full loses its oldest, and no other pool loses anything. A put
// costs the same however much is kept; but into a full pool where those with most pay, it costs as much as that holds.

/** How many entries of a pool are kept, of all who fill it and of each of them. */
export interface Pool {
  readonly most: number;
  readonly each: number;
  /** When it is full, whoever has most in it loses an entry: where anybody may fill it under as many names as they like. */
  readonly mostPay?: true;
}

/** The pools of a record. Where an entry is, is told by the entry: a record read from a checkpoint is bounded the same way. */
export interface Bounds<T, P extends string = string> {
  readonly pools: Readonly<Record<P, Pool>>;
  readonly placeOf: (entry: T, key: string) => { readonly pool: P; readonly filler: string };
}

/** The keys of a record in the order they were put, by pool and by who pays in it. */
interface Index {
  readonly places: Map<string, { readonly pool: string; readonly purse: string }>;
  readonly pools: Map<string, Set<string>>;
  readonly purses: Map<string, Set<string>>;
}

/** Whoever puts into a record by `putBounded` deletes from it by `dropBounded` alone. */
const indexes = new WeakMap<object, Index>();

/** Puts an entry last, in place; gives the entries that had to go for it. */
export function putBounded<T, P extends string>(
  entries: Record<string, T>,
  key: string,
  entry: T,
  bounds: Bounds<T, P>,
): readonly (readonly [key: string, entry: T])[] {
  const index = indexOf(entries, bounds);
  take(index, key);
  if (Object.hasOwn(entries, key)) delete entries[key];
  entries[key] = entry;
  const { pool, filler } = bounds.placeOf(entry, key);
  const purse = `${pool} ${filler}`;
  add(index, key, pool, purse);
  const { most, each, mostPay } = bounds.pools[pool];
  const gone: (readonly [string, T])[] = [];
  const forgetOldest = (of: ReadonlySet<string>): void => {
    const oldest = of.values().next().value!;
    gone.push([oldest, entries[oldest]!]);
    take(index, oldest);
    delete entries[oldest];
  };
  if (index.purses.get(purse)!.size > each) forgetOldest(index.purses.get(purse)!);
  const all = index.pools.get(pool)!;
  if (all.size > most) forgetOldest(mostPay === true ? largestPurse(index, all) : all);
  return gone;
}

/** Of the purses with most entries that of the oldest one. */
function largestPurse({ places, purses }: Index, pool: ReadonlySet<string>): ReadonlySet<string> {
  let largest: ReadonlySet<string> = new Set();
  for (const key of pool) {
    const purse = purses.get(places.get(key)!.purse)!;
    if (purse.size > largest.size) largest = purse;
  }
  return largest;
}

/** Takes an entry out, in place. */
export function dropBounded(entries: Record<string, unknown>, key: string): void {
  const index = indexes.get(entries);
  if (index !== undefined) take(index, key);
  delete entries[key];
}

function indexOf<T, P extends string>(entries: Record<string, T>, { placeOf }: Bounds<T, P>): Index {
  const known = indexes.get(entries);
  if (known !== undefined) return known;
  const index: Index = { places: new Map(), pools: new Map(), purses: new Map() };
  for (const [key, entry] of Object.entries(entries)) {
    const { pool, filler } = placeOf(entry, key);
    add(index, key, pool, `${pool} ${filler}`);
  }
  indexes.set(entries, index);
  return index;
}

function add({ places, pools, purses }: Index, key: string, pool: string, purse: string): void {
  places.set(key, { pool, purse });
  (pools.get(pool) ?? set(pools, pool)).add(key);
  (purses.get(purse) ?? set(purses, purse)).add(key);
}

function take({ places, pools, purses }: Index, key: string): void {
  const place = places.get(key);
  if (place === undefined) return;
  places.delete(key);
  pools.get(place.pool)?.delete(key);
  const purse = purses.get(place.purse);
  purse?.delete(key);
  if (purse?.size === 0) purses.delete(place.purse); // as many as there are names, otherwise
}

function set(sets: Map<string, Set<string>>, name: string): Set<string> {
  const made = new Set<string>();
  sets.set(name, made);
  return made;
}
