import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Asker, endOfLink, foldLinks, type LinkRecord, type MadeLink } from "./fold.ts";

const NOW = 1_800_000_000_000;
const link: MadeLink = { id: "link-1", at: NOW, exp: NOW / 1_000 + 600, refused: [] };
const askerOf = (print: string): Asker => ({
  print,
  member: print,
  key: print,
  proof: "",
  box: "",
  called: "",
  at: NOW,
});
const print = fc.integer({ min: 0, max: 90 }).map((n) => `print-${n}`);
const id = fc.constantFrom(link.id, "another");
const record: fc.Arbitrary<LinkRecord> = fc.oneof(
  fc.constant({ op: "device-link", link } as const),
  fc.record({ op: fc.constant("device-linked" as const), id, asker: print.map(askerOf) }),
  fc.record({ op: fc.constant("device-refused" as const), id, print }),
);

test("whatever is written: a link is used once, by the first, and what is refused is bounded [LINKING-3]", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 200 }), (records) => {
      const links: Record<string, MadeLink> = {};
      let first: string | undefined;
      for (const one of [{ op: "device-link", link } as const, ...records]) {
        foldLinks(links, JSON.parse(JSON.stringify(one)) as LinkRecord);
        if (one.op === "device-linked" && one.id === link.id) first ??= one.asker.print;
        const now = links[link.id]!;
        expect(now.used?.print).toBe(first);
        expect(now.refused.length).toBeLessThanOrEqual(64);
        expect(endOfLink(now, NOW)).toBe(first === undefined ? undefined : "used");
        expect(Object.keys(links)).toEqual([link.id]);
      }
    }),
    { numRuns: 100 },
  );
});

test("a link ends with its time, and the oldest of many is forgotten", () => {
  expect(endOfLink(link, NOW + 599_999)).toBeUndefined();
  expect(endOfLink(link, NOW + 600_000)).toBe("expired");
  const links: Record<string, MadeLink> = {};
  for (let n = 0; n < 100; n += 1) foldLinks(links, { op: "device-link", link: { ...link, id: `link-${n}` } });
  expect(Object.keys(links).length).toBeLessThanOrEqual(36);
  expect(links["link-99"]).toBeDefined();
});
