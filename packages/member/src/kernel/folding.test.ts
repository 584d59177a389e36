// Slices: what a feature remembers is folded, kept in the checkpoint and read again, without the kernel knowing of it.
import { describe, expect, test } from "vitest";
import { createSigner, createVerifier, generateKeyPair } from "@agora/ports";
import { signEvent, TEXT } from "@agora/protocol";
import { FOLDING } from "../open-store.ts";
import { createFolding } from "./folding.ts";
import { type HistoryRecord, toRecord } from "./record.ts";
import type { Slice } from "./slice.ts";
import type { MemberState } from "./state.ts";

const verifier = createVerifier();
const bob = createSigner(generateKeyPair());

function line(seq: number, more: Partial<HistoryRecord> = {}): HistoryRecord {
  const id = `message${seq}`;
  const draft = { id, room: "lobby", author: "bob", role: "user", kind: "message", thread: id, chain: id } as const;
  const event = signEvent({ ...draft, to: [], hop: 0, seq, time: seq }, `word ${seq}`, TEXT, bob, verifier);
  return { ...toRecord(event, `${seq}-0`, seq), ...more };
}

/** A slice of a feature that is nowhere else: it counts, and remembers the last place. */
type Counting = MemberState & { count: { told: number; moved: string[]; free: number } };
const counting: Slice = {
  empty: () => ({ count: { told: 0, moved: [], free: 0 } }) as Partial<MemberState>,
  adopt: (state) => void ((state as Counting).count.free ??= 0),
  told: (state, { head }) => void ((state as Counting).count.told += head.seq),
  moved: (state, { id, stamp }) => void (state as Counting).count.moved.push(`${id} ${stamp}`),
  in: { clock: (state) => void ((state as Counting).count.free += 1) },
  needs: (state) => [(state as Counting).count.told],
};

describe("a slice", () => {
  const folding = createFolding([counting]);

  test("is told of each event that was not withheld, of new places and of its own records", () => {
    const state = folding.empty();
    for (const record of [line(1), line(2, { withheld: "no operator's grant" }), line(3)])
      folding.history(state, record, "alice", verifier);
    folding.history(state, { restamp: "message1", stamp: "9-0", at: 4 }, "alice", verifier);
    folding.history(state, { restamp: "message3", stamp: "8-0", at: 4, authors: true }, "alice", verifier);
    folding.in(state, { op: "clock", off: 7 });
    expect(state).toMatchObject({ count: { told: 4, moved: ["message1 9-0"], free: 1 }, clockOff: 7, stamp: "3-0" });
    expect(folding.oldestNeeded(state)).toBe(4);
  });

  test("goes on from a checkpoint as if there had been none, also from one that did not know of it", () => {
    const records = [line(1), line(2), line(3)];
    const whole = folding.empty();
    for (const record of records) folding.history(whole, record, "alice", verifier);
    const first = folding.empty();
    folding.history(first, records[0]!, "alice", verifier);
    const later = folding.read(JSON.parse(JSON.stringify(first)) as MemberState);
    for (const record of records.slice(1)) folding.history(later, record, "alice", verifier);
    expect(later).toEqual(whole);

    const { count: _, ...before } = first as Counting;
    expect(folding.read(before)).toMatchObject({ count: { told: 0, moved: [], free: 0 } });
  });

  test("has keys of its own: the same key twice is a mistake that shows at once", () => {
    expect(() => createFolding([counting, counting]).empty()).toThrow('two slices keep "count"');
  });
});

test("the features' slices have every key that earlier versions wrote into a checkpoint", () => {
  const written = [
    ...["authors", "begin", "busy", "came", "chains", "channelActs", "channels", "clockOff", "controls", "ended"],
    ...["files", "given", "inbox", "marks", "ordinal", "outbox", "proven", "questions", "reactions", "seats", "seqs"],
    ...["stamp", "threads"],
  ];
  const keys = Object.keys(FOLDING.empty());
  expect(written.filter((key) => !keys.includes(key))).toEqual([]);
});
