import { memoryJournal, memoryLines } from "@agora/ports/testing";
import { type Head, newId, readHead } from "@agora/protocol";
import { foldArrival, foldMet } from "./authors.ts";
import { type HistoryLine, toRecord } from "./record.ts";
import { expect, test } from "vitest";
import { Peer } from "../../../../test/room/peer.ts";
import { createStampIndex } from "./stamp-index.ts";
import { FOLDING } from "../open-store.ts";

test("places of what strangers say push out none of what is known of friends", () => {
  const state = FOLDING.empty();
  let kept: (line: HistoryLine, head: Head | undefined) => void = () => undefined;
  const history = memoryJournal<HistoryLine>(memoryLines(), {
    write: () => undefined,
    sync: () => Promise.resolve(),
    syncNow: () => true,
  });
  const places = createStampIndex({ state, history, onKept: (fn) => void (kept = fn) }, (text) => text);
  const friend = new Peer("friend");
  foldMet(state.marks, state.authors, friend.key);
  const signed = friend.seal("first");
  const first = readHead(signed.head);
  if (!first.ok) throw new Error(first.message);
  const keep = (head: Head, standing: "here" | "handed", by?: string): void => {
    const { key, seq, time } = head;
    foldArrival(state.marks, state.authors, { key, audience: "", seq, time, at: time, standing, by });
    kept(toRecord({ head, body: "", signed }, `${time}-${seq}`, time), head);
  };
  expect(places.of(first.value.id)).toBeUndefined();
  keep(first.value, "here");
  const strange = (n: number): Head => ({
    ...first.value,
    id: newId(),
    author: `n${n}`,
    key: `key-${n}`,
    thread: newId(),
  });
  for (let n = 0; n < 6_000; n += 1)
    keep(strange(n), n % 2 === 0 ? "here" : "handed", n % 2 === 0 ? undefined : "mallory");
  expect(places.of(first.value.id)).toMatchObject({ seq: 1, circle: "known" });
});
