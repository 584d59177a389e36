// All that a member remembers of its room, folded from its three journals. Plain JSON: a checkpoint is this object. Here are the
// kernel's keys and folds; each feature adds its own in its slice.ts.
import {
  audienceOf,
  compareStamps,
  FIRST_STAMP,
  type Head,
  kindOf,
  linkOf,
  readHead,
  type Verifier,
} from "@agora/protocol";
import { type Author, type Authors, authorOf, foldArrival, foldMet, noAuthors } from "./authors.ts";
import { type Came, type CameBy, foldCame } from "./came.ts";
import { foldOutbox, type Outbox, type OutboxRecord } from "./delivery.ts";
import { foldGone, type Gone, type GoneBy } from "./gone.ts";
import { foldGiven, type Given, type GivenReceipt } from "./given.ts";
import type { Marks } from "./marks.ts";
import { type HistoryLine, type HistoryRecord, isRestamp } from "./record.ts";
import { foldQueued, foldThread, type Threads } from "./threads.ts";

/** The last event of one's own in an audience. */
export interface LastHead {
  readonly seq: number;
  /** What the next one names as `prev`. [RECORD-1] */
  readonly hash: string;
}

/** Hashes heads. */
export type Hasher = Pick<Verifier, "sha256">;

export interface MemberState {
  readonly marks: Marks;
  /** Whose marks those are, and what was forgotten of others. */
  readonly authors: Authors;
  /** The last seq used per audience of one's own events. */
  readonly seqs: Record<string, number>;
  /** Our event that had it, for the next one to name; a version that knows nothing of it leaves an older one here. */
  readonly lastHeads: Record<string, LastHead>;
  readonly outbox: Outbox;
  readonly threads: Threads;
  readonly given: Given;
  /** By which grants members came. */
  readonly came: CameBy;
  /** When members were last seen here. */
  readonly gone: GoneBy;
  /** The invite that this member knocked with, and the grant it was given for it: the same invite needs no second answer. */
  letIn?: { readonly invite: string; readonly grant: string };
  /** By how much the relay's clock was ahead of this machine's when it was last heard, milliseconds. */
  clockOff: number;
  /** The highest stamp seen. */
  stamp: string;
  /** The room's stamp when this member first joined: what is older is history, not talk. */
  begin: string;
  /** How many events of others the whole room saw: what seats' cursors count. */
  ordinal: number;
}

/** The records of inbox.jsonl, by whose they are. */
export interface InRecords {
  readonly kernel:
    | ({ readonly op: "given" } & GivenReceipt)
    | { readonly op: "clock"; readonly off: number }
    | ({ readonly op: "came" } & Came)
    | ({ readonly op: "gone" } & Gone)
    | { readonly op: "let-in"; readonly invite: string; readonly grant: string };
}

/** A record of inbox.jsonl. */
export type InRecord = InRecords[keyof InRecords];

type KernelState = Pick<
  MemberState,
  | "marks"
  | "authors"
  | "seqs"
  | "lastHeads"
  | "outbox"
  | "threads"
  | "given"
  | "came"
  | "gone"
  | "letIn"
  | "clockOff"
  | "stamp"
  | "begin"
  | "ordinal"
>;

/** The kernel's part of the state of a room nothing is known of. */
export function emptyKernelState(): KernelState {
  return {
    marks: {},
    authors: noAuthors(),
    seqs: {},
    lastHeads: {},
    outbox: {},
    threads: {},
    given: {},
    came: {},
    gone: {},
    clockOff: 0,
    stamp: FIRST_STAMP,
    begin: FIRST_STAMP,
    ordinal: 0,
  };
}

/**
 * Whether the event is talk: said by somebody else to the whole room, an operator's word among it, and not withheld; in a
 * channel also what is addressed to another member of it. [CHANNEL-4]
 */
export function isTalk(head: Head, me: string, line: Pick<HistoryRecord, "withheld">): boolean {
  return (
    head.author !== me &&
    (head.channel === undefined ? head.to.length === 0 : !head.to.some((a) => a.member === me)) &&
    kindOf(head.kind).talk === true &&
    line.withheld === undefined
  );
}

/** Folds the stamp of a line of the history. */
export function foldStamp(state: KernelState, line: HistoryLine): void {
  // A member's word on a stamp must not make us skip what the relay still holds. [STAMP-6]
  const isRelays = !isRestamp(line) && line.late !== true;
  if (isRelays && compareStamps(line.stamp, state.stamp) > 0) state.stamp = line.stamp;
}

/** Folds an event of the history; `me` is one's own name. */
export function foldEvent(state: KernelState, line: HistoryRecord, head: Head, me: string, hasher: Hasher): void {
  const { key, seq, time } = head;
  const standing = head.author === me ? "own" : standingBy(line, head);
  foldArrival(state.marks, state.authors, {
    ...{ key, audience: audienceOf(head), seq, time },
    ...{ at: line.at, standing, by: line.by },
  });
  if (kindOf(head.kind).silent !== true)
    foldThread(state.threads, head, { of: whoIs(state), isMine: head.author === me }); // nothing is said by it
  // Also one that others gave back to us; another device of this person has numbers of its own.
  if (head.author === me && line.device !== true) raiseSeq(state, head, line.head, hasher);
}

/** Who its author is by the way in which an event came: one that only another member hands on was not here itself. */
export function standingBy(
  { by }: { readonly by?: string | undefined },
  head: Pick<Head, "author">,
): "here" | "handed" {
  return by === undefined || by === head.author ? "here" : "handed";
}

/** What is known of authors now. */
export function whoIs({ authors }: KernelState): (key: string) => Author | undefined {
  return (key) => authorOf(authors, key);
}

function raiseSeq(state: KernelState, head: Head, text: string, hasher: Hasher): void {
  const audience = audienceOf(head);
  if (head.seq > (state.seqs[audience] ?? 0)) {
    state.seqs[audience] = head.seq;
    state.lastHeads[audience] = { seq: head.seq, hash: linkOf(head, text, hasher) };
  }
  for (const { key } of head.to) if (key !== undefined) foldMet(state.marks, state.authors, key);
}

/** The head of an event as it stands in a journal; undefined if it can't be read. */
export function headOf(text: string): Head | undefined {
  const head = readHead(text);
  return head.ok ? head.value : undefined;
}

/** Folds a record of the outbox; `head` is that of a queued event. */
export function foldOut(state: KernelState, record: OutboxRecord, head: Head | undefined, hasher: Hasher): void {
  if (record.op === "queue" && head !== undefined) {
    raiseSeq(state, head, record.sealed.head, hasher);
    if (kindOf(head.kind).silent !== true) foldQueued(state.threads, head, { of: whoIs(state) });
  }
  foldOutbox(state.outbox, record);
}

/** Folds a record of inbox.jsonl, if it is the kernel's. */
export function foldIn(state: KernelState, record: InRecord): void {
  if (record.op === "given") foldGiven(state.given, record);
  else if (record.op === "came") foldCame(state.came, record);
  else if (record.op === "let-in") state.letIn = { invite: record.invite, grant: record.grant };
  else if (record.op === "gone") foldGone(state.gone, { name: record.name, key: record.key, at: record.at });
  else if (record.op === "clock") state.clockOff = record.off;
}
