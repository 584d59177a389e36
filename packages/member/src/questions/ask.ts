// Asking people: the form, whom it is for, and waiting for how it ends.
import { type RequestArgs, type Results, roleOf } from "@agora/ipc/messages";
import {
  type Address,
  fail,
  harmlessLine,
  MAX_CHOICES,
  ok,
  QUESTION,
  type Question,
  questionSchema,
  type Result,
} from "@agora/protocol";
import type { Seat } from "../seats/fold.ts";
import type { AskedQuestion } from "./fold.ts";
import { post } from "../kernel/post.ts";
import { resolveRecipients } from "../kernel/recipients.ts";
import { findThread } from "../kernel/thread-lookup.ts";
import { isPerson } from "../controls/permissions.ts";
import { busiest } from "../seats/busiest.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Inbox } from "../inbox/feature.ts";
import type { QuestionKeeper } from "./keeper.ts";

/** What these requests use. */
export type Context = Kernel & { readonly inbox: Inbox; readonly questions: QuestionKeeper };

type Code =
  | "unknown-recipient"
  | "unknown-thread"
  | "ambiguous"
  | "empty"
  | "not-allowed"
  | "disk"
  | "stopped"
  | "bad-request"
  | "key-changed";

const PREVIEW = 200;
/** Without a time of its own a question waits for a day; none waits longer than a month. */
const DEFAULT_TIMEOUT_S = 86_400;
const MAX_TIMEOUT_S = 30 * 86_400;
/** Own questions that are open at once: far below what is remembered of one author. */
const MAX_OPEN = 30;

/** Asks people, and waits for how it ends when that is wanted. [QUESTION-1] */
export async function ask(
  room: Context,
  args: RequestArgs<"ask">,
  seat: Seat | undefined,
  ended: (fn: () => void) => void,
): Promise<Result<Results["ask"], Code>> {
  const role = roleOf(args.via);
  const form = formFrom(args);
  if (!form.ok) return form;
  const whom = whomToAsk(room, args);
  if (!whom.ok) return whom;
  const { to, notes } = whom.value;
  const speaks = role === "agent" ? (seat ?? busiest(room)) : seat;
  const before = speaks === undefined ? undefined : askedBefore(room, form.value, to, speaks);
  if (before !== undefined) {
    const { id, thread, expires = 0 } = before;
    const reason = room.outbox.waits(id);
    const posted = reason === undefined ? { state: "relayed" as const } : { state: "queued" as const, reason };
    const again = ["You asked this before, and it is open: it was not asked again."];
    return howItStands(room, { id, thread, to: namesOf(to), expires, ...posted, notes: again }, args, seat, ended);
  }
  if (room.questions.list().filter(({ mine, state }) => mine && state === "open").length >= MAX_OPEN)
    return fail("not-allowed", `${MAX_OPEN} questions of yours wait already: withdraw one, or wait for an answer.`);
  const thread = args.thread === undefined ? undefined : findThread(room.store, args.thread);
  if (thread?.ok === false) return thread;
  const timeoutS = args.timeoutS ?? DEFAULT_TIMEOUT_S;
  if (timeoutS > MAX_TIMEOUT_S) return fail("bad-request", "A question waits for 30 days at most.");
  const expires = room.clock.now() + Math.round(timeoutS * 1_000);
  const event = room.events.make({
    role,
    kind: "question",
    must: true,
    to,
    body: JSON.stringify(form.value),
    media: QUESTION,
    expires,
    seat: speaks,
    thread: thread?.value.id,
    id: args.once,
  });
  const names = namesOf(to);
  const others = names.filter((name) => name !== room.me);
  const posted = await post(room, event, others, harmlessLine(form.value.text, PREVIEW), () =>
    room.questions.queued(event),
  );
  if (!posted.ok) return posted;
  const { id, thread: at } = event.head;
  return howItStands(room, { id, thread: at, to: names, expires, ...posted.value, notes }, args, seat, ended);
}

const namesOf = (to: readonly Address[]): readonly string[] => [...new Set(to.map(({ member }) => member))];

/** The open question that the same session asked the same people in the same words: a model that repeats itself means that one. */
function askedBefore(
  room: Context,
  form: Question,
  to: readonly Address[],
  speaks: Seat,
): Pick<AskedQuestion, "id" | "thread" | "expires"> | undefined {
  const words = JSON.stringify([form, namesOf(to)]);
  return room.questions
    .list()
    .filter(({ mine, state, seat }) => mine && state === "open" && seat === speaks.seat)
    .flatMap(({ id }) => room.questions.standing(id)?.question ?? [])
    .find((asked) => JSON.stringify([asked.form, namesOf(asked.to)]) === words);
}

/** How an asked question stands, after a while when that is wanted. */
export async function howItStands(
  room: Context,
  asked: Results["ask"],
  { waitS = 0 }: RequestArgs<"ask">,
  seat: Seat | undefined,
  ended: (fn: () => void) => void,
): Promise<Result<Results["ask"], Code>> {
  const { id } = asked;
  if (waitS > 0) await endOf(room, id, waitS * 1_000, ended);
  const standing = room.questions.standing(id);
  if (standing?.answer !== undefined || standing?.state === "expired" || standing?.state === "refused")
    wasTold(room, id, seat);
  return ok({ ...asked, ...(standing === undefined ? {} : { question: room.questions.state(standing) }) });
}

/** The form that is meant, or what is wrong with it. */
export function formFrom(args: RequestArgs<"ask">): Result<Question, "empty" | "bad-request"> {
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
  room: Context,
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
function endOf(room: Context, id: string, ms: number, ended: (fn: () => void) => void): Promise<void> {
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
function wasTold(room: Context, question: string, seat: Seat | undefined): void {
  for (const item of Object.values(room.store.state.inbox)) {
    if (item.answers !== question || item.outcome !== true || item.handed !== undefined) continue;
    if (seat !== undefined) room.inbox.handed(item, seat.seat, "tool");
    room.inbox.seen(item);
  }
}
