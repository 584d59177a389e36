// Verifies a journal: every line is what its author signed, every author's chain holds, every operator's word had its grant when it
// was said. It reads lines and keeps nothing; what no signature covers (when a line came, its stamp, who handed it on) is only
// compared.
import {
  audienceOf,
  compareStamps,
  GRANT_LEEWAY_S,
  openGrant,
  type SignedEvent,
  stampParts,
  type Verifier,
} from "@agora/protocol";
import { openHeadAlone } from "./fold.ts";
import { entitles } from "../controls/entitles.ts";
import { cardOf, controlOf } from "../kernel/record.ts";
import type { Finding, FindingCode, Report } from "./finding.ts";
import { audienceWords } from "./finding.ts";
import { mayShareNumber, toLink } from "./link.ts";
import { type PlacedLink, verifyChain } from "./verify-chain.ts";
import { type GoodLine, verifyLine } from "./verify-line.ts";

/** What is known beside the journal. */
export interface VerifyOptions {
  readonly verifier: Verifier;
  /** The room's root key, or its relay's; without it no grant can be checked. */
  readonly root?: string | undefined;
  /** The key by which a name is known here; without one the first key of a name counts. */
  readonly keyOf?: (name: string) => string | undefined;
  /** Signed heads that contradicted what was kept, and were therefore not kept. */
  readonly evidence?: readonly Pick<SignedEvent, "head" | "sig">[];
}

/** A line of a journal, and what to call the place where it stands. */
export interface RecordLine {
  readonly where: string;
  readonly text: string;
}

type EventLine = Extract<GoodLine, { readonly is: "event" }> & { readonly where: string; readonly line: number };

/** Verifies the lines of a journal, oldest first. */
export function verifyRecord(lines: Iterable<RecordLine>, options: VerifyOptions): Report {
  const faults: Finding[] = [];
  const notes: Finding[] = [];
  const events: EventLine[] = [];
  const stamps = new Map<string, { readonly key: string | undefined; readonly stamp: string }>();
  let at = 0;
  for (const { where, text } of lines) {
    at += 1;
    const read = verifyLine(text, options.verifier);
    if (read.is === "fault") faults.push({ code: read.code, where, message: read.message });
    else if (read.is === "restamp") stamps.set(read.id, read);
    else events.push({ ...read, where, line: at });
  }
  const restamped = ({ event, record }: EventLine): string => {
    const other = stamps.get(record.id);
    return other === undefined || (other.key !== undefined && other.key !== event.head.key)
      ? record.stamp
      : other.stamp;
  };

  faults.push(...otherRooms(events), ...shuffled(events));
  const keys = verifyKeys(events, options.keyOf);
  const grants = verifyGrants(events, options);
  faults.push(...keys.faults, ...grants.faults);
  notes.push(...keys.notes, ...grants.notes);

  const chains = new Map<string, PlacedLink[]>();
  for (const line of events) {
    const { head, signed } = line.event;
    const isAnywhere = line.record.late === true || head.kind === "control" || stamps.has(head.id);
    const link = { ...toLink(head, signed.head, options.verifier), where: line.where, line: line.line, isAnywhere };
    const chain = chains.get(link.mark);
    const placed = { ...link, stamp: restamped(line) };
    if (chain === undefined) chains.set(link.mark, [placed]);
    else chain.push(placed);
  }
  for (const chain of chains.values()) {
    const found = verifyChain(chain);
    faults.push(...found.faults);
    notes.push(...found.notes);
  }
  faults.push(...toldOtherwise(chains, options));
  return { events: events.length, authors: new Set(events.map(({ record }) => record.author)).size, faults, notes };
}

function found(code: FindingCode, where: string, message: string): Finding {
  return { code, where, message };
}

function* otherRooms(events: readonly EventLine[]): Iterable<Finding> {
  const room = events[0]?.event.head.room;
  for (const { event, where } of events)
    if (event.head.room !== room)
      yield found("another-room", where, `${event.head.id} was said in the room ${event.head.room}, not in ${room}.`);
}

/** Lines that came earlier than the one before them by both clocks, the relay's and this machine's: one may have been set back. */
function* shuffled(events: readonly EventLine[]): Iterable<Finding> {
  let before: EventLine | undefined;
  for (const line of events) {
    if (line.record.late === true) continue;
    if (
      before !== undefined &&
      line.record.at < before.record.at &&
      compareStamps(line.record.stamp, before.record.stamp) < 0 &&
      (line.record.author !== before.record.author || audienceOf(line.event.head) !== audienceOf(before.event.head))
    )
      yield found(
        "out-of-order",
        line.where,
        `${line.record.id} came before ${before.record.id}, and stands behind it.`,
      );
    before = line;
  }
}

interface Found {
  readonly faults: Finding[];
  readonly notes: Finding[];
}

/** Each name has one key; a pinned one may have followed an older one that a person let go. [PIN-1] */
function verifyKeys(events: readonly EventLine[], keyOf: VerifyOptions["keyOf"]): Found {
  const faults: Finding[] = [];
  const notes: Finding[] = [];
  const known = new Map<string, { readonly key: string; isPinned: boolean; spoke: boolean }>();
  const told = new Set<string>();
  for (const { event, where } of events) {
    const { author, key, id } = event.head;
    const pin = keyOf?.(author);
    const one = known.get(author) ?? { key: pin ?? key, isPinned: pin !== undefined, spoke: false };
    known.set(author, one);
    if (key === one.key) one.spoke = true;
    else if (!one.isPinned || one.spoke)
      faults.push(found("another-key", where, `${id} is signed with another key than @${author}'s.`));
    else if (!told.has(`${author} ${key}`)) {
      told.add(`${author} ${key}`);
      notes.push(
        found("another-key", where, `From here on @${author} spoke with an older key than the one trusted now.`),
      );
    }
  }
  return { faults, notes };
}

/** The kinds that count by a grant alone. */
const RESTS_ON_GRANT: ReadonlySet<string> = new Set(["control", "grant", "card"]);

/** Every word of an operator or a lead that was obeyed had a grant of the room's root when it was said, and every grant given is one. [CONTROL-2] [RIGHT-3] */
function verifyGrants(events: readonly EventLine[], { root, verifier }: VerifyOptions): Found {
  const faults: Finding[] = [];
  let unchecked: Finding | undefined;
  for (const { event, record, where } of events) {
    const { head } = event;
    if (!RESTS_ON_GRANT.has(head.kind) || record.withheld !== undefined) continue;
    if (root === undefined) {
      unchecked ??= found(
        "unchecked",
        where,
        "Operators' grants were not checked: the room's root key isn't known here.",
      );
      continue;
    }
    const nowMs = stampParts(record.stamp)[0];
    const isGood =
      head.kind === "control"
        ? entitles(controlOf(event)?.grant, head, "control", { root, verifier, nowMs })
        : head.kind === "card"
          ? entitles(cardOf(event)?.grant, head, "card", { root, verifier, nowMs })
          : openGrant(event.body, root, verifier, Math.max(0, nowMs - GRANT_LEEWAY_S)).ok;
    if (!isGood)
      faults.push(found("forged-grant", where, `${head.id} by @${head.author} has no grant of the room's owner.`));
  }
  return { faults, notes: unchecked === undefined ? [] : [unchecked] };
}

/** What was refused when it came, since it contradicted what was here, and is a proof against its author. [RECORD-5] */
function* toldOtherwise(
  chains: ReadonlyMap<string, readonly PlacedLink[]>,
  { evidence = [], verifier }: VerifyOptions,
): Iterable<Finding> {
  for (const one of evidence) {
    const head = openHeadAlone(one, verifier);
    if (head === undefined) continue;
    const link = toLink(head, one.head, verifier);
    const kept = chains.get(link.mark)?.find(({ seq }) => seq === link.seq);
    if (kept !== undefined && !mayShareNumber(kept, link))
      yield found(
        "conflict",
        kept.where,
        `@${link.author} signed another number ${link.seq} ${audienceWords(link.audience)} (${link.id}) than the one that stands here.`,
      );
  }
}
