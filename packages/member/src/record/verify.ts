// Verifies a journal: every line is what its author signed, every author's chain holds, every key is its person's, every operator's
// word had its grant when it was said. It reads lines and keeps nothing; what no signature covers (when a line came, its stamp, who handed it on) is only
// compared.
import { audienceOf, compareStamps, type SignedEvent, type Verifier } from "@agora/protocol";
import { openHeadAlone } from "./fold.ts";
import type { Finding, FindingCode, Report } from "./finding.ts";
import { audienceWords } from "./finding.ts";
import { mayShareNumber, toLink } from "./link.ts";
import { type PlacedLink, verifyChain } from "./verify-chain.ts";
import { verifyGrants } from "./verify-grants.ts";
import { type KnownNames, verifyKeys } from "./verify-keys.ts";
import { type EventLine, verifyLine } from "./verify-line.ts";

/** What is known beside the journal. */
export interface VerifyOptions extends KnownNames {
  readonly verifier: Verifier;
  /** The room's root key, or its relay's; without it no grant can be checked. */
  readonly root?: string | undefined;
  /** Signed heads that contradicted what was kept, and were therefore not kept. */
  readonly evidence?: readonly Pick<SignedEvent, "head" | "sig">[];
}

/** A line of a journal, and what to call the place where it stands. */
export interface RecordLine {
  readonly where: string;
  readonly text: string;
}

/** Verifies the lines of a journal, oldest first. */
export function verifyRecord(lines: Iterable<RecordLine>, options: VerifyOptions): Report {
  const faults: Finding[] = [];
  const notes: Finding[] = [];
  const read: Omit<EventLine, "stamp">[] = [];
  // Of one event the last one counts.
  const stamps = new Map<string, string>();
  let at = 0;
  for (const { where, text } of lines) {
    at += 1;
    const one = verifyLine(text, options.verifier);
    if (one.is === "fault") faults.push({ code: one.code, where, message: one.message });
    else if (one.is === "restamp") stamps.set(`${one.key ?? ""} ${one.id}`, one.stamp);
    else read.push({ ...one, where, line: at });
  }
  // Authors choose ids, and one may choose another's.
  const restampOf = ({ event: { head } }: Pick<EventLine, "event">): string | undefined =>
    stamps.get(`${head.key} ${head.id}`) ?? stamps.get(` ${head.id}`);

  const events = read.map((line) => ({ ...line, stamp: restampOf(line) ?? line.record.stamp }));

  faults.push(...otherRooms(events), ...shuffled(events));
  const keys = verifyKeys(events, options, options.verifier);
  const grants = verifyGrants(events, options, keys.refused);
  faults.push(...keys.faults, ...grants.faults);
  notes.push(...keys.notes, ...grants.notes);

  const chains = new Map<string, PlacedLink[]>();
  for (const line of events) {
    const { head, signed } = line.event;
    const isAnywhere = line.record.late === true || head.kind === "control" || restampOf(line) !== undefined;
    const link = { ...toLink(head, signed.head, options.verifier), where: line.where, line: line.line, isAnywhere };
    const chain = chains.get(link.mark);
    const placed = { ...link, stamp: line.stamp };
    if (chain === undefined) chains.set(link.mark, [placed]);
    else chain.push(placed);
  }
  for (const chain of chains.values()) {
    const found = verifyChain(chain);
    faults.push(...found.faults);
    notes.push(...found.notes);
  }
  faults.push(...toldOtherwise(chains, options));
  const authors = new Set(events.map(({ record }) => record.author)).size;
  return { events: events.length, authors, keys: keys.keys, faults, notes };
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
