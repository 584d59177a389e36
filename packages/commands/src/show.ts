// Small facts as words a person reads: times, sizes, ids, who, delivery states. Anything written by a peer passes through
// the protocol's `harmless` here before it is shown.
import { cutText, formatAddress, harmless, harmlessLine } from "@agora/protocol";
import type { Delivery, FileRecipient, FileState, Line } from "@agora/ipc";
import type { Paint } from "./answer.ts";

/** No colours at all. */
export const PLAIN: Paint = { dim: same, bold: same, good: same, bad: same, name: same, ink: same };

function same(text: string): string {
  return text;
}

/** How many recipients of a file are shown one by one. */
const MAX_RECIPIENTS = 12;

/** How many characters of an id are shown: short enough to type, and unique in any room. */
const SHORT_ID = 8;

/** The first characters of an id. */
export function shortId(id: string): string {
  return id.slice(0, SHORT_ID);
}

/** `14:02` today, `2026-11-19 14:02` on another day, by the local clock. */
export function showTime(at: number, now: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "?";
  const two = (n: number): string => String(n).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** `12 kB`; below a thousand `812 bytes`. */
export function showSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A duration, roughly: `40 s`, `3 min`, `2 h`. */
export function showSpan(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1_000));
  if (s < 90) return `${s} s`;
  return s < 5_400 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3_600)} h`;
}

/** `alice/claude`, from an author and a seat. */
export function showAuthor(author: string, seat: string | undefined): string {
  return harmlessLine(seat === undefined ? author : `${author}/${seat}`, 60);
}

/** `@bob @carol/codex`, `#build @bob`, or `everyone`. */
function showTo({ to, channel }: Pick<Line, "to" | "channel">): string {
  const where = channel === undefined ? [] : [`#${channel}`];
  return harmlessLine([...where, ...to.map(formatAddress)].join(" ") || "everyone", 400);
}

/** `bob: seen 14:02 (claude)`, `carol: held (hop limit)`. */
export function showDelivery(delivery: Delivery, now: number): string {
  const time = delivery.at === undefined ? "" : ` ${showTime(delivery.at, now)}`;
  const about = [delivery.seat, delivery.reason].filter((x) => x !== undefined).map((x) => harmlessLine(x));
  return `${harmlessLine(delivery.member, 40)}: ${delivery.state}${time}${about.length === 0 ? "" : ` (${about.join(", ")})`}`;
}

/** `report.pdf (12 kB, stored at .agora/files/…)`. */
export function showFile(file: FileState): string {
  const parts = [showSize(file.size)];
  if (file.state === "receiving" && file.received !== undefined && file.size > 0) {
    parts.push(`${Math.floor((file.received / file.size) * 100)} % here`);
  } else if (file.path !== undefined && file.state === "stored") {
    parts.push(`stored at ${harmlessLine(file.path, 400)}`);
  } else {
    parts.push(file.state);
  }
  if (file.reason !== undefined) parts.push(harmlessLine(file.reason));
  parts.push(...(file.recipients ?? []).slice(0, MAX_RECIPIENTS).map((one) => showRecipient(one, file.size)));
  return `${harmlessLine(file.name, 255)} (${parts.join(", ")})`;
}

/** `bob has it`, `carol 45 %`, `dave waiting: it waits until they accept it`. */
function showRecipient({ member, state, sent = 0, reason }: FileRecipient, size: number): string {
  const name = harmlessLine(member, 40);
  if (state === "done") return `${name} has it`;
  if (state === "sending") return `${name} ${Math.floor((sent / Math.max(1, size)) * 100)} %`;
  return `${name} ${state}${reason === undefined ? "" : `: ${harmlessLine(reason)}`}`;
}

/** Of one line, what is shown of its reactions; of each, who. */
const MAX_REACTIONS = 12;
const MAX_REACTORS = 8;

/** `👍 bob, carol (agent); done dave`. */
export function showReactions(reactions: NonNullable<Line["reactions"]>): string {
  const all = reactions.slice(0, MAX_REACTIONS).map(({ text, by }) => {
    const names = by
      .slice(0, MAX_REACTORS)
      .map(({ member, role }) => `${harmlessLine(member, 40)}${role === "agent" ? " (agent)" : ""}`);
    const more = by.length - names.length;
    return `${harmlessLine(text, 40)} ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  });
  const more = reactions.length - all.length;
  return `${all.join("; ")}${more > 0 ? `; ${more} more` : ""}`;
}

/** A text under its heading: every line indented, so that none can pass for a line of ours. */
export function showText(text: string, maxChars = Number.POSITIVE_INFINITY): string[] {
  if (text === "") return [];
  const safe = harmless(text);
  const cut = safe.length > maxChars ? `${cutText(safe, maxChars)}…` : safe;
  return cut.split("\n").map((line) => `  ${line}`);
}

/**
 * What is shown beside an author whose event isn't a message: an operator's decision, an unknown kind, an event that doesn't
 * count.
 */
function kindWord(line: Line): string {
  if (line.withheld !== undefined) return ` [not handed on: ${harmlessLine(line.withheld, 80)}]`;
  if (line.control !== undefined) return " [operator]";
  if (line.question !== undefined)
    return ` [question ${shortId(line.id)} to you${line.question.urgent === true ? ", urgent" : ""}]`;
  return line.kind === "message" || line.kind === "file" || line.kind === "channel"
    ? ""
    : ` [${harmlessLine(line.kind, 40)}]`;
}

/** How much of a text is shown among others, and the command that shows all of it. */
export interface Cut {
  readonly maxChars: number;
  readonly whole: (thread: string) => string;
}

/** How much of one text is shown; all of it would push the others off the screen. */
const MAX_TEXT_CHARS = 4_000;

/** Cuts very long texts; `prefix` is how commands begin here. */
export function longTextsCut(prefix: string): Cut {
  return { maxChars: MAX_TEXT_CHARS, whole: (id) => `${prefix}history --full --thread ${id}` };
}

/** One event as a person reads it: a heading, then the indented text, cut as `cut` says, and the file. */
export function showLine(line: Line, now: number, paint: Paint, cut?: Cut): string[] {
  const who = paint.name(showAuthor(line.author, line.seat));
  const role = line.role === "agent" ? " (agent)" : "";
  const kind = kindWord(line);
  const about = line.about === undefined ? "" : ` ${line.about.how}`;
  const heading = `${paint.dim(showTime(line.time, now))} ${who}${role} → ${showTo(line)}${kind}${about} ${paint.dim(`thread ${shortId(line.thread)}`)}`;
  const isCut = cut !== undefined && line.text.length > cut.maxChars;
  const note = isCut
    ? [`  ${paint.dim(`(cut here: ${line.text.length} characters in all; ${cut.whole(shortId(line.thread))})`)}`]
    : [];
  return [
    heading,
    ...showText(line.text, cut?.maxChars),
    ...note,
    ...(line.file === undefined ? [] : [`  file ${showFile(line.file)}`]),
    ...(line.reactions === undefined ? [] : [`  ${paint.dim(showReactions(line.reactions))}`]),
  ];
}
