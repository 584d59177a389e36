// Asking people, answering, and looking at what waits. Anybody asks; a person answers.
import { type QuestionState, type RequestArgs, type Results, roleOf, type Via } from "@agora/ipc/messages";
import {
  type Address,
  ANSWER,
  answerSchema,
  answerWords,
  fail,
  harmlessLine,
  MAX_CHOICES,
  misfitOf,
  ok,
  QUESTION,
  type Question,
  type QuestionAnswer,
  questionSchema,
  type Result,
  TEXT,
} from "@agora/protocol";
import type { AskedQuestion, QuestionStanding, Seat } from "@agora/room";
import { pickedBy } from "../picked-by.ts";
import { endWords } from "../questions.ts";
import { resolveRecipients } from "../recipients.ts";
import type { Room } from "../room.ts";
import { findThread } from "../thread-lookup.ts";
import { busiest, isPerson, whyBarred } from "./say.ts";

type Code =
  | "unknown-recipient"
  | "unknown-thread"
  | "ambiguous"
  | "empty"
  | "too-long"
  | "not-allowed"
  | "disk"
  | "stopped"
  | "bad-request"
  | "key-changed";

/** How long a request waits for the relay's stamp before it answers `queued`, milliseconds. */
const STAMP_WITHIN_MS = 1_500;
const PREVIEW = 200;
/** Without a time of its own a question waits for a day; none waits longer than a month. */
const DEFAULT_TIMEOUT_S = 86_400;
const MAX_TIMEOUT_S = 30 * 86_400;
/** Own questions that are open at once. */
const MAX_OPEN = 30;
/** Questions that have ended, as a view is given them. */
const MAX_LATELY = 30;

/** Asks people, and waits for how it ends when that is wanted. [QUESTION-1] */
export async function ask(
  room: Room,
  args: RequestArgs<"ask">,
  seat: Seat | undefined,
  ended: (fn: () => void) => void,
): Promise<Result<Results["ask"], Code>> {
  const role = roleOf(args.via);
  const barred = whyBarred(room, role);
  if (barred !== undefined) return barred;
  const form = formFrom(args);
  if (!form.ok) return form;
  if (room.questions.list().filter(({ mine, state }) => mine && state === "open").length >= MAX_OPEN)
    return fail("not-allowed", `${MAX_OPEN} questions of yours wait already: withdraw one, or wait for an answer.`);
  const whom = whomToAsk(room, args);
  if (!whom.ok) return whom;
  const { to, notes } = whom.value;
  const thread = args.thread === undefined ? undefined : findThread(room.store, args.thread);
  if (thread?.ok === false) return thread;
  const timeoutS = args.timeoutS ?? DEFAULT_TIMEOUT_S;
  if (timeoutS > MAX_TIMEOUT_S) return fail("bad-request", "A question waits for 30 days at most.");
  const expires = room.clock.now() + Math.round(timeoutS * 1_000);
  const event = room.author.make({
    role,
    kind: "question",
    must: true,
    to,
    body: JSON.stringify(form.value),
    media: QUESTION,
    expires,
    seat: role === "agent" ? (seat ?? busiest(room)) : seat,
    thread: thread?.value.id,
  });
  const names = [...new Set(to.map(({ member }) => member))];
  const queued = await room.outbox.queue(
    event,
    names.filter((name) => name !== room.me),
    harmlessLine(form.value.text, PREVIEW),
  );
  if (!queued.ok) return queued;
  const { id } = event.head;
  await room.outbox.settled(id, STAMP_WITHIN_MS);
  const own = room.store.state.outbox[id];
  if (own?.state === "rejected")
    return fail("not-allowed", `The relay refused it: ${own.reason ?? "no reason was given"}`);
  if (args.waitS !== undefined && args.waitS > 0) await endOf(room, id, args.waitS * 1_000, ended);
  const standing = room.questions.standing(id);
  if (standing?.answer !== undefined || standing?.state === "expired" || standing?.state === "refused")
    wasTold(room, id, seat);
  const waits = room.outbox.waits(id);
  return ok({
    id,
    thread: event.head.thread,
    to: names,
    expires,
    state: waits === undefined ? "relayed" : "queued",
    ...(waits === undefined ? {} : { reason: waits }),
    notes,
    ...(standing === undefined ? {} : { question: room.questions.state(standing) }),
  });
}

/** The form that is meant, or what is wrong with it. */
function formFrom(args: RequestArgs<"ask">): Result<Question, "empty" | "bad-request"> {
  const { text, choices = [], other, urgent, otherwise } = args;
  if (text.trim() === "") return fail("empty", "There is nothing to ask: write a text.");
  const pick = args.pick ?? (choices.length === 0 ? "text" : "one");
  if ((pick === "text") !== (choices.length === 0))
    return fail(
      "bad-request",
      pick === "text" ? "A question with choices is one of, or many of." : "There are no choices to pick from.",
    );
  if (choices.length > MAX_CHOICES) return fail("bad-request", `A question has ${MAX_CHOICES} choices at most.`);
  const form = questionSchema.safeParse({
    text,
    pick,
    ...(choices.length === 0
      ? {}
      : { choices: choices.map((choice, i) => ({ ...choice, id: choice.id ?? String(i + 1) })) }),
    ...(other === true && pick !== "text" ? { other } : {}),
    ...(urgent === true ? { urgent } : {}),
    ...(otherwise === undefined || otherwise.trim() === "" ? {} : { otherwise }),
  });
  if (form.success) return ok(form.data);
  const where = form.error.issues[0]?.path.join(".") ?? "";
  return fail(
    "bad-request",
    `The question does not hold: ${where === "" ? "its choices" : where} is too long, empty or there twice.`,
  );
}

/** Persons alone: those named, else the own one; what is urgent goes to the owner. */
function whomToAsk(
  room: Room,
  { to, urgent, via }: RequestArgs<"ask">,
): Result<{ readonly to: readonly Address[]; readonly notes: readonly string[] }, "unknown-recipient" | "key-changed"> {
  const human = room.human();
  if (to.length === 0 && isPerson(via) && human === room.me)
    return fail("unknown-recipient", "You would ask yourself: name whom you ask, as in `ask @bob …`.");
  const isOwnerKnown = urgent === true && human !== room.me && room.pins.get(human) !== undefined;
  const words = to.length > 0 ? to : [isOwnerKnown ? human : room.me];
  return resolveRecipients(
    words.map((word) => `${word.replace(/^@/, "").split("/")[0]}/person`),
    {
      me: room.me,
      myKey: room.myKey,
      members: room.members,
      keyOf: (name) => room.pins.get(name)?.key,
      mySeats: () => [],
    },
  );
}

/** Resolves when the question is open no more, or the time or the asker is gone. */
function endOf(room: Room, id: string, ms: number, ended: (fn: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      off();
      cancel();
      resolve();
    };
    const look = (): void => {
      const now = room.questions.standing(id);
      if (now !== undefined && now.state !== "open") end();
    };
    const off = room.questions.onChange(look);
    const cancel = room.clock.after(ms, end);
    ended(end);
    look();
  });
}

/** Who waited for the end of a question has it with the answer to the request: it is not handed a second time. */
function wasTold(room: Room, question: string, seat: Seat | undefined): void {
  for (const item of Object.values(room.store.state.inbox)) {
    if (item.answers !== question || item.outcome !== true || item.handed !== undefined) continue;
    if (seat !== undefined) room.attention.handed(item, seat.seat, "tool");
    room.attention.seen(item);
  }
}

/** A person's answer. [QUESTION-3] */
export async function answer(room: Room, args: RequestArgs<"answer">): Promise<Result<Results["answer"], Code>> {
  if (!isPerson(args.via))
    return fail("not-allowed", "A question to a person is answered by that person, not by an agent.");
  const barred = whyBarred(room, "user");
  if (barred !== undefined) return barred;
  const found = findQuestion(room, args.question, ({ forMe }) => forMe);
  if (!found.ok) return found;
  const { question, state } = found.value;
  if (state !== "open") return fail("not-allowed", `Too late: ${endWords(found.value, room.me)}.`);
  if (room.store.state.inbox[question.id]?.question !== true)
    return fail("not-allowed", "You have answered or refused it already; that is on its way.");
  const given = args.words === undefined ? ok(formAnswer(args)) : pickedBy(question.form, args.words);
  if (!given.ok) return given;
  const misfit = misfitOf(question.form, given.value);
  if (misfit !== undefined) return fail("bad-request", `This does not answer it: ${misfit}.`);
  if (!answerSchema.safeParse(given.value).success) return fail("too-long", "The answer is too long, or empty.");
  const to = answerTo(room, question);
  const event = room.author.make({
    role: "user",
    kind: "answer",
    to,
    body: JSON.stringify(given.value),
    media: ANSWER,
    thread: question.thread,
    about: { how: "answers", id: question.id },
  });
  const words = answerWords(question.form, given.value);
  const names = [...new Set(to.map(({ member }) => member))].filter((name) => name !== room.me);
  const queued = await room.outbox.queue(event, names, harmlessLine(words, PREVIEW));
  if (!queued.ok) return queued;
  const item = room.store.state.inbox[question.id];
  if (item !== undefined) room.attention.close(item, "answered");
  await room.outbox.settled(event.head.id, STAMP_WITHIN_MS);
  const waits = room.outbox.waits(event.head.id);
  const now = room.questions.standing(question.id) ?? found.value;
  return ok({
    id: event.head.id,
    question: room.questions.state(now),
    state: waits === undefined ? "relayed" : "queued",
    ...(waits === undefined ? {} : { reason: waits }),
    words,
  });
}

function formAnswer({ picked = [], text }: RequestArgs<"answer">): QuestionAnswer {
  return {
    ...(picked.length === 0 ? {} : { picked }),
    ...(text === undefined || text.trim() === "" ? {} : { text }),
  };
}

/** The session that asked, or the person who did, and the others who were asked: they learn that it is answered. [QUESTION-5] */
function answerTo(room: Room, { from, key, role, seat, to }: AskedQuestion): readonly Address[] {
  const asker: Address =
    role === "user"
      ? { member: from, key, person: true }
      : { member: from, key, ...(seat === undefined ? {} : { seat }) };
  const others = to.filter(({ member }) => member !== room.me && member !== from);
  return [asker, ...others];
}

/** All that waits, in both directions, and what ended lately. A model is not told what is for the person alone. [ADDRESS-2] */
export function questions(room: Room, { via }: { readonly via: Via }): Results["questions"] {
  const all = room.questions.list().filter(({ mine }) => mine || isPerson(via));
  const isWaiting = ({ forMe, state }: QuestionState): boolean => forMe && state === "open" && isPerson(via);
  return {
    waiting: all.filter(isWaiting),
    asked: all.filter((one) => one.mine && one.state === "open" && !isWaiting(one)),
    lately: all
      .filter(({ state }) => state !== "open")
      .toSorted((a, b) => (b.answer?.at ?? b.at) - (a.answer?.at ?? a.at))
      .slice(0, MAX_LATELY),
  };
}

/** The asker takes a question back; an agent only one that an agent asked. [QUESTION-6] */
export async function withdraw(
  room: Room,
  args: RequestArgs<"withdraw">,
  seat: Seat | undefined,
): Promise<Result<Results["withdraw"], Code>> {
  const found = findQuestion(room, args.question, ({ mine }) => mine);
  if (!found.ok) return found;
  const { question, state } = found.value;
  if (state !== "open") return fail("not-allowed", `There is nothing to withdraw: ${endWords(found.value, room.me)}.`);
  const role = roleOf(args.via);
  if (role === "agent" && question.role === "user") return fail("not-allowed", "The person asked this, not an agent.");
  const event = room.author.make({
    role,
    kind: "message",
    to: question.to,
    body: "withdrawn",
    media: TEXT,
    thread: question.thread,
    about: { how: "retracts", id: question.id },
    seat: role === "agent" ? (seat ?? busiest(room)) : seat,
  });
  const names = [...new Set(question.to.map(({ member }) => member))].filter((name) => name !== room.me);
  const queued = await room.outbox.queue(event, names, "a question withdrawn");
  if (!queued.ok) return queued;
  await room.outbox.settled(event.head.id, STAMP_WITHIN_MS);
  return ok({ id: question.id, state: room.outbox.waits(event.head.id) === undefined ? "relayed" : "queued" });
}

/** The one question that a word means: the beginning of its id or its thread's, or "last". */
function findQuestion(
  room: Room,
  word: string,
  isMeant: (question: QuestionState) => boolean,
): Result<QuestionStanding, "unknown-thread" | "ambiguous"> {
  const prefix = word.replace(/^#/, "").toLowerCase();
  const all = room.questions.list().filter(isMeant);
  const open = all.filter(({ state }) => state === "open");
  const begins = (id: string): boolean => prefix.length > 0 && id.startsWith(prefix);
  const byId = all.filter(({ id }) => begins(id));
  const byThread = open.filter(({ thread }) => begins(thread));
  const hits = prefix === "last" ? open.slice(-1) : byId.length > 0 ? byId : byThread;
  if (hits.length > 1)
    return fail("ambiguous", `"${harmlessLine(word, 40)}" can mean ${hits.length} questions: give more letters.`);
  const standing = hits[0] === undefined ? undefined : room.questions.standing(hits[0].id);
  return standing === undefined
    ? fail("unknown-thread", `No such question is known here: "${harmlessLine(word, 40)}". \`questions\` lists them.`)
    : ok(standing);
}
