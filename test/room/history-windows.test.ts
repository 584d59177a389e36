// Stretches of a history: around a message, before and after one, since and until a time, what one member said; and the place of
// a time in a journal, found by halving. Each is compared with what a plain look at all lines gives.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { openJournal } from "@agora/ports";
import { seekRecord } from "@agora/ports/journal-seek";
import type { Line, RequestArgs } from "@agora/ipc";
import { say } from "../../packages/member/src/messages/say.ts";
import type { Relay } from "@agora/relay";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";
import { history } from "./read-history.ts";

type Window = Pick<RequestArgs<"history">, "around" | "after" | "before" | "since" | "until" | "from" | "search">;

describe("a stretch of the history", () => {
  const SAID = 24;
  let relay: Relay;
  let places: Place[];
  let alice: Member;
  let all: readonly Line[];

  beforeAll(async () => {
    relay = await openRelay();
    places = [makePlace("alice"), makePlace("bob")];
    alice = await places[0]!.open(relay.port);
    await using bob = await places[1]!.open(relay.port);
    await until("they know each other", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
    for (let n = 0; n < SAID; n += 1) {
      const speaker = n % 3 === 0 ? bob : alice;
      must(await say(speaker.room, { via: "cli", text: `line ${n % 5}`, to: [] }, undefined));
      await until("alice has it", () => must(history(alice.room, { limit: 100 })).lines.length === n + 1);
    }
    all = must(history(alice.room, { limit: 100 })).lines;
  });
  afterAll(async () => {
    await alice?.[Symbol.asyncDispose]();
    await relay?.close();
    for (const place of places) place.remove();
  });

  const ids = (lines: readonly Line[]): string[] => lines.map(({ id }) => id);

  test("is what a plain look gives, whatever is asked for together", () => {
    const index = fc.option(fc.nat(SAID - 1), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          around: index,
          after: index,
          before: index,
          since: index,
          until: index,
          from: fc.constantFrom(undefined, "alice", "bob", "carol"),
          search: fc.constantFrom(undefined, "line 2", "nothing"),
          limit: fc.integer({ min: 1, max: 30 }),
        }),
        ({ limit, from, search, ...at }) => {
          const idOf = (n: number | undefined): string | undefined => (n === undefined ? undefined : all[n]!.id);
          const timeOf = (n: number | undefined): number | undefined => (n === undefined ? undefined : all[n]!.at);
          const asked: Window = {
            around: idOf(at.around),
            after: idOf(at.after),
            before: idOf(at.before),
            since: timeOf(at.since),
            until: timeOf(at.until),
            from,
            search,
          };
          const answer = must(history(alice.room, { limit, ...asked }));
          const inWindow = all.filter(
            (line, n) =>
              (at.after === undefined || n > at.after) &&
              (at.before === undefined || n < at.before) &&
              (asked.since === undefined || line.at >= asked.since) &&
              (asked.until === undefined || line.at < asked.until) &&
              (from === undefined || line.author === from) &&
              (search === undefined || line.text.includes(search)),
          );
          if (at.around !== undefined) {
            expect(ids(inWindow)).toEqual(expect.arrayContaining(ids(answer.lines)));
            const middle = all[at.around]!;
            if (inWindow.includes(middle)) expect(ids(answer.lines)).toContain(middle.id);
            expect(answer.lines.length).toBeLessThanOrEqual(limit);
            return;
          }
          const isOn = (at.after ?? at.since) !== undefined && (at.before ?? at.until) === undefined;
          const expected = isOn ? inWindow.slice(0, limit) : inWindow.slice(-limit);
          expect(ids(answer.lines)).toEqual(ids(expected));
          const rest = inWindow.filter((line) => !expected.includes(line));
          if (!isOn && rest.length > 0) expect(answer.more).toBe(true);
          if (isOn && rest.length > 0) expect(answer.newer).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("around a message has its neighbours on both sides, and says that there is more", () => {
    const { lines, more, newer } = must(history(alice.room, { around: all[12]!.id.slice(0, 12), limit: 5 }));
    expect(ids(lines)).toEqual(ids(all.slice(10, 15)));
    expect({ more, newer }).toEqual({ more: true, newer: true });
    const first = must(history(alice.room, { around: all[0]!.id, limit: 4 }));
    expect(ids(first.lines)).toEqual(ids(all.slice(0, 2)));
    expect(first.more).toBe(false);
  });

  test("that names what nobody said gets a sentence", () => {
    expect(history(alice.room, { around: "zzzzzzzz", limit: 5 })).toMatchObject({ ok: false, code: "unknown-message" });
    expect(history(alice.room, { before: "no id!", limit: 5 })).toMatchObject({ ok: false, code: "unknown-message" });
  });
});

test("the place of a time in a journal is found by reading a few records of many", () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-seek-"));
  try {
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.nat(3), pad: fc.nat(4_000) }), { maxLength: 120 }),
        fc.nat(400),
        (steps, wanted) => {
          const name = `seek-${Math.random().toString(36).slice(2)}`;
          const journal = openJournal<{ at: number; text: string }>({ dir, name, segmentBytes: 40_000 });
          let at = 0;
          const positions: { at: number; position: number }[] = [];
          for (const { step, pad } of steps) {
            at += step;
            const appended = journal.append({ at, text: 'x{"}'.repeat(pad / 4) });
            if (appended.ok) positions.push({ at, position: appended.position });
          }
          let read = 0;
          const counted = {
            end: journal.end,
            from: function* (position: number) {
              for (const entry of journal.from(position)) {
                read += 1;
                yield entry;
              }
            },
          };
          const found = seekRecord(counted, (record) => record.at < wanted);
          expect(found).toBe(positions.find((one) => one.at >= wanted)?.position ?? journal.end);
          journal.close();
          expect(read).toBeLessThanOrEqual(positions.length + 20);
        },
      ),
      { numRuns: 60 },
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});
