// Questions to people, their answers, and decisions. A fold over events in any order: what was asked, answered, withdrawn and
// decided is kept as it is, the latest of each, and how a question stands is worked out when somebody looks.
import {
  type Address,
  ANSWER,
  answerSchema,
  audienceOf,
  type Decision,
  DECISION,
  decisionSchema,
  type Head,
  misfitOf,
  type OpenEvent,
  type Question,
  QUESTION,
  type QuestionAnswer,
  questionSchema,
  readBody,
  type Role,
  stampParts,
} from "@agora/protocol";
import { deadlineOf } from "../kernel/deadline.ts";
import { inOrder, put, type WhoIs } from "./bounds.ts";

/** What every kept event of these tells. */
interface Kept {
  readonly id: string;
  readonly thread: string;
  readonly from: string;
  readonly key: string;
  /** The root of its author's person, of what is about a question. */
  readonly root?: string;
  /** The author's clock, unix milliseconds. */
  readonly time: number;
  readonly stamp: string;
  /** Its author's number for it, and of which audience: which of one author's words came first. */
  readonly seq?: number;
  readonly audience?: string;
  /** One's own, and not stamped yet: its place is a guess, by what is known of the relay's clock. */
  readonly queued?: true;
  /** It was sent to the relay, which may have stamped it: when its time is over is not known before the stamp is. */
  readonly posted?: true;
  /** Its place is a member's word; `overtaken`: and it came when an answer that the relay had placed counted already. */
  readonly word?: "late" | "overtaken";
}

/** A question that was asked. */
export interface AskedQuestion extends Kept {
  readonly role: Role;
  readonly seat?: string;
  readonly to: readonly Address[];
  readonly hop: number;
  readonly chain: string;
  readonly expires?: number;
  readonly form: Question;
}

/** A person's answer to a question, whether it counts or not. */
export interface GivenAnswer extends Kept {
  readonly question: string;
  readonly answer: QuestionAnswer;
}

/** The asker's word that a question is none any more, or somebody's who was asked that no answer will come. */
export interface Refusal extends Kept {
  readonly question: string;
}

/** Something a person decided without being asked. */
export interface RecordedDecision extends Kept {
  readonly decision: Decision;
}

/** All of them by id; plain JSON. */
export interface Questions {
  readonly asked: Record<string, AskedQuestion>;
  readonly answers: Record<string, GivenAnswer>;
  readonly withdrawn: Record<string, Refusal>;
  readonly refused: Record<string, Refusal>;
  readonly decisions: Record<string, RecordedDecision>;
}

/** How a question stands. */
export interface QuestionStanding {
  readonly question: AskedQuestion;
  /** `refused`: all who were asked said that they won't answer, as far as that is known here. */
  readonly state: "open" | "answered" | "refused" | "expired" | "withdrawn";
  /** The answer that counts. */
  readonly answer?: GivenAnswer;
  /** Answers that would have counted, had they come first and in time. */
  readonly late: readonly GivenAnswer[];
}

/** Nothing was asked yet. */
export function noQuestions(): Questions {
  return { asked: {}, answers: {}, withdrawn: {}, refused: {}, decisions: {} };
}

/** The form of a question event; undefined for other kinds and for bodies that don't fit. */
export function formOf({ head, body }: Pick<OpenEvent, "head" | "body">): Question | undefined {
  return head.kind === "question" && head.body.media === QUESTION ? readBody(questionSchema, body) : undefined;
}

/** What an answer event says; undefined for other kinds and for bodies that don't fit. */
export function answerOf({ head, body }: Pick<OpenEvent, "head" | "body">): QuestionAnswer | undefined {
  return head.kind === "answer" && head.body.media === ANSWER ? readBody(answerSchema, body) : undefined;
}

/** What a decision event records; undefined for other kinds and for bodies that don't fit. */
export function decisionOf({ head, body }: Pick<OpenEvent, "head" | "body">): Decision | undefined {
  return head.kind === "decision" && head.body.media === DECISION ? readBody(decisionSchema, body) : undefined;
}

/** How the place of an event is known: from the relay, from a member, or not yet. */
export type PlacedBy = "relay" | "member" | "queue";

/** Folds an event in place. What an agent answers or decides is nothing: it takes a person. [QUESTION-4] [QUESTION-7] */
export function foldQuestion(
  questions: Questions,
  event: Pick<OpenEvent, "head" | "body"> & { readonly root?: string | undefined },
  stamp: string,
  by: PlacedBy = "relay",
  whoIs: WhoIs = () => ({ standing: "met" }),
): Questions {
  const { head, root } = event;
  const { id, thread, author: from, key, time, role, seat, hop, chain, expires, about } = head;
  const own = { seq: head.seq, audience: audienceOf(head) };
  const kept: Kept = {
    id,
    thread,
    from,
    key,
    time,
    stamp,
    ...own,
    ...(by === "queue" ? { queued: true } : {}),
    ...(root === undefined ? {} : { root }),
  };
  const form = formOf(event);
  if (form !== undefined && head.to.length > 0) {
    const more = { ...(seat === undefined ? {} : { seat }), ...(expires === undefined ? {} : { expires }) };
    put(questions.asked, { ...kept, role, to: head.to, hop, chain, form, ...more }, whoIs);
  }
  const answer = role === "user" && about?.how === "answers" ? answerOf(event) : undefined;
  const word = by === "member" && about !== undefined ? { word: wordOn(questions, about.id, time) } : {};
  if (answer !== undefined) put(questions.answers, { ...kept, question: about!.id, answer, ...word }, whoIs);
  const decision = role === "user" ? decisionOf(event) : undefined;
  if (decision !== undefined) put(questions.decisions, { ...kept, decision }, whoIs);
  if (mayWithdraw(head)) put(questions.withdrawn, { ...kept, question: head.about!.id, ...word }, whoIs);
  if (mayRefuse(head)) put(questions.refused, { ...kept, question: head.about!.id }, whoIs);
  return questions;
}

/** What was acted on is not another answer, or none, because somebody says that theirs, or its end, was before it. [QUESTION-4] */
function wordOn(questions: Questions, question: string, now: number): NonNullable<Kept["word"]> {
  const counts = standingOf(questions, question, now)?.answer;
  const isPlaced = counts !== undefined && counts.word === undefined && counts.queued !== true;
  return isPlaced ? "overtaken" : "late";
}

/** Whether an event may refuse to answer a question: a person's, as any message is refused. */
export function mayRefuse({ kind, about, role }: Head): boolean {
  return kind === "message" && about?.how === "rejects" && role === "user";
}

/** Whether a key was asked under this name, or is that of another device of whoever was. [QUESTION-4] [DEVICE-11] */
export function isAskedOf(
  { to }: AskedQuestion,
  { from, key, root }: { readonly from: string; readonly key: string; readonly root?: string | undefined },
): boolean {
  return to.some(
    (a) =>
      a.member === from &&
      (a.key === undefined || a.key === key || (a.root !== undefined && root !== undefined && a.root === root)),
  );
}

/** Whether an event may take a question back: whose it is, is seen where it stands. [QUESTION-6] */
export function mayWithdraw({ kind, about, to }: Head): boolean {
  return kind === "message" && about?.how === "retracts" && to.length > 0;
}

/**
 * Folds an event of our own that waits for its stamp: between a session and its own person nobody else is needed. `off` is by how much
 * the relay's clock is ahead of the own one, milliseconds.
 */
export function foldQueuedQuestion(questions: Questions, event: Pick<OpenEvent, "head" | "body">, off = 0): Questions {
  return foldQuestion(questions, event, `${Math.max(0, Math.round(event.head.time + off))}-0`, "queue");
}

/** The relay refused an event of our own for good: it was never asked or said. */
export function dropQueuedQuestion(questions: Questions, id: string): Questions {
  for (const entries of Object.values(questions) as Record<string, Kept>[])
    if (Object.hasOwn(entries, id) && entries[id]!.queued === true) delete entries[id];
  return questions;
}

/** A question of our own that waits for its stamp is sent now. */
export function foldQuestionPosted(questions: Questions, id: string): Questions {
  const { asked } = questions;
  if (Object.hasOwn(asked, id) && asked[id]!.queued === true) asked[id] = { ...asked[id]!, posted: true };
  return questions;
}

/** Whether the time of a question of our own was over before it was ever sent: it is not sent any more. [QUESTION-9] */
export function isOverUnsent(questions: Questions, id: string, now: number): boolean {
  const question = Object.hasOwn(questions.asked, id) ? questions.asked[id] : undefined;
  return question?.queued === true && standingOf(questions, id, now)?.state === "expired";
}

/** An event got another stamp from a relay. */
export function foldQuestionStamp(questions: Questions, id: string, stamp: string, key?: string): Questions {
  for (const entries of Object.values(questions) as Record<string, Kept>[]) {
    if (!Object.hasOwn(entries, id) || (key !== undefined && entries[id]!.key !== key)) continue;
    const { word: _, ...kept } = entries[id]!;
    entries[id] = { ...kept, stamp };
  }
  return questions;
}

/** Of one author's words to one audience its own number tells which came first. */
function isBeforeOwn(a: Kept, b: Kept): boolean {
  const isComparable = a.key === b.key && a.audience === b.audience && a.seq !== undefined && b.seq !== undefined;
  return isComparable && a.seq < b.seq;
}

/** Whether `a` comes first: by their author's own numbers, or in the room's order. [QUESTION-4] */
function isBefore(a: Kept, b: Kept): boolean {
  return isBeforeOwn(a, b) || (!isBeforeOwn(b, a) && inOrder(a, b) < 0);
}

/** How a question stands at `now` by the relay's clock; undefined when it is not known. */
export function standingOf(questions: Questions, id: string, now: number): QuestionStanding | undefined {
  const question = Object.hasOwn(questions.asked, id) ? questions.asked[id] : undefined;
  if (question === undefined) return undefined;
  const fitting = Object.values(questions.answers)
    .filter((given) => given.question === id && whyNot(question, given) === undefined)
    .sort((a, b) => Number(a.word === "overtaken") - Number(b.word === "overtaken") || inOrder(a, b));
  const inTime = fitting.filter((given) => isInTime(question, given));
  // Of one who answered twice the first is meant, wherever a relay or a member places it.
  const first = inTime.find(
    (given) =>
      !inTime.some((other) => isBeforeOwn(other, given) && (other.word !== "overtaken" || given.word === "overtaken")),
  );
  const withdrawn = Object.values(questions.withdrawn)
    .filter((back) => back.question === id && back.key === question.key && back.word !== "overtaken")
    .sort(inOrder)[0];
  if (withdrawn !== undefined && (first === undefined || isBefore(withdrawn, first)))
    return { question, state: "withdrawn", late: fitting };
  if (first !== undefined)
    return { question, state: "answered", answer: first, late: fitting.filter((given) => given !== first) };
  const refused = Object.values(questions.refused).filter((word) => word.question === id && isAskedOf(question, word));
  if (question.to.every(({ member }) => refused.some(({ from }) => from === member)))
    return { question, state: "refused", late: fitting };
  const until = deadlineOf(question, question.stamp);
  const isOver = until !== undefined && now > until && question.posted !== true;
  return { question, state: isOver ? "expired" : "open", late: fitting };
}

/** Why an answer can't count, whenever it came; undefined when it can. [QUESTION-4] */
export function whyNot(question: AskedQuestion, given: GivenAnswer): string | undefined {
  return isAskedOf(question, given)
    ? misfitOf(question.form, given.answer)
    : "it comes from somebody who was not asked";
}

/** By the stamps of both, so that nobody's clock decides it: within the time that the asker gave. [QUESTION-4] */
function isInTime(question: AskedQuestion, given: GivenAnswer): boolean {
  const until = deadlineOf(question, question.stamp);
  return until === undefined || stampParts(given.stamp)[0] <= until;
}

/** Something that was decided: by an answer, or without a question. */
export type Decided =
  | {
      readonly how: "answer";
      readonly at: number;
      readonly standing: QuestionStanding & { readonly answer: GivenAnswer };
    }
  | { readonly how: "decision"; readonly at: number; readonly recorded: RecordedDecision };

/** What was decided, newest first. */
export function decidedIn(questions: Questions, now: number, limit: number): readonly Decided[] {
  const answered = Object.keys(questions.asked).flatMap((id): Decided[] => {
    const standing = standingOf(questions, id, now);
    const { answer } = standing ?? {};
    return standing === undefined || answer === undefined
      ? []
      : [{ how: "answer", at: answer.time, standing: { ...standing, answer } }];
  });
  const recorded = Object.values(questions.decisions).map((one): Decided => ({
    how: "decision",
    at: one.time,
    recorded: one,
  }));
  const keptOf = (one: Decided): Kept => (one.how === "answer" ? one.standing.answer : one.recorded);
  return [...answered, ...recorded].sort((a, b) => inOrder(keptOf(b), keptOf(a))).slice(0, limit);
}
