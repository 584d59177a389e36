import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openJournal } from "./journal.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "agora-journal-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (segmentBytes = 1000) => openJournal<{ n: number; text: string }>({ dir, name: "history", segmentBytes });

describe("a journal", () => {
  test("that is closed twice closes no file that was opened in between", () => {
    const first = open();
    first.close();
    const second = open();
    first.close();
    expect(second.append({ n: 1, text: "still open" })).toMatchObject({ ok: true });
    second.close();
  });

  test("gives back what was appended, from any position on and backwards, over segments and reopenings", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 60 }), fc.nat(), (texts, cut) => {
        rmSync(dir, { recursive: true, force: true });
        dir = mkdtempSync(join(tmpdir(), "agora-journal-"));
        let journal = open();
        const positions: number[] = [];
        texts.forEach((text, n) => {
          if (n === cut % texts.length) {
            journal.close();
            journal = open();
          }
          const appended = journal.append({ n, text });
          positions.push(appended.ok ? appended.position : -1);
        });
        const forward = [...journal.from(0)];
        expect(forward.map((e) => e.value.text)).toEqual(texts);
        expect(forward.map((e) => e.position)).toEqual(positions);
        expect([...journal.back()].reverse()).toEqual(forward);
        const middle = cut % texts.length;
        expect([...journal.from(positions[middle]!)].map((e) => e.value.n)[0]).toBe(middle);
        expect([...journal.back(positions[middle])].map((e) => e.value.n)[0]).toBe(
          middle === 0 ? undefined : middle - 1,
        );
        journal.close();
      }),
      { numRuns: 60 },
    );
  });

  test("finds what holds one of some texts, as reading all would, over segments and from a position on", () => {
    const word = fc.constantFrom("a", "b", "ab", "needle", '"n":1', 'say \\"', "é", "\\n");
    const text = fc.array(fc.constantFrom("a", "b", "needle", 'say "', "é", "\n", " "), { maxLength: 80 });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 60 }),
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.option(fc.nat()),
        (texts, words, cut) => {
          rmSync(dir, { recursive: true, force: true });
          dir = mkdtempSync(join(tmpdir(), "agora-journal-"));
          const journal = open();
          texts.forEach((parts, n) => journal.append({ n, text: parts.join("") }));
          const all = [...journal.from(0)];
          const from = cut === null ? undefined : all[cut % all.length]!.position;
          const wanted = all.filter(
            ({ position, value }) =>
              position >= (from ?? 0) && words.some((one) => JSON.stringify(value).includes(one)),
          );
          expect([...journal.holding(words, from)].flatMap((entries) => [...entries])).toEqual(wanted.reverse());
          // Segments may also be read side by side: none takes the other's bytes.
          const side = [...journal.holding(words, from)].map((entries) => entries[Symbol.iterator]());
          const found = side.map((): unknown[] => []);
          for (let open = true; open;) {
            const steps = side.map((entries) => entries.next());
            for (const [n, step] of steps.entries()) if (step.done !== true) found[n]!.push(step.value);
            open = steps.some(({ done }) => done !== true);
          }
          expect(found.flat()).toEqual(wanted);
          journal.close();
        },
      ),
      { numRuns: 100 },
    );
  });

  test("reads lines longer than a block, backwards too", () => {
    const journal = open(10_000_000);
    const long = "x".repeat(200_000);
    journal.append({ n: 1, text: long });
    journal.append({ n: 2, text: "short" });
    journal.append({ n: 3, text: long });
    expect([...journal.back()].map((e) => e.value.n)).toEqual([3, 2, 1]);
    expect([...journal.from(0)].map((e) => e.value.text.length)).toEqual([200_000, 5, 200_000]);
    journal.close();
  });

  test("keeps every whole record whichever byte of the last one is torn off, and goes on behind them", () => {
    const texts = ["first", "zweite \u00e4\u{1f600}", "third \n with a feed", "the last, torn"];
    const whole = open();
    for (const [n, text] of texts.entries()) whole.append({ n, text });
    whole.close();
    const path = join(dir, "history.jsonl");
    const bytes = readFileSync(path);
    const lastLine = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      for (const file of readdirSync(dir)) rmSync(join(dir, file));
      writeFileSync(path, bytes.subarray(0, cut));
      const torn = open();
      const kept = [...torn.from(0)].map((e) => e.value.text);
      expect(kept).toEqual(texts.slice(0, kept.length));
      if (cut >= lastLine) expect(kept.length).toBeGreaterThanOrEqual(texts.length - 1);
      if (cut === bytes.length) expect(kept).toEqual(texts);
      torn.append({ n: 9, text: "after" });
      torn.close();
      const again = open();
      expect([...again.from(0)].map((e) => e.value.text)).toEqual([...kept, "after"]);
      again.close();
    }
  });

  test("sets a torn last line aside and keeps the rest", () => {
    const journal = open();
    journal.append({ n: 1, text: "whole" });
    journal.close();
    appendFileSync(join(dir, "history.jsonl"), '{"n":2,"text":"to');
    let repaired = "";
    const again = openJournal<{ n: number }>({
      dir,
      name: "history",
      segmentBytes: 1000,
      onRepair: (path) => (repaired = path),
    });
    expect([...again.from(0)].map((e) => e.value.n)).toEqual([1]);
    expect(readFileSync(repaired, "utf8")).toBe('{"n":2,"text":"to');
    again.append({ n: 3 });
    expect([...again.from(0)].map((e) => e.value.n)).toEqual([1, 3]);
    again.close();
  });

  test("shares one sync among callers and makes later ones wait for theirs", async () => {
    const journal = open(200);
    for (let n = 0; n < 20; n += 1) {
      journal.append({ n, text: "x".repeat(50) });
      void journal.sync();
    }
    await Promise.all([journal.sync(), journal.sync(), journal.sync()]);
    expect(readdirSync(dir).length).toBeGreaterThan(3);
    journal.close();
  });

  test("goes on, in its own file, when there was no room for another segment", () => {
    const journal = open(200);
    const said = [1, 2, 3].map((n) => ({ n, text: "x".repeat(60) }));
    for (const record of said.slice(0, 2)) expect(journal.append(record).ok).toBe(true);
    const next = join(dir, `history-${"0".repeat(15)}.jsonl`);
    mkdirSync(join(next, "in the way"), { recursive: true });
    expect(journal.append(said[2]!).ok).toBe(false);
    rmSync(next, { recursive: true });
    expect(journal.append(said[2]!).ok).toBe(true);
    expect(readdirSync(dir).sort()).toEqual([`history-${"0".repeat(15)}.jsonl`, "history.jsonl"]);
    expect([...journal.from(0)].map(({ value }) => value)).toEqual(said);
    journal.close();
  });

  test("says so when the disk does not take a record", () => {
    const journal = open();
    journal.close();
    expect(journal.append({ n: 1, text: "x" }).ok).toBe(false);
  });
});
