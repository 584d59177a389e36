// The store over journals in memory that lose what was not synced: a checkpoint never knows more than its journals do.
import { createVerifier, silentLog, systemClock } from "@agora/ports";
import { cutLines, memoryJournal, memoryLines, type MemoryLines } from "@agora/ports/testing";
import { type Head, openEvent } from "@agora/protocol";
import { isMet } from "./authors.ts";
import { type HistoryRecord, toRecord } from "./record.ts";
import { expect, test } from "vitest";
import { Peer } from "../../../../test/room/peer.ts";
import { openStoreOn } from "../open-store.ts";
import type { Store } from "./store.ts";
import type { JournalName, StoreDisk } from "./store-disk.ts";

const CHECKPOINT_EVERY = 4;

class Machine {
  readonly #lines: Record<JournalName, MemoryLines> = {
    history: memoryLines(),
    outbox: memoryLines(),
    inbox: memoryLines(),
  };
  #checkpoint: string | undefined;

  open(): Store {
    const disk: StoreDisk = {
      open: (name) =>
        memoryJournal(this.#lines[name], {
          write: () => undefined,
          // The power fails before any comes to its end, but those that a test lets be done.
          sync: () =>
            this.syncs === undefined ? new Promise(() => undefined) : Promise.resolve(void this.syncs.push(name)),
          syncNow: () => !this.liesAboutSyncs,
        }),
      readCheckpoint: () => this.#checkpoint,
      writeCheckpoint: (text) => {
        this.#checkpoint = text;
      },
      setCheckpointAside: () => {
        this.#checkpoint = undefined;
      },
      noteRoom: () => undefined,
    };
    const mark = { origin: "ws://127.0.0.1:1", room: "lobby", name: "alice" };
    const clock = { ...systemClock, after: () => () => undefined };
    const opened = openStoreOn({
      disk,
      place: "memory",
      mark,
      clock,
      log: silentLog,
      hasher: createVerifier(),
      checkpointEvery: CHECKPOINT_EVERY,
    });
    if (!opened.ok) throw new Error(opened.message);
    return opened.value;
  }

  /** Which journals were synced; undefined while no sync comes to its end. */
  syncs: JournalName[] | undefined;

  /** Its disk does not sync what it says it synced. */
  liesAboutSyncs = false;

  editCheckpoint(edit: (checkpoint: { state: object }) => void): void {
    const checkpoint = JSON.parse(this.#checkpoint!) as { state: object };
    edit(checkpoint);
    this.#checkpoint = JSON.stringify(checkpoint);
  }

  loseCheckpoint(): void {
    this.#checkpoint = undefined;
  }

  /** What was not synced is gone; of some journals alone, where the system had written the others by itself. */
  losePower(names: readonly JournalName[] = ["history", "outbox", "inbox"]): void {
    for (const name of names) cutLines(this.#lines[name], this.#lines[name].synced);
  }
}

const WAITS = { from: "bob", role: "user", at: 1, hop: 0, state: "open" } as const;
const sit = (store: Store, seat: string): void =>
  void store.in({ op: "seat", at: 1, seat, client: "claude", session: `session of ${seat}`, ordinal: 0 });

test("what a checkpoint tells is in the journals, whenever the power fails", () => {
  const machine = new Machine();
  const before = machine.open();
  for (let n = 0; n < CHECKPOINT_EVERY; n += 1) sit(before, `before-${n}`);
  machine.losePower();
  const after = machine.open();
  const kept = Object.keys(after.state.seats);
  sit(after, "later-1");
  sit(after, "later-2");
  sit(after, "later-3");
  // The process dies without a power cut; nothing is forgotten and nothing comes back from before.
  expect(Object.keys(machine.open().state.seats)).toEqual([...kept, "later-1", "later-2", "later-3"]);
  expect(kept).toHaveLength(CHECKPOINT_EVERY);
});

test("a checkpoint that knows more than the journals is used by no later start, whatever stands there then", () => {
  const machine = new Machine();
  machine.liesAboutSyncs = true;
  const before = machine.open();
  for (let n = 0; n < CHECKPOINT_EVERY; n += 1) sit(before, `lost-${n}`);
  machine.losePower();
  const after = machine.open();
  // As long as what was lost, and one record short of a checkpoint of their own.
  for (let n = 0; n < CHECKPOINT_EVERY - 1; n += 1) sit(after, `later-${n}-${"x".repeat(100)}`);
  expect(Object.keys(machine.open().state.seats).filter((seat) => seat.startsWith("lost"))).toEqual([]);
});

test("an own event whose line a power cut took while the note of its stamp stayed still waits to be posted", () => {
  const machine = new Machine();
  const store = machine.open();
  const signed = new Peer("alice").seal("not lost", { to: [{ member: "bob" }] });
  const event = openEvent(signed, createVerifier());
  if (!event.ok) throw new Error(event.message);
  const { id, thread } = event.value.head;
  store.out({ op: "queue", at: 1, id, thread, role: "user", preview: "", to: ["bob"], sealed: signed });
  const kept = store.keep(toRecord(event.value, "1700000000000-0", 1), event.value.head);
  if (!kept.ok) throw new Error(kept.message);
  store.out({ op: "stamp", at: 2, id, stamp: "1700000000000-0", position: kept.value, missed: ["bob"] });
  machine.losePower(["history"]);
  const after = machine.open();
  expect(after.state.outbox[id]).toMatchObject({ state: "queued", sealed: signed });
  // Another line comes to stand where its line stood: the note is not taken for that one's at the next start.
  const other = openEvent(new Peer("bob").seal("a line of another"), createVerifier());
  if (!other.ok) throw new Error(other.message);
  after.keep(toRecord(other.value, "1700000000001-0", 3), other.value.head);
  expect(machine.open().state.outbox[id]).toMatchObject({ state: "queued", sealed: signed });
});

test("an item whose line a power cut took is none: what comes to stand there is not shown for it", () => {
  const machine = new Machine();
  const store = machine.open();
  const bob = new Peer("bob");
  const said = (text: string, stamp: string): { readonly record: HistoryRecord; readonly head: Head } => {
    const event = openEvent(bob.seal(text, { to: [{ member: "alice" }] }), createVerifier());
    if (!event.ok) throw new Error(event.message);
    return { record: toRecord(event.value, stamp, 1), head: event.value.head };
  };
  const keep = (into: Store, { record, head }: ReturnType<typeof said>): number => {
    const kept = into.keep(record, head);
    if (!kept.ok) throw new Error(kept.message);
    return kept.value;
  };
  const add = (into: Store, { id, thread, chain }: Head, position: number): void =>
    void into.in({ op: "add", item: { ...{ id, thread, chain, position }, ...WAITS } });
  const lost = said("please do this", "1700000000000-0");
  add(store, lost.head, keep(store, lost));
  sit(store, "claude");
  machine.losePower(["history"]);

  const after = machine.open();
  expect(after.state.inbox).toEqual({});
  expect(Object.keys(after.state.seats)).toEqual(["claude"]);
  keep(after, said("or that", "1700000000001-0"));
  machine.loseCheckpoint();
  expect(machine.open().state.inbox, "the journals alone tell it").toEqual({});

  // Its author delivers it again.
  const next = machine.open();
  add(next, lost.head, keep(next, lost));
  const last = machine.open();
  expect(last.at(last.state.inbox[lost.head.id]!.position)?.text).toBe("please do this");
});

test("before a receipt says that something is stored, what followed from it is on the disk, too [RECEIPT-5]", async () => {
  const machine = new Machine();
  const store = machine.open();
  sit(store, "claude");
  machine.syncs = [];
  await store.syncReceived();
  expect(machine.syncs.toSorted()).toEqual(["history", "inbox"]);
});

test("a checkpoint of a version that kept marks alone is read: nothing in it is new again", () => {
  const machine = new Machine();
  const store = machine.open();
  const bob = new Peer("bob");
  const event = openEvent(bob.seal("hello", { to: [{ member: "alice" }] }), createVerifier());
  if (!event.ok) throw new Error(event.message);
  store.keep(toRecord(event.value, "1700000000000-0", 1_700_000_000_000), event.value.head);
  store.checkpoint();
  machine.editCheckpoint(({ state }) => delete (state as { authors?: unknown }).authors);
  const after = machine.open();
  expect(after.state.marks[`${bob.key}|@alice`]).toEqual([[1, 1]]);
  expect(isMet(after.state.authors, bob.key)).toBe(true);
});

test("a checkpoint and records of format 1 are read: the lease of an item is its handler", () => {
  const machine = new Machine();
  const before = machine.open();
  const item = {
    thread: "t",
    from: "bob",
    role: "agent",
    at: 1,
    hop: 0,
    chain: "c",
    position: 0,
    state: "auto",
  } as const;
  for (const id of ["one", "two"]) before.in({ op: "add", item: { ...item, id } });
  before.in({ op: "handle", at: 2, id: "one", seat: "claude", rung: "wake" });
  before.checkpoint();
  before.in({ op: "lease", at: 3, id: "two", seat: "codex", rung: "wake" });
  machine.editCheckpoint((checkpoint) => {
    const { inbox } = checkpoint.state as { inbox: Record<string, { handler?: object; lease?: object }> };
    const { handler, ...rest } = inbox["one"]!;
    inbox["one"] = { ...rest, lease: handler! };
    Object.assign(checkpoint, { v: 1 });
  });
  const after = machine.open();
  expect(Object.values(after.state.inbox)).toEqual([
    { ...item, id: "one", handler: { seat: "claude", rung: "wake", at: 2 } },
    { ...item, id: "two", handler: { seat: "codex", rung: "wake", at: 3 } },
  ]);
  after.checkpoint();
  machine.editCheckpoint((checkpoint) => expect(checkpoint).toMatchObject({ v: 2 }));
});
