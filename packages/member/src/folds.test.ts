import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldOutbox, stageOf, MAX_DELIVERED, MAX_FINISHED, type Outbox, type OutboxRecord } from "./kernel/delivery.ts";
import { foldInbox, type Inbox, type InboxRecord, isHeldByOther, type Item, HANDLER_MS } from "./inbox/fold.ts";
import { addSeq, gapsOf, hasSeq, MAX_RANGES, type Ranges } from "./kernel/marks.ts";
import { foldSeats, freeSeatName, SEAT_KEPT_MS, type Seats } from "./seats/fold.ts";

describe("marks", () => {
  test("hold exactly the seqs that came, in any order, each any number of times [SEQ-2]", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 }), (seqs) => {
        const ranges = seqs.reduce<Ranges>((r, s) => addSeq(r, s), []);
        for (let s = 1; s <= 60; s += 1) expect(hasSeq(ranges, s)).toBe(seqs.includes(s));
        const missing = gapsOf(ranges).flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, i) => from + i),
        );
        const [low, high] = [Math.min(...seqs), Math.max(...seqs)];
        expect(missing).toEqual(
          Array.from({ length: Math.max(0, high - low) }, (_, i) => low + i).filter((s) => !seqs.includes(s)),
        );
        expect([...seqs].sort((a, b) => b - a).reduce<Ranges>((r, s) => addSeq(r, s), [])).toEqual(ranges);
      }),
    );
  });

  test("stay bounded whatever a peer claims", () => {
    let ranges: Ranges = [];
    for (let s = 1; s < 1000; s += 2) ranges = addSeq(ranges, s);
    expect(ranges.length).toBe(MAX_RANGES);
    expect(hasSeq(ranges, 999)).toBe(true);
  });
});

const receipt = (
  member: string,
  state: "stored" | "handed" | "seen" | "answered" | "rejected" | "held",
): OutboxRecord => ({ op: "receipt", at: 2, id: "e", member, state });

describe("the outbox", () => {
  const queue: OutboxRecord = {
    op: "queue",
    at: 1,
    id: "e",
    thread: "e",
    role: "user",
    preview: "x",
    to: ["bob", "carol"],
    sealed: { head: "{}", sig: "", body: "" },
  };

  test("ends the same for receipts in any order, twice or late [RECEIPT-2]", () => {
    const receipts = fc.array(
      fc.tuple(
        fc.constantFrom("bob", "carol"),
        fc.constantFrom("stored" as const, "handed" as const, "seen" as const, "answered" as const),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(receipts, fc.integer({ min: 0, max: 12 }), (list, at) => {
        const records = list.map(([m, s]) => receipt(m, s));
        const stamp: OutboxRecord = { op: "stamp", at: 1, id: "e", stamp: "1-0", position: 0, missed: ["carol"] };
        const run = (order: readonly OutboxRecord[]): Outbox =>
          [queue, ...order].reduce<Outbox>((o, r) => foldOutbox(o, r), {});
        const one = run([stamp, ...records]);
        const other = run([...[...records, ...records].reverse().slice(0, at), stamp, ...records]);
        expect(Object.values(other["e"]!.recipients).map((r) => r.state)).toEqual(
          Object.values(one["e"]!.recipients).map((r) => r.state),
        );
      }),
    );
  });

  test("from every state an own event can come to its end, by ordinary words alone", () => {
    const word = fc.constantFrom<OutboxRecord[]>(
      queue,
      { op: "stamp", at: 1, id: "e", stamp: "1-0", position: 0, missed: ["carol"] },
      { op: "refuse", at: 2, id: "e", reason: "stopped" },
      receipt("bob", "stored"),
      receipt("bob", "handed"),
      receipt("carol", "seen"),
      receipt("carol", "answered"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const outbox = words.reduce<Outbox>((o, r) => foldOutbox(o, r), foldOutbox({}, queue));
        if (outbox["e"]?.state === "queued")
          foldOutbox(outbox, { op: "stamp", at: 3, id: "e", stamp: "2-0", position: 0, missed: [] });
        for (const member of ["bob", "carol"]) foldOutbox(outbox, receipt(member, "answered"));
        expect(stageOf(outbox["e"]!)).toBe("finished");
      }),
    );
  });

  test("keeps every unfinished event and only the latest finished ones", () => {
    const outbox: Outbox = {};
    for (let n = 0; n < MAX_FINISHED + 50; n += 1) {
      foldOutbox(outbox, { ...queue, id: `e${n}` });
      if (n >= 10)
        for (const r of [
          { op: "stamp", at: 1, id: `e${n}`, stamp: "1-0", position: 0, missed: [] },
          { ...receipt("bob", "answered"), id: `e${n}` },
          { ...receipt("carol", "rejected"), id: `e${n}` },
        ] as OutboxRecord[])
          foldOutbox(outbox, r);
    }
    expect(Object.values(outbox).filter((e) => stageOf(e) !== "finished").length).toBe(10);
    expect(Object.keys(outbox).length).toBeLessThanOrEqual(MAX_FINISHED + 60);
  });

  test("what was finished a moment ago is known, however much else was never answered; both are bounded", () => {
    const outbox: Outbox = {};
    const stamped = (id: string): OutboxRecord => ({ op: "stamp", at: 1, id, stamp: "1-0", position: 0, missed: [] });
    for (let n = 0; n < 2 * MAX_DELIVERED; n += 1) {
      for (const record of [{ ...queue, id: `d${n}` }, stamped(`d${n}`), { ...receipt("bob", "seen"), id: `d${n}` }])
        foldOutbox(outbox, record);
      foldOutbox(outbox, { ...receipt("carol", "stored"), id: `d${n}` });
      foldOutbox(outbox, { ...queue, id: `b${n}`, to: [] });
      foldOutbox(outbox, stamped(`b${n}`));
      for (let ago = 0; ago < Math.min(n, 100); ago += 1) expect(outbox[`b${n - ago}`]).toBeDefined();
    }
    expect(Object.keys(outbox).length).toBeLessThanOrEqual(MAX_FINISHED + MAX_DELIVERED + 100);
  });
});

describe("the inbox", () => {
  const item: Item = {
    id: "i",
    thread: "t",
    from: "alice",
    role: "user",
    at: 0,
    hop: 0,
    chain: "c",
    position: 0,
    state: "auto",
  };
  const op = fc.constantFrom<InboxRecord[]>(
    { op: "handle", at: 1, id: "i", seat: "claude", rung: "wake" },
    { op: "free", at: 2, id: "i", why: "" },
    { op: "handed", at: 3, id: "i", seat: "claude", rung: "prompt" },
    { op: "handed", at: 3, id: "i", seat: "codex", rung: "prompt" },
    { op: "seen", at: 4, id: "i" },
    { op: "nudged", at: 5, id: "i" },
    { op: "wait", at: 6, id: "i", reason: "hop limit" },
    { op: "accept", at: 7, id: "i" },
    { op: "close", at: 8, id: "i", how: "answered" },
    { op: "add", item },
  );

  test("from every state an item can be closed, and a closed one stays closed", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 30 }), (records) => {
        const inbox = records.reduce<Inbox>((i, r) => foldInbox(i, r), foldInbox({}, { op: "add", item }));
        foldInbox(inbox, { op: "close", at: 9, id: "i", how: "expired" });
        for (const r of records) if (r.op !== "add") foldInbox(inbox, r);
        expect(inbox).toEqual({});
      }),
    );
  });

  test("one seat holds an item: until its time runs out unseen, or its turn ends", () => {
    const held = foldInbox({ i: item }, { op: "handed", at: 1_000, id: "i", seat: "claude", rung: "wake" })["i"]!;
    const idle = (): boolean => false;
    expect(isHeldByOther(held, "claude", 1_001, idle)).toBe(false);
    expect(isHeldByOther(held, "codex", 1_001, idle)).toBe(true);
    expect(isHeldByOther(held, "codex", 1_000 + HANDLER_MS, idle)).toBe(false);
    expect(isHeldByOther(held, "codex", 1_000 + HANDLER_MS, () => true)).toBe(true);
  });
});

describe("seats", () => {
  test("numbers are not reused for 30 days, a session keeps its seat", () => {
    const seats: Seats = {};
    const begin = (session: string, at: number): string => {
      const seat = freeSeatName(seats, "claude", at);
      foldSeats(seats, { op: "seat", at, seat, client: "claude", session, ordinal: 0 });
      return seat;
    };
    expect([begin("a", 0), begin("b", 1)]).toEqual(["claude", "claude.2"]);
    foldSeats(seats, { op: "seat-end", at: 2, seat: "claude" });
    expect(begin("c", 3)).toBe("claude.3");
    expect(begin("d", 3 + SEAT_KEPT_MS)).toBe("claude");
    expect(seats["claude"]!.sessions).toEqual(["d"]);
  });

  test("cursors never go back, seen never passes handed", () => {
    const record = fc.oneof(
      fc
        .integer({ min: 0, max: 20 })
        .map((ordinal) => ({ op: "shown" as const, at: 1, seat: "claude", ordinal, hop: ordinal % 4 })),
      fc.constantFrom(
        { op: "signed" as const, at: 1, seat: "claude" },
        { op: "typed" as const, at: 1, seat: "claude" },
      ),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        const seats = foldSeats({}, { op: "seat", at: 0, seat: "claude", client: "claude", session: "s", ordinal: 0 });
        let before = seats["claude"]!;
        for (const r of records) {
          const now = foldSeats(seats, r)["claude"]!;
          expect(now.handed).toBeGreaterThanOrEqual(before.handed);
          expect(now.seen).toBeGreaterThanOrEqual(before.seen);
          expect(now.seen).toBeLessThanOrEqual(now.handed);
          expect(now.repeated).toBeLessThanOrEqual(now.handed);
          before = now;
        }
      }),
    );
  });
});
