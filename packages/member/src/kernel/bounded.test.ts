import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Bounds, dropBounded, putBounded } from "./bounded.ts";

interface Entry {
  readonly pool: "known" | "strange";
  readonly by: string;
}

const bounds: Bounds<Entry, Entry["pool"]> = {
  pools: { known: { most: 6, each: 3 }, strange: { most: 4, each: 2 } },
  placeOf: ({ pool, by }) => ({ pool, filler: by }),
};

const step = fc.record({
  key: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
  entry: fc.record({ pool: fc.constantFrom("known" as const, "strange" as const), by: fc.constantFrom("x", "y", "z") }),
  drop: fc.boolean(),
  /** The record is written down and read again. */
  again: fc.boolean(),
});

test("a full pool costs nobody in another one, and who has too many pays alone", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let entries: Record<string, Entry> = {};
      for (const { key, entry, drop, again } of steps) {
        if (again) entries = JSON.parse(JSON.stringify(entries)) as Record<string, Entry>;
        if (drop) {
          dropBounded(entries, key);
          expect(entries).not.toHaveProperty(key);
          continue;
        }
        const before = Object.entries(entries).filter(([known]) => known !== key);
        const gone = putBounded(entries, key, entry, bounds);
        const all = Object.entries(entries);
        const of = (pool: string, by?: string): typeof all =>
          all.filter(([, e]) => e.pool === pool && (by === undefined || e.by === by));
        for (const pool of ["known", "strange"] as const) {
          expect(of(pool).length).toBeLessThanOrEqual(bounds.pools[pool].most);
          for (const by of ["x", "y", "z"]) expect(of(pool, by).length).toBeLessThanOrEqual(bounds.pools[pool].each);
        }
        expect(entries[key]).toBe(entry);
        expect(all.at(-1)![0]).toBe(key);
        // Only the pool that was put into loses, its oldest, or the oldest of who put.
        const ofPool = before.filter(([, e]) => e.pool === entry.pool);
        const own = ofPool.filter(([, e]) => e.by === entry.by);
        const { most, each } = bounds.pools[entry.pool];
        const expected = own.length >= each ? own[0] : ofPool.length >= most ? ofPool[0] : undefined;
        expect(gone).toEqual(expected === undefined ? [] : [expected]);
        expect(all.map(([k]) => k)).toEqual([...before.map(([k]) => k).filter((k) => k !== expected?.[0]), key]);
      }
    }),
  );
});

test("where those with most pay, one with few keeps them however many names others have", () => {
  const fair: Bounds<Entry, Entry["pool"]> = {
    ...bounds,
    pools: { ...bounds.pools, strange: { most: 9, each: 3, mostPay: true } },
  };
  const entries: Record<string, Entry> = {};
  for (const key of ["first", "second"]) putBounded(entries, key, { pool: "strange", by: "x" }, fair);
  for (let n = 0; n < 30; n += 1) {
    const gone = putBounded(entries, `${n}`, { pool: "strange", by: `stranger ${Math.floor(n / 3) % 3}` }, fair);
    expect(gone.map(([, { by }]) => by)).not.toContain("x");
  }
  expect(Object.keys(entries)).toHaveLength(9);
  expect(entries).toMatchObject({ first: { by: "x" }, second: { by: "x" } });
});
