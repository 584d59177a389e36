// Whether every word of an operator or a lead that was obeyed had a grant of the room's root when it was said, one that nobody had
// taken back, and whether every grant given is one.
import {
  compareStamps,
  type Control,
  GRANT_LEEWAY_S,
  idsOf,
  openGrant,
  type OpenEvent,
  stampParts,
  type Verifier,
} from "@agora/protocol";
import { entitles } from "../controls/entitles.ts";
import { cardOf, controlOf } from "../kernel/record.ts";
import type { Finding } from "./finding.ts";
import type { EventLine } from "./verify-line.ts";

/** The kinds that count by a grant alone. */
const RESTS_ON_GRANT: ReadonlySet<string> = new Set(["control", "grant", "card"]);

/** What an operator has taken back, by its latest word. */
interface TakenBack {
  readonly ids: ReadonlySet<string>;
  readonly seq: number;
  readonly line: EventLine;
}

/**
 * Verifies what rests on grants, in the order of the stamps. [CONTROL-2] [RIGHT-3] [GRANT-10]
 *
 * @param root the room's root key, or its relay's; without it nothing can be checked
 * @param refused events that count for nothing, whatever they say
 */
export function verifyGrants(
  events: readonly EventLine[],
  { root, verifier }: { readonly root?: string | undefined; readonly verifier: Verifier },
  refused: ReadonlySet<EventLine>,
): { readonly faults: readonly Finding[]; readonly notes: readonly Finding[] } {
  const resting = events.filter(
    ({ event, record }) => RESTS_ON_GRANT.has(event.head.kind) && record.withheld === undefined,
  );
  if (root === undefined) {
    const message = "Operators' grants were not checked: the room's root key isn't known here.";
    return { faults: [], notes: resting.slice(0, 1).map(({ where }) => ({ code: "unchecked", where, message })) };
  }
  const faults: Finding[] = [];
  const notes: Finding[] = [];
  const taken = new Map<string, TakenBack>();
  const inOrder = resting.toSorted((a, b) => compareStamps(a.stamp, b.stamp) || a.line - b.line);
  for (const line of inOrder) {
    const { event, where } = line;
    const { id, author } = event.head;
    if (!isGranted(line, root, verifier)) {
      faults.push({
        ...{ code: "forged-grant", where },
        message: `${id} by @${author} has no grant of the room's owner.`,
      });
      continue;
    }
    const word = takenBackBy(taken, idsIn(line, root, verifier));
    const by = word?.line.event.head.author;
    if (word !== undefined && word.line.line < line.line) {
      faults.push({
        ...{ code: "revoked-grant", where },
        message: `${id} by @${author} rests on a grant that @${by} had taken back.`,
      });
      continue;
    }
    if (word !== undefined)
      notes.push({
        ...{ code: "unchecked", where },
        message: `${id} by @${author} rests on a grant that @${by} had taken back, of which was heard only later.`,
      });
    if (!refused.has(line)) takeBack(taken, line, controlOf(event));
  }
  return { faults, notes };
}

function isGranted(line: EventLine, root: string, verifier: Verifier): boolean {
  const { head, body } = line.event;
  const nowMs = momentOf(line);
  if (head.kind === "grant") return openGrant(body, root, verifier, nowMs).ok;
  return entitles(grantIn(line.event), head, head.kind === "card" ? "card" : "control", { root, verifier, nowMs });
}

/** When it was said, unix milliseconds by the room's time; what a grant gives may have ended while it was under way. */
function momentOf({ event, record }: EventLine): number {
  const [nowMs] = stampParts(record.stamp);
  return event.head.kind === "grant" ? Math.max(0, nowMs - GRANT_LEEWAY_S) : nowMs;
}

/** The grant by which an event counts, or that it gives. */
function grantIn(event: OpenEvent): string | undefined {
  return event.head.kind === "grant" ? event.body : (controlOf(event) ?? cardOf(event))?.grant;
}

/** The ids of that grant and of those above it. */
function idsIn(line: EventLine, root: string, verifier: Verifier): readonly string[] {
  const opened = openGrant(grantIn(line.event) ?? "", root, verifier, momentOf(line));
  return opened.ok ? idsOf(opened.value) : [];
}

function takenBackBy(taken: ReadonlyMap<string, TakenBack>, ids: readonly string[]): TakenBack | undefined {
  return [...taken.values()].find((word) => ids.some((id) => word.ids.has(id)));
}

/** Of one operator the highest number counts, of several all together. [GRANT-10] */
function takeBack(taken: Map<string, TakenBack>, line: EventLine, control: Control | undefined): void {
  const { key, seq } = line.event.head;
  if (control?.act === "revoke" && (taken.get(key)?.seq ?? 0) < seq)
    taken.set(key, { ids: new Set(control.ids), seq, line });
}
