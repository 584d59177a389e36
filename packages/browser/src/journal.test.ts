import { expect, test } from "vitest";
import type { KeptRecord } from "./database.ts";
import { createJournal } from "./journal.ts";
import type { Write, Writer } from "./writer.ts";

/** A writer into a map, as the database would hold it. */
function memory(): { writer: Writer; kept: () => [number, KeptRecord][]; failWith: (why: string | undefined) => void } {
  const rows = new Map<number, KeptRecord>();
  let failure: string | undefined;
  const writer: Writer = {
    add(write: Write) {
      if (write.store !== "history") throw new Error("another store");
      if ("put" in write) rows.set(write.put, write.value);
      else for (const key of rows.keys()) if (key < write.before) rows.delete(key);
    },
    get failure() {
      return failure;
    },
    isIdle: true,
    written: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return {
    writer,
    kept: () => [...rows].sort(([a], [b]) => a - b),
    failWith(why) {
      failure = why;
    },
  };
}

const values = (entries: Iterable<{ readonly value: string }>): string[] => [...entries].map(({ value }) => value);

test("reads from and back, and goes on after it was opened again", () => {
  const { writer, kept } = memory();
  const journal = createJournal<string>("history", [], writer);
  const places = ["a", "bb", "ccc"].map((value) => journal.append(value));
  expect(places).toEqual([
    { ok: true, position: 0 },
    { ok: true, position: 4 },
    { ok: true, position: 9 },
  ]);
  expect(values(journal.from(4))).toEqual(["bb", "ccc"]);
  expect(values(journal.from(5))).toEqual(["ccc"]);
  expect(values(journal.back())).toEqual(["ccc", "bb", "a"]);
  expect(values(journal.back(9))).toEqual(["bb", "a"]);
  const again = createJournal<string>("history", kept(), writer);
  expect(again.end).toBe(journal.end);
  again.append("d");
  expect(values(again.from(0))).toEqual(["a", "bb", "ccc", "d"]);
});

test("drops what is old and keeps the last, so that positions go on", () => {
  const { writer, kept } = memory();
  const journal = createJournal<string>("history", [], writer);
  for (const value of ["a", "b", "c"]) journal.append(value);
  const { end } = journal;
  journal.dropBefore(end);
  expect(values(journal.from(0))).toEqual(["c"]);
  const again = createJournal<string>("history", kept(), writer);
  expect(again.end).toBe(end);
  expect(again.append("d")).toEqual({ ok: true, position: end });
  expect(values(again.back())).toEqual(["d", "c"]);
});

test("finds what holds a text, and takes nothing while the database does not", () => {
  const { writer, failWith } = memory();
  const journal = createJournal<string>("history", [], writer);
  for (let n = 0; n < 5_000; n += 1) journal.append(n % 1_000 === 7 ? `needle ${n}` : `hay ${n}`);
  const found = [...journal.holding(["needle"])];
  expect(found).toHaveLength(3); // in slices, so that the page goes on meanwhile
  expect(values(found.flatMap((entries) => [...entries]))).toEqual([
    "needle 4007",
    "needle 3007",
    "needle 2007",
    "needle 1007",
    "needle 7",
  ]);
  failWith("QuotaExceededError");
  expect(journal.append("more")).toEqual({ ok: false, reason: "QuotaExceededError" });
  failWith(undefined);
  expect(journal.append("more")).toMatchObject({ ok: true });
});
