// All that the daemon remembers of its room, as folds over its three journals. Plain JSON: a checkpoint is this object.
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
import { type Chains, foldAsked, foldChain, foldMore, foldWoken } from "../chains/fold.ts";
import { foldAct, foldActStamp } from "../channels/fold.ts";
import {
  foldMembership,
  foldSaid,
  membershipOf,
  type MembershipRecord,
  type Memberships,
} from "../channels/memberships-fold.ts";
import type { ActHeard, ChannelActs } from "../channels/acts.ts";
import { foldCard, type HeldCard, type HeldCards } from "../card/fold.ts";
import { foldControl, type HeldControl, type HeldControls } from "../controls/fold.ts";
import { foldInbox, type Inbox, type InboxRecord } from "../inbox/fold.ts";
import { foldRule, noRules, type ReplyRules, type RuleRecord } from "../inbox/rules-fold.ts";
import {
  dropQueuedQuestion,
  foldQuestion,
  foldQueuedQuestion,
  foldQuestionPosted,
  foldQuestionStamp,
  noQuestions,
  type Questions,
} from "../questions/fold.ts";
import { type Conflict, type Conflicts, foldConflict } from "../record/fold.ts";
import { foldReaction, type Reactions } from "../reactions/fold.ts";
import { foldSeats, type SeatRecord, type Seats } from "../seats/fold.ts";
import { type Author, type Authors, authorOf, foldArrival, foldMet, noAuthors } from "./authors.ts";
import { foldOutbox, type Outbox, type OutboxRecord } from "./delivery.ts";
import { putLatest } from "./latest.ts";
import type { Marks } from "./marks.ts";
import { budgetOf, type HistoryLine, type HistoryRecord, isRestamp } from "./record.ts";
import { type Came, type CameBy, foldCame } from "./came.ts";
import { type FileRecord, foldFile } from "../files/fold.ts";
import { foldGiven, type Given, type GivenReceipt } from "./given.ts";
import { foldProven, type Proven, type ProvenWakeMethod } from "../seats/proven-fold.ts";
import { foldThread, type Threads } from "./threads.ts";

/** Whose word it was, and its number of it: of one author the higher counts, in whatever order they come. */
export interface GivenBy {
  readonly key: string;
  readonly seq: number;
}

/** The last event of one's own in an audience. */
export interface LastHead {
  readonly seq: number;
  /** What the next one names as `prev`. [RECORD-1] */
  readonly hash: string;
}

export interface DaemonState {
  readonly marks: Marks;
  /** Whose marks those are, and what was forgotten of others. */
  readonly authors: Authors;
  /** The last seq used per audience of one's own events. */
  readonly seqs: Record<string, number>;
  /** The own event that had it, for the next one to name; a version that knows nothing of it leaves an older one here. */
  readonly lastHeads: Record<string, LastHead>;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  /** Who may wake an agent here, and where another mode holds. */
  readonly replyRules: ReplyRules;
  readonly seats: Seats;
  readonly threads: Threads;
  readonly given: Given;
  readonly chains: Chains;
  readonly questions: Questions;
  readonly reactions: Reactions;
  /** Own questions whose time was over and whose asker was told so, or that were answered before: nothing is said again. */
  readonly ended: Record<string, true>;
  /** The operators' words that hold, offered again in every join. */
  readonly controls: HeldControls;
  /** The room's cards, of which one counts. */
  readonly cards: HeldCards;
  /** By which grants members came. */
  readonly came: CameBy;
  /** The channels this member is or was in, and what was decided in them. */
  readonly channels: Memberships;
  readonly channelActs: ChannelActs;
  /** Files by the id of their offer: one's own and others'. */
  readonly files: Record<string, FileRecord>;
  /** The ways by which the models of one's seats showed that they were reached. */
  readonly proven: Proven;
  /** The operator's grant this member was given by the room's owner, and which of its giver's it is. */
  grant?: string;
  grantBy?: GivenBy;
  /** The leads' grants this member was given: by channel, and under "" for the whole room. */
  readonly leads: Record<string, { readonly jwt: string; readonly by: GivenBy }>;
  /** What this member told the room it is busy with. */
  doing?: string;
  /** By how much the relay's clock was ahead of this machine's when it was last heard, milliseconds. */
  clockOff: number;
  /** The highest stamp seen. */
  stamp: string;
  /** The room's stamp when this member first joined: what is older is history, not talk. */
  begin: string;
  /** How many events of others the whole room saw: what seats' cursors count. */
  ordinal: number;
  /** Authors who told two stories, and the proof of each. */
  readonly conflicts: Conflicts;
  /** Turns under way when a daemon handed over, by seat: since when. In no journal: it matters for a moment only. */
  busy: Record<string, number>;
}

/** A record of inbox.jsonl. */
export type InboxLine =
  | InboxRecord
  | RuleRecord
  | SeatRecord
  | ({ readonly op: "given" } & GivenReceipt)
  | ({ readonly op: "file"; readonly id: string } & FileRecord)
  | ({ readonly op: "proven" } & ProvenWakeMethod)
  | { readonly op: "question-posted"; readonly question: string }
  | { readonly op: "asked"; readonly chain: string; readonly limit: number }
  | { readonly op: "grant"; readonly jwt: string; readonly by?: GivenBy }
  | { readonly op: "lead"; readonly place: string; readonly jwt: string; readonly by: GivenBy }
  | { readonly op: "doing"; readonly text?: string }
  | { readonly op: "clock"; readonly off: number }
  | ({ readonly op: "came" } & Came)
  | MembershipRecord
  | ({ readonly op: "conflict" } & Conflict)
  | { readonly op: "channel-act"; readonly heard: ActHeard }
  | { readonly op: "card"; readonly card: HeldCard }
  | { readonly op: "control"; readonly what: string; readonly control: HeldControl };

const MAX_ENDED = 500;
const MAX_LEADS = 100;

/** The state of a room nothing is known of. */
export function emptyState(): DaemonState {
  return {
    marks: {},
    authors: noAuthors(),
    seqs: {},
    lastHeads: {},
    outbox: {},
    inbox: {},
    replyRules: noRules(),
    seats: {},
    threads: {},
    given: {},
    chains: {},
    questions: noQuestions(),
    reactions: {},
    ended: {},
    controls: {},
    cards: {},
    came: {},
    channels: {},
    channelActs: {},
    leads: {},
    files: {},
    proven: {},
    clockOff: 0,
    stamp: FIRST_STAMP,
    begin: FIRST_STAMP,
    ordinal: 0,
    conflicts: {},
    busy: {},
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

/** Whether something was said after this member first came to the room, or to the channel. */
export function isNew(state: DaemonState, stamp: string, channel?: string): boolean {
  const since = channel === undefined ? state.begin : membershipOf(state.channels, channel)?.since;
  return since !== undefined && compareStamps(stamp, since) > 0;
}

/** Hashes heads. */
export type Hasher = Pick<Verifier, "sha256">;

/** Folds a line of the history; `me` is one's own name. */
export function foldHistory(
  state: DaemonState,
  line: HistoryLine,
  me: string,
  hasher: Hasher,
  head = isRestamp(line) ? undefined : headOf(line.head),
): void {
  // A member's word on a stamp must not make us skip what the relay still holds. [STAMP-6]
  const isRelays = !isRestamp(line) && line.late !== true;
  if (isRelays && compareStamps(line.stamp, state.stamp) > 0) state.stamp = line.stamp;
  // What was decided is not decided otherwise because its author says that it was said sooner, or later. [STAMP-4]
  if (isRestamp(line) && line.authors !== true) {
    foldQuestionStamp(state.questions, line.restamp, line.stamp, line.key);
    foldActStamp(state.channelActs, line.restamp, line.stamp, line.key);
  }
  if (head === undefined || isRestamp(line)) return;
  const { key, seq, time } = head;
  const standing = head.author === me ? "own" : standingBy(line, head);
  foldArrival(state.marks, state.authors, {
    ...{ key, audience: audienceOf(head), seq, time },
    ...{ at: line.at, standing, by: line.by },
  });
  if (kindOf(head.kind).silent !== true)
    foldThread(state.threads, head, { of: whoIs(state), isMine: head.author === me }); // nothing is said by it
  if (head.author === me) raiseSeq(state, head, line.head, hasher); // also one that others gave back to us
  const isNews = isNew(state, line.stamp, head.channel);
  if (isTalk(head, me, line) && isNews) state.ordinal += 1;
  if (
    head.channel !== undefined &&
    isNews &&
    head.author !== me &&
    kindOf(head.kind).talk === true &&
    line.withheld === undefined
  )
    foldSaid(state.channels, head.channel);
  if (line.withheld !== undefined) return;
  foldBudget(state, head, line);
  foldReaction(state.reactions, { head, body: line.body ?? line.text, by: line.by }, whoIs(state));
  const by = line.late === true ? "member" : "relay";
  foldQuestion(state.questions, { head, body: line.body ?? line.text }, line.stamp, by, whoIs(state));
}

function foldBudget(state: DaemonState, head: Head, line: HistoryRecord): void {
  foldChain(state.chains, head);
  // Only a person gives more. [CHAIN-4]
  const budget = head.role === "user" ? budgetOf({ head, body: line.body ?? line.text }) : undefined;
  if (budget !== undefined && budget.asks === undefined) foldMore(state.chains, budget.chain, head.id, budget.turns);
}

/** Who its author is by the way in which an event came: one that only another member hands on was not here itself. */
export function standingBy(
  { by }: { readonly by?: string | undefined },
  head: Pick<Head, "author">,
): "here" | "handed" {
  return by === undefined || by === head.author ? "here" : "handed";
}

/** What is known of authors now. */
function whoIs({ authors }: DaemonState): (key: string) => Author | undefined {
  return (key) => authorOf(authors, key);
}

function raiseSeq(state: DaemonState, head: Head, text: string, hasher: Hasher): void {
  const audience = audienceOf(head);
  if (head.seq > (state.seqs[audience] ?? 0)) {
    state.seqs[audience] = head.seq;
    state.lastHeads[audience] = { seq: head.seq, hash: linkOf(head, text, hasher) };
  }
  for (const { key } of head.to) if (key !== undefined) foldMet(state.marks, state.authors, key);
}

function headOf(text: string): Head | undefined {
  const head = readHead(text);
  return head.ok ? head.value : undefined;
}

/** Folds a record of the outbox. */
export function foldOut(state: DaemonState, record: OutboxRecord, hasher: Hasher): void {
  if (record.op === "queue") {
    const head = headOf(record.sealed.head);
    if (head !== undefined) {
      raiseSeq(state, head, record.sealed.head, hasher);
      if (kindOf(head.kind).silent !== true) foldThread(state.threads, head, { of: whoIs(state), isMine: true });
      foldQueuedQuestion(state.questions, { head, body: record.sealed.body }, record.clockOff);
    }
  }
  if (record.op === "refuse" && record.over !== true) dropQueuedQuestion(state.questions, record.id);
  foldOutbox(state.outbox, record);
}

/** Folds a record of the inbox: items, seats, or a receipt given. */
export function foldIn(state: DaemonState, record: InboxLine): void {
  switch (record.op) {
    case "seat":
    case "seat-end":
    case "typed":
    case "shown":
    case "signed":
    case "interrupt":
      foldSeats(state.seats, record);
      return;
    case "given": {
      foldGiven(state.given, record);
      return;
    }
    case "file": {
      const { op: _, id, ...file } = record;
      foldFile(state.files, id, file);
      return;
    }
    case "channel-in":
    case "channel-out":
    case "channel-read":
      foldMembership(state.channels, record);
      return;
    case "channel-act":
      foldAct(state.channelActs, record.heard, (channel) => membershipOf(state.channels, channel)?.in === true);
      return;
    case "control":
      foldControl(state.controls, record.what, record.control);
      return;
    case "card":
      foldCard(state.cards, record.card);
      return;
    case "came":
      foldCame(state.came, record);
      return;
    case "conflict": {
      const { op: _, ...conflict } = record;
      foldConflict(state.conflicts, conflict);
      return;
    }
    case "question-posted":
      foldQuestionPosted(state.questions, record.question);
      return;
    case "proven":
      foldProven(state.proven, record);
      return;
    case "asked":
      foldAsked(state.chains, record.chain, record.limit);
      return;
    case "grant":
      state.grant = record.jwt;
      if (record.by !== undefined) state.grantBy = record.by;
      return;
    case "lead":
      putLatest(state.leads, record.place, { jwt: record.jwt, by: record.by }, MAX_LEADS);
      return;
    case "clock":
      state.clockOff = record.off;
      return;
    case "allow":
    case "mode-at":
      foldRule(state.replyRules, record);
      return;
    case "doing":
      if (record.text === undefined) delete state.doing;
      else state.doing = record.text;
      return;
    case "handed": {
      const item = state.inbox[record.id];
      if (item?.state === "auto" && item.handed === undefined) foldWoken(state.chains, item.chain);
      foldInbox(state.inbox, record);
      return;
    }
    case "add":
      if (record.item.over !== undefined && record.item.answers !== undefined)
        putLatest(state.ended, record.item.answers, true, MAX_ENDED);
      if (record.item.card !== undefined) foldAsked(state.chains, record.item.chain, record.item.card.limit);
      foldInbox(state.inbox, record);
      return;
    default:
      foldInbox(state.inbox, record);
  }
}
