import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSigner, createVerifier, generateKeyPair, openJournal } from "@agora/ports";
import { newId, signEvent, TEXT } from "@agora/protocol";
import { type HistoryLine, toRecord } from "../kernel/record.ts";
import { expect, onTestFinished, test } from "vitest";
import { FOLDING } from "../open-store.ts";
import type { Store } from "../kernel/store.ts";
import { createRecentMessages } from "./recent-messages.ts";

const MIB = 1024 * 1024;
const verifier = createVerifier();
const bob = createSigner(generateKeyPair());

test("what is remembered of large texts is bounded by their size, the newest among it", () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-talk-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const history = openJournal<HistoryLine>({ dir, name: "history", segmentBytes: 64 * MIB });
  onTestFinished(() => history.close());
  const store: Pick<Store, "state" | "history" | "isNew"> = { state: FOLDING.empty(), history, isNew: () => true };
  const talk = createRecentMessages(store, "alice");
  const text = "x".repeat(MIB - 1_000);
  for (let seq = 1; seq <= 20; seq += 1) {
    const id = newId();
    const draft = { id, room: "lobby", author: "bob", role: "user", kind: "message", thread: id, chain: id } as const;
    const event = signEvent({ ...draft, to: [], hop: 0, seq, time: seq }, text, TEXT, bob, verifier);
    talk.add(toRecord(event, `${seq}-0`, seq), event.head, seq);
  }
  expect(talk.above(0).map((s) => s.ordinal)).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
  expect(talk.above(18).map((s) => s.ordinal)).toEqual([19, 20]);
});
