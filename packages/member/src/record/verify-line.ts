// One line of a journal: whether it is what its author signed, and says in plain fields what stands in the signed bytes.
import { formatAddress, type Head, openEvent, type OpenEvent, type Verifier } from "@agora/protocol";
import { type HistoryLine, type HistoryRecord, isRestamp, signedEventOf, textOf } from "../kernel/record.ts";
import type { FindingCode } from "./finding.ts";

/** A line that holds. */
export type GoodLine =
  | { readonly is: "event"; readonly event: OpenEvent; readonly record: HistoryRecord }
  | { readonly is: "restamp"; readonly id: string; readonly key: string | undefined; readonly stamp: string };

/** A line that holds and keeps an event, what to call its place, its place among the lines, and the stamp that counts. */
export type EventLine = Extract<GoodLine, { readonly is: "event" }> & {
  readonly where: string;
  readonly line: number;
  readonly stamp: string;
};

/** A line that does not. */
export interface BadLine {
  readonly is: "fault";
  readonly code: FindingCode;
  readonly message: string;
}

/** Checks one line of `history.jsonl`. */
export function verifyLine(text: string, verifier: Verifier): GoodLine | BadLine {
  const line = parse(text);
  if (line === undefined) return fault("unreadable", "This line can't be read: it isn't one that Agora wrote.");
  if (isRestamp(line)) return { is: "restamp", id: line.restamp, key: line.key, stamp: line.stamp };
  const opened = openEvent(signedEventOf(line), verifier);
  if (!opened.ok) return fault("forged", opened.message);
  const event = opened.value;
  const field = differing(line, event.head) ?? (saysOtherwise(line, event) ? "text" : undefined);
  if (field !== undefined)
    return fault("altered", `The "${field}" of ${event.head.id} is not what @${event.head.author} signed.`);
  return { is: "event", event, record: line };
}

function fault(code: FindingCode, message: string): BadLine {
  return { is: "fault", code, message };
}

function parse(text: string): HistoryLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const line = value as Partial<Record<string, unknown>>;
  const strings = "restamp" in line ? ["restamp", "stamp"] : ["head", "sig", "text", "stamp", "id", "author"];
  if (!strings.every((name) => typeof line[name] === "string")) return undefined;
  if (line["body"] !== undefined && typeof line["body"] !== "string") return undefined;
  return value as HistoryLine;
}

/** The first plain field that says something else than the signed head. */
function differing(record: HistoryRecord, head: Head): string | undefined {
  for (const name of ["id", "author", "seat", "role", "kind", "channel", "thread"] as const)
    if (record[name] !== head[name]) return name;
  const to = head.to.map(formatAddress);
  const isSame =
    Array.isArray(record.to) && record.to.length === to.length && to.every((address, i) => record.to[i] === address);
  return isSame ? undefined : "to";
}

/** What is shown of these is their author's words; of the other kinds it is ours, and an earlier version may have put it otherwise. */
const AUTHORS_WORDS: ReadonlySet<string> = new Set(["message", "file", "question", "answer", "decision"]);
/** How a version that did not know the kind shows it. */
const NOT_SHOWN = /^\[[a-z0-9-]+: this version can't show it\]$/;

function saysOtherwise(record: HistoryRecord, event: OpenEvent): boolean {
  if (record.body === undefined || !AUTHORS_WORDS.has(event.head.kind) || NOT_SHOWN.test(record.text)) return false;
  return record.text !== textOf(event);
}
