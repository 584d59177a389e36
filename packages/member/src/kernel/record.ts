// A line of history.jsonl: the plain fields a person finds with `cat` or `jq`, and the signed bytes beside them.
import {
  type Budget,
  BUDGET,
  budgetSchema,
  type Card,
  CARD,
  cardSchema,
  CHANNEL,
  type ChannelAct,
  channelActSchema,
  CONTROL,
  type Control,
  controlSchema,
  controlWords,
  FILE_OFFER,
  type FileOffer,
  fileOfferSchema,
  formatAddress,
  type Head,
  isText,
  isUnderstood,
  type OpenEvent,
  readBody,
  readHead,
  type SignedEvent,
} from "@agora/protocol";
import { answerOf, decisionOf, formOf } from "../questions/fold.ts";

/** One event as it is kept. `text` is the body of a message; `body` stands only where it is something else. */
export interface HistoryRecord {
  readonly at: number;
  readonly stamp: string;
  readonly author: string;
  readonly seat?: string;
  readonly role: "user" | "agent";
  readonly kind: string;
  readonly to: readonly string[];
  /** The channel it was said in. */
  readonly channel?: string;
  readonly thread: string;
  readonly text: string;
  readonly id: string;
  /** A member handed it on later: its stamp is that member's word. */
  readonly late?: true;
  /** Who handed it on, by name, when that was not its author. */
  readonly by?: string;
  /** Kept, and handed to nobody, for this reason: a stop was in force, or a control came without a grant that holds. */
  readonly withheld?: string;
  /** Another device of this person said it. */
  readonly device?: true;
  /** The root of its author's person, of what is about another event: whoever was asked may answer from another device. */
  readonly root?: string;
  readonly head: string;
  readonly sig: string;
  readonly body?: string;
}

/** An event that got a second stamp because a relay died in between: the higher one wins. [STAMP-4] */
export interface RestampRecord {
  readonly restamp: string;
  /** Its author's key: authors choose ids, and one may choose another's. */
  readonly key?: string;
  readonly stamp: string;
  readonly at: number;
  /** It is the author's own word on the place. */
  readonly authors?: true;
}

export type HistoryLine = HistoryRecord | RestampRecord;

/** Whether a line of the history is a restamp and no event. */
export function isRestamp(line: HistoryLine): line is RestampRecord {
  return "restamp" in line;
}

/** What a file event offers; undefined for other kinds and for offers that don't fit. */
export function offerOf(event: Pick<OpenEvent, "head" | "body">): FileOffer | undefined {
  return event.head.kind === "file" && event.head.body.media === FILE_OFFER
    ? readBody(fileOfferSchema, event.body)
    : undefined;
}

/** What a control event decides; undefined for other kinds and for bodies that don't fit. */
export function controlOf(event: Pick<OpenEvent, "head" | "body">): Control | undefined {
  return event.head.kind === "control" && event.head.body.media === CONTROL
    ? readBody(controlSchema, event.body)
    : undefined;
}

/** The turns that a budget event gives a chain, or asks for; undefined for other kinds. */
export function budgetOf(event: Pick<OpenEvent, "head" | "body">): Budget | undefined {
  return event.head.kind === "budget" && event.head.body.media === BUDGET
    ? readBody(budgetSchema, event.body)
    : undefined;
}

/** What was done in a channel; undefined for other kinds and for bodies that don't fit. */
export function channelActOf(event: Pick<OpenEvent, "head" | "body">): ChannelAct | undefined {
  return event.head.kind === "channel" && event.head.body.media === CHANNEL
    ? readBody(channelActSchema, event.body)
    : undefined;
}

/** The text to show for an event: a message's body, a file's accompanying text, a word on what is not known. */
export function textOf(event: Pick<OpenEvent, "head" | "body">): string {
  const { kind } = event.head;
  if (!isUnderstood(event.head)) return isText(event.head) ? event.body : `[${kind}: this version can't show it]`; // [EVENT-11]
  if (kind === "message") return event.body;
  const offer = offerOf(event);
  if (offer !== undefined) return offer.text ?? "";
  const control = controlOf(event);
  if (control !== undefined) return controlWords(control);
  const budget = budgetOf(event);
  if (budget !== undefined) return budgetWords(budget);
  const asked = questionText(event);
  if (asked !== undefined) return asked;
  const act = channelActOf(event);
  if (act !== undefined) return actWords(act);
  if (kind === "grant") return "gave a grant";
  const card = cardOf(event);
  if (card !== undefined) return cardWords(card);
  if (kind === "self") return "kept something for the own devices";
  if (kind === "key") return "stated something of a person's keys";
  return isText(event.head) ? event.body : `[${kind}: this version can't show it]`;
}

/** A question with its choices; an answer as far as it can be told without its question; a decision. */
function questionText(event: Pick<OpenEvent, "head" | "body">): string | undefined {
  const form = formOf(event);
  if (form !== undefined)
    return [form.text, ...(form.choices ?? []).map(({ id, label }) => `- ${label} (${id})`)].join("\n");
  const answer = answerOf(event);
  if (answer !== undefined)
    return [...(answer.picked ?? []), ...(answer.text === undefined ? [] : [answer.text])].join(", ");
  const decision = decisionOf(event);
  if (decision === undefined) return undefined;
  if (event.head.role !== "user") return "[decision: only a person's counts]";
  return decision.text === undefined ? `decided: ${decision.title}` : `decided: ${decision.title}\n${decision.text}`;
}

/** What a card event says; undefined for other kinds and for bodies that don't fit. */
export function cardOf(event: Pick<OpenEvent, "head" | "body">): Card | undefined {
  return event.head.kind === "card" && event.head.body.media === CARD ? readBody(cardSchema, event.body) : undefined;
}

function cardWords({ title, purpose, repositories = [] }: Card): string {
  const parts = [
    ...(title === undefined ? [] : [title]),
    ...(purpose === undefined ? [] : [purpose]),
    ...repositories.map(({ label, url }) => `${label}: ${url}`),
  ];
  return parts.length === 0 ? "cleared the room's card" : `set the room's card:\n${parts.join("\n")}`;
}

function budgetWords({ chain, turns, asks }: Budget): string {
  const which = `the chain ${chain.slice(0, 8)}`;
  return asks === undefined
    ? `gave ${which} ${turns} automatic turns more`
    : `${which} is at its limit of ${asks.limit} automatic turns`;
}

function actWords({ act, text, member, role }: ChannelAct): string {
  switch (act) {
    case "open":
      return text === undefined ? "opened the channel" : `opened the channel: ${text}`;
    case "join":
      return "joined";
    case "leave":
      return "left";
    case "topic":
      return text === undefined || text === "" ? "took the topic away" : `set the topic: ${text}`;
    case "remove":
      return `removed @${member ?? "?"}`;
    case "admit":
      return `admitted @${member ?? "?"} again`;
    case "role":
      return role === "observer" ? `made @${member ?? "?"} an observer` : `let @${member ?? "?"} speak again`;
    case "archive":
      return "archived the channel";
    case "reopen":
      return "reopened the channel";
  }
}

/** What is known of an event beside what stands in it. */
interface RecordTraits {
  readonly withheld?: string | undefined;
  /** Who handed it on. */
  readonly by?: string | undefined;
  /** Another device of this person said it. */
  readonly device?: true | undefined;
  /** The root of its author's person. */
  readonly root?: string | undefined;
}

/** Makes the line that keeps an event. */
export function toRecord(
  event: OpenEvent,
  stamp: string,
  at: number,
  late = false,
  { withheld, by, device, root }: RecordTraits = {},
): HistoryRecord {
  const { head, signed: sealed } = event;
  const text = textOf(event);
  return {
    at,
    stamp,
    author: head.author,
    ...(head.seat === undefined ? {} : { seat: head.seat }),
    role: head.role,
    kind: head.kind,
    to: head.to.map(formatAddress),
    ...(head.channel === undefined ? {} : { channel: head.channel }),
    thread: head.thread,
    text,
    id: head.id,
    ...(late ? { late: true as const } : {}),
    ...(by === undefined || by === head.author ? {} : { by }),
    ...(withheld === undefined ? {} : { withheld }),
    ...(device === true ? { device } : {}),
    ...(root === undefined || head.about === undefined ? {} : { root }),
    head: sealed.head,
    sig: sealed.sig,
    ...(text === sealed.body ? {} : { body: sealed.body }),
  };
}

/** The signed bytes of a kept event. */
export function signedEventOf(record: HistoryRecord): SignedEvent {
  return { head: record.head, sig: record.sig, body: record.body ?? record.text };
}

/** Head and body of a kept event; its signature was checked before it was kept. Undefined when the line was damaged. */
export function eventOf(record: HistoryRecord): OpenEvent | undefined {
  const head = readHead(record.head);
  return head.ok ? { head: head.value, body: record.body ?? record.text, signed: signedEventOf(record) } : undefined;
}

/** The head of a kept event; undefined when its line was damaged. */
export function readHeadOf(record: HistoryRecord): Head | undefined {
  const head = readHead(record.head);
  return head.ok ? head.value : undefined;
}

/** The head of a kept line: it was checked when it was kept, and whoever is given it checks it again. */
export function keptHead(record: HistoryRecord): Head | undefined {
  try {
    const head = JSON.parse(record.head) as Head;
    const isWhole = typeof head.key === "string" && Number.isSafeInteger(head.seq);
    return isWhole && head.to.every((a) => typeof a.member === "string") ? head : undefined;
  } catch {
    return undefined; // the line was damaged
  }
}
