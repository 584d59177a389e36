// Questions to people, from both ends. What is asked of this member's person waits in its inbox, for the person alone; what
// its own sessions asked comes back to the session that asked: the answer that counts, or that nobody answered in time.
import type { QuestionState } from "@agora/ipc";
import type { Clock, Log } from "@agora/ports";
import { answerWords, harmlessLine, newId, type OpenEvent } from "@agora/protocol";
import { type Item, isExpired } from "../inbox/fold.ts";
import { NOWHERE } from "../kernel/delivery.ts";
import { deadlineOf } from "../kernel/deadline.ts";
import {
  type AskedQuestion,
  formOf,
  type GivenAnswer,
  isAskedOf,
  mayRefuse,
  mayWithdraw,
  type QuestionStanding,
  standingOf,
  whyNot,
} from "./fold.ts";
import type { InboxDispatcher } from "../inbox/inbox-dispatcher.ts";
import type { Persons } from "../kernel/persons.ts";
import type { Receipts } from "../kernel/receipts.ts";
import type { RoomTime } from "../kernel/room-time.ts";
import type { Store } from "../kernel/store.ts";

export interface QuestionKeeper {
  /** Takes an addressed event that is part of a question's business; false when it is none. */
  take(item: Omit<Item, "state">, event: OpenEvent): boolean;
  /** An event of our own was queued: what is between a session and its own person waits for no relay. */
  queued(event: OpenEvent): void;
  /** An event was kept that may end a question which waits here. */
  kept(event: OpenEvent): void;
  /** Tells askers whose time is over; call it now and then. */
  tick(): void;
  standing(id: string): QuestionStanding | undefined;
  /** Questions as surfaces show them, oldest first. */
  list(): readonly QuestionState[];
  state(standing: QuestionStanding): QuestionState;
  /** Calls back when a question was asked, answered, withdrawn or ended. */
  onChange(fn: () => void): () => void;
}

/** Own words of a question in a sentence, characters. */
const QUOTED = 120;

/** Creates the keeper of questions. */
export function createQuestions(options: {
  readonly store: Store;
  readonly me: string;
  readonly myKey: string;
  /** Whether a key is this member's here, or was. */
  readonly isMyKey: (key: string) => boolean;
  readonly persons: Pick<Persons, "root">;
  /** The root of the person whose key it is. */
  readonly rootOf: (name: string, key: string) => string | undefined;
  readonly inbox: InboxDispatcher;
  readonly receipts: Receipts;
  /** Gives a question of our own up that was never sent; whether it will not be. */
  readonly neverSent: (id: string) => boolean;
  /** One's own seats that have not ended. */
  readonly seats: () => readonly string[];
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now" | "toOwn" | "said">;
  readonly log: Log;
}): QuestionKeeper {
  const { store, me, myKey, receipts, clock, roomTime, log } = options;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const fn of listeners) fn();
  };
  const { questions } = store.state;
  const standing = (id: string): QuestionStanding | undefined => standingOf(questions, id, roomTime.now());
  const isMine = (question: AskedQuestion): boolean => question.from === me && options.isMyKey(question.key);
  const isForMe = (question: AskedQuestion): boolean =>
    isAskedOf(question, { from: me, key: myKey, root: options.persons.root() });

  /** A question for the person: in no mode for a model. [QUESTION-1] */
  const asked = (item: Omit<Item, "state">, event: OpenEvent): void => {
    const now = standing(item.id);
    const form = formOf(event);
    if (form === undefined || now === undefined) {
      const reason =
        form === undefined
          ? "this version can't read the question"
          : "too many questions of people whom this member never answered wait here";
      return receipts.give(item.from, { id: item.id, state: "rejected", reason });
    }
    if (now.state !== "open")
      return receipts.give(item.from, { id: item.id, state: "expired", reason: endWords(now, me) });
    const { seat: _, ...rest } = item;
    options.inbox.addForPerson({ ...rest, person: true, question: true }, "a question to the person");
    changed();
  };

  const toAsker = (question: AskedQuestion, item: Omit<Item, "state">, event: OpenEvent): void => {
    const { seat: _, person: __, ...rest } = item;
    const outcome = { ...rest, ...place(question), answers: question.id, outcome: true as const };
    // Our own person's word to a session is asked of it in either mode.
    if (item.from === me && outcome.person === undefined) options.inbox.addAccepted(outcome);
    else options.inbox.add(outcome, event);
  };

  /** An answer to a question of our own goes to the seat that asked, if it counts. [QUESTION-5] */
  const answered = (item: Omit<Item, "state">, event: OpenEvent): void => {
    const { about } = event.head;
    const now = about === undefined ? undefined : standing(about.id);
    if (now === undefined || !isMine(now.question)) {
      // For another who was asked it is the word that somebody has answered.
      receipts.give(item.from, { id: item.id, state: "stored" });
      return;
    }
    const reason = whyRefused(now, event);
    if (reason !== undefined) {
      log.info("answer-refused", { id: item.id, reason });
      return receipts.give(item.from, { id: item.id, state: "rejected", reason });
    }
    toAsker(now.question, item, event);
  };

  /** Somebody who was asked refuses to answer: the seat that asked is told as of an answer. */
  const refused = (item: Omit<Item, "state">, event: OpenEvent): boolean => {
    const { about, author: from, key } = event.head;
    const now = mayRefuse(event.head) ? standing(about!.id) : undefined;
    if (
      now === undefined ||
      !isMine(now.question) ||
      !isAskedOf(now.question, { from, key, root: options.rootOf(from, key) })
    )
      return false;
    if (now.state !== "open" && now.state !== "refused") return false;
    toAsker(now.question, item, event);
    return true;
  };

  const whyRefused = (now: QuestionStanding, { head }: OpenEvent): string | undefined => {
    if (now.answer?.id === head.id) return undefined;
    if (head.role !== "user") return "only a person's answer counts";
    const given = questions.answers[head.id];
    if (given === undefined) return "this version can't read the answer";
    const misfit = whyNot(now.question, given);
    if (misfit !== undefined) return misfit;
    return now.state === "open" ? "it came too late" : `it came too late: ${endWords(now, me)}`;
  };

  /** To whom the outcome of a question goes: the session that asked while it lives, or the person. */
  const place = ({ role, seat }: AskedQuestion): Pick<Item, "seat" | "person"> => {
    if (role === "user") return { person: true };
    return seat !== undefined && options.seats().includes(seat) ? { seat } : {};
  };

  /** What waits here for an answer that is no longer needed ends. */
  const sync = (id: string): void => {
    const item = store.state.inbox[id];
    const now = item?.question === true ? standing(id) : undefined;
    if (item === undefined || now === undefined || now.state === "open") return;
    const isOwn = now.answer?.from === me && options.isMyKey(now.answer.key);
    options.inbox.close(item, isOwn ? "answered" : "expired", isOwn ? undefined : endWords(now, me));
  };

  const timeOver = (question: AskedQuestion): void => {
    const { id, thread, hop, chain, expires = 0, time, form } = question;
    const then = form.otherwise === undefined ? "" : ` You said what you would do then: ${form.otherwise}`;
    const over = `Nobody answered the question "${harmlessLine(form.text, QUOTED)}" within ${span(expires - time)}.${then}`;
    log.info("question-over", { id });
    // It makes its asker go on by itself, so it counts as one more turn of that chain.
    const item = { id: newId(), thread, from: me, role: "agent", at: clock.now(), hop: hop + 1, chain } as const;
    const where = { position: NOWHERE, answers: id, outcome: true as const, over };
    options.inbox.addOver({ ...item, ...where, ...place(question) });
    changed();
  };

  const answerState = (question: AskedQuestion, given: GivenAnswer): NonNullable<QuestionState["answer"]> => ({
    by: given.from,
    at: roomTime.said({ ...given, mine: options.isMyKey(given.key) }),
    picked: given.answer.picked ?? [],
    ...(given.answer.text === undefined ? {} : { text: given.answer.text }),
    words: answerWords(question.form, given.answer),
  });
  const toState = ({ question, state, answer, late }: QuestionStanding): QuestionState => {
    const { id, thread, from, seat, role, time, stamp, form } = question;
    const until = deadlineOf(question, stamp);
    const { text, pick, choices, other, urgent, otherwise } = form;
    // Whose item is gone has answered; another's question is answered when the answer has its stamp.
    const isOnItsWay =
      (state === "open" && isForMe(question) && store.state.inbox[id]?.question !== true) ||
      (answer?.queued === true && !isMine(question));
    return {
      id,
      thread,
      from,
      ...(seat === undefined ? {} : { seat }),
      role,
      to: [...new Set(question.to.map(({ member }) => member))],
      text,
      pick,
      ...(choices === undefined ? {} : { choices }),
      ...(other === true ? { other } : {}),
      ...(urgent === true ? { urgent } : {}),
      ...(otherwise === undefined ? {} : { otherwise }),
      at: roomTime.said({ time, stamp, mine: isMine(question) }),
      ...(until === undefined ? {} : { expires: roomTime.toOwn(until), leftMs: until - roomTime.now() }),
      state: isOnItsWay ? "sent" : state,
      mine: isMine(question),
      forMe: isForMe(question),
      ...(answer === undefined ? {} : { answer: answerState(question, answer) }),
      ...(late.length === 0 ? {} : { late: late.map((given) => answerState(question, given)) }),
    };
  };

  /** An event of our own that was taken when it was queued. */
  const wasTaken = ({ id, from }: Omit<Item, "state">): boolean =>
    from === me && (store.state.inbox[id] !== undefined || store.state.given[id] !== undefined);

  return {
    queued(event) {
      const { id, thread, role, hop, chain, kind, about, to } = event.head;
      if (to.every(({ member }) => member !== me)) return;
      const item = { id, thread, from: me, role, at: clock.now(), hop, chain, position: NOWHERE };
      if (wasTaken(item)) return;
      const known = Object.hasOwn(questions.asked, id) ? questions.asked[id] : undefined;
      const expires = known === undefined ? undefined : deadlineOf(known, known.stamp);
      if (kind === "question") asked(expires === undefined ? item : { ...item, expires }, event);
      const now = kind === "answer" && about !== undefined ? standing(about.id) : undefined;
      // Whether it is the answer is seen for certain when it has its stamp: until then nothing is refused.
      if (now !== undefined && isMine(now.question) && now.answer?.id === id) toAsker(now.question, item, event);
      changed();
    },
    take(item, event) {
      const { kind, about } = event.head;
      if ((kind === "question" || kind === "answer") && wasTaken(item)) return true;
      if (kind === "question") asked(item, event);
      else if (kind === "answer") answered(item, event);
      else if (refused(item, event)) log.info("question-refused", { id: about!.id, by: item.from });
      else if (mayWithdraw(event.head) && questions.asked[about!.id]?.key === event.head.key)
        receipts.give(item.from, { id: item.id, state: "stored" });
      else return false;
      changed();
      return true;
    },
    kept({ head }) {
      if (head.about === undefined || questions.asked[head.about.id] === undefined) return;
      sync(head.about.id);
      changed();
    },
    tick() {
      const now = roomTime.now();
      for (const item of Object.values(store.state.inbox)) {
        if (item.question !== true) continue;
        const question = Object.hasOwn(questions.asked, item.id) ? questions.asked[item.id] : undefined;
        // It ends as the question does, which may have got another place since; forgotten, as the item says.
        if (question !== undefined && isPast(question, now)) sync(item.id);
        if (question === undefined && isExpired(item, now)) options.inbox.close(item, "expired", "its time was over");
      }
      for (const question of Object.values(questions.asked)) {
        if (!isPast(question, now) || !isMine(question)) continue;
        if (store.state.ended[question.id] !== undefined || standing(question.id)?.state !== "expired") continue;
        // Nobody is asked later what its asker is told now to be over.
        if (question.queued === true && !options.neverSent(question.id)) continue;
        timeOver(question);
      }
    },
    standing,
    list: () =>
      Object.keys(questions.asked)
        .flatMap((id) => standing(id) ?? [])
        .filter(({ question }) => isMine(question) || isForMe(question))
        .map(toState)
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    state: toState,
    onChange: (fn) => (listeners.add(fn), () => void listeners.delete(fn)),
  };
}

function isPast(question: AskedQuestion, now: number): boolean {
  return now > (deadlineOf(question, question.stamp) ?? Infinity);
}

/** How a question ended, in words; `me` is who reads them. */
export function endWords({ state, answer }: QuestionStanding, me: string): string {
  if (state === "withdrawn") return "the question was withdrawn";
  if (state === "expired") return "its time was over";
  if (state === "refused") return "all who were asked refused to answer";
  if (answer === undefined) return "it is open";
  return answer.from === me ? "you answered it" : `@${answer.from} answered first`;
}

/** The answer to a question as its asker is told it. */
export function outcomeWords({ question, answer }: QuestionStanding): string {
  if (answer === undefined) return "";
  return `The question "${harmlessLine(question.form.text, QUOTED)}" was answered: ${answerWords(question.form, answer.answer)} by @${answer.from} (person)`;
}

function span(ms: number): string {
  const s = Math.max(1, Math.round(ms / 1_000));
  if (s < 120) return `${s} s`;
  return s < 7_200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3_600)} h`;
}
