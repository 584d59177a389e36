// Answering questions, looking at what waits, and taking a question back. Anybody asks; a person answers.
import {
  type AttentionItem,
  type QuestionState,
  type RequestArgs,
  type Results,
  roleOf,
  type Via,
} from "@agora/ipc/messages";
import {
  type Address,
  ANSWER,
  answerSchema,
  answerWords,
  fail,
  harmlessLine,
  misfitOf,
  ok,
  type QuestionAnswer,
  type Result,
  TEXT,
} from "@agora/protocol";
import type { Seat } from "../seats/fold.ts";
import type { AskedQuestion, QuestionStanding } from "./fold.ts";
import { pickedBy } from "./picked-by.ts";
import { endWords } from "./keeper.ts";
import { post, type Posted } from "../kernel/post.ts";
import { isPerson } from "../controls/permissions.ts";
import { busiest } from "../seats/busiest.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Inbox } from "../inbox/feature.ts";
import type { QuestionKeeper } from "./keeper.ts";

/** What these requests use. */
export type Context = Kernel & { readonly inbox: Inbox; readonly questions: QuestionKeeper };

type Code = "unknown-thread" | "ambiguous" | "too-long" | "not-allowed" | "disk" | "bad-request";

const PREVIEW = 200;
/** Questions that have ended, as a view is given them. */
const MAX_LATELY = 30;

/** A person's answer. [QUESTION-3] */
export async function answer(room: Context, args: RequestArgs<"answer">): Promise<Result<Results["answer"], Code>> {
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
  const event = room.events.make({
    role: "user",
    kind: "answer",
    to,
    body: JSON.stringify(given.value),
    media: ANSWER,
    thread: question.thread,
    about: { how: "answers", id: question.id },
    id: args.once,
  });
  const words = answerWords(question.form, given.value);
  const names = [...new Set(to.map(({ member }) => member))].filter((name) => name !== room.me);
  const posted = await post(room, event, names, harmlessLine(words, PREVIEW), () => room.questions.queued(event));
  if (!posted.ok) return posted;
  return ok(answered(room, found.value, event.head.id, given.value, posted.value));
}

/** An answer that is on the disk: nothing waits for one any more, and what its sender is told. */
export function answered(
  room: Context,
  asked: QuestionStanding,
  id: string,
  given: QuestionAnswer,
  posted: Posted,
): Results["answer"] {
  const { question } = asked;
  const item = room.store.state.inbox[question.id];
  if (item?.question === true) room.inbox.close(item, "answered");
  const now = room.questions.standing(question.id) ?? asked;
  return { id, question: room.questions.state(now), ...posted, words: answerWords(question.form, given) };
}

export function formAnswer({ picked = [], text }: RequestArgs<"answer">): QuestionAnswer {
  return {
    ...(picked.length === 0 ? {} : { picked }),
    ...(text === undefined || text.trim() === "" ? {} : { text }),
  };
}

/** The session that asked, or the person who did, and the others who were asked: they learn that it is answered. [QUESTION-5] */
function answerTo(room: Context, { from, key, role, seat, to }: AskedQuestion): readonly Address[] {
  const asker: Address =
    role === "user"
      ? { member: from, key, person: true }
      : { member: from, key, ...(seat === undefined ? {} : { seat }) };
  const others = to.filter(({ member }) => member !== room.me && member !== from);
  return [asker, ...others];
}

/** All that waits, in both directions, and what ended lately. A model is not told what is for the person alone. [ADDRESS-2] */
export function questions(room: Context, { via }: { readonly via: Via }): Results["questions"] {
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

/** An own question that is open for so long is one that nobody answers, milliseconds. */
const LONG_MS = 10 * 60_000;

/** This member's own questions that nobody has answered for long, as attention lists them. */
export function unanswered(list: readonly QuestionState[], now: number, me: string): AttentionItem[] {
  return list
    .filter(({ mine, forMe, state, at }) => mine && !forMe && state === "open" && now - at > LONG_MS)
    .map(({ id, thread, seat, role, text, to, at, expires }) => ({
      id,
      kind: "unanswered",
      from: me,
      role,
      thread,
      text: harmlessLine(`${to.map((name) => `@${name}`).join(" ")} ${text}`.trim(), PREVIEW),
      since: at,
      ...(seat === undefined ? {} : { seat, blocks: [`${me}/${seat}`] }),
      ...(expires === undefined ? {} : { deadline: expires }),
    }));
}

/** The asker takes a question back; an agent only one that an agent asked. [QUESTION-6] */
export async function withdraw(
  room: Context,
  args: RequestArgs<"withdraw">,
  seat: Seat | undefined,
): Promise<Result<Results["withdraw"], Code>> {
  const found = findQuestion(room, args.question, ({ mine }) => mine);
  if (!found.ok) return found;
  const { question, state } = found.value;
  if (state !== "open") return fail("not-allowed", `There is nothing to withdraw: ${endWords(found.value, room.me)}.`);
  const role = roleOf(args.via);
  if (role === "agent" && question.role === "user") return fail("not-allowed", "The person asked this, not an agent.");
  const event = room.events.make({
    role,
    kind: "message",
    to: question.to,
    body: "withdrawn",
    media: TEXT,
    thread: question.thread,
    about: { how: "retracts", id: question.id },
    id: args.once,
    seat: role === "agent" ? (seat ?? busiest(room)) : seat,
  });
  const names = [...new Set(question.to.map(({ member }) => member))].filter((name) => name !== room.me);
  const posted = await post(room, event, names, "a question withdrawn");
  return posted.ok ? ok({ id: question.id, state: posted.value.state }) : posted;
}

/** The one question that a word means: the beginning of its id or its thread's, or "last". */
function findQuestion(
  room: Context,
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
