// Decisions: recording one that nobody was asked for, and the list of all.
import type { DecisionState, RequestArgs, Results } from "@agora/ipc";
import {
  cutText,
  DECISION,
  type Decision,
  decisionSchema,
  fail,
  harmlessLine,
  MAX_DECISION_TITLE_CHARS,
  ok,
  type Result,
} from "@agora/protocol";
import { type Decided, decidedIn } from "../questions/fold.ts";
import { post } from "../kernel/post.ts";
import { findThread } from "../kernel/thread-lookup.ts";
import { isPerson } from "../controls/permissions.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { QuestionKeeper } from "../questions/keeper.ts";

/** What these requests use. */
export type Context = Kernel & { readonly questions: QuestionKeeper };

/** Decisions that one answer carries. */
const MAX_LIMIT = 200;

/** A person records a decision, for the whole room. [QUESTION-7] */
export async function decide(
  room: Context,
  args: RequestArgs<"decide">,
): Promise<Result<Results["decide"], "not-allowed" | "empty" | "too-long" | "disk" | "unknown-thread" | "ambiguous">> {
  const text = args.text.trim();
  if (text === "") return fail("empty", "There is nothing to record: write what was decided.");
  const thread = args.thread === undefined ? undefined : findThread(room.store, args.thread);
  if (thread?.ok === false) return thread;
  const body = decisionSchema.safeParse(titled(text));
  if (!body.success) return fail("too-long", "A decision has 4,000 characters at most.");
  const event = room.events.make({
    role: "user",
    kind: "decision",
    to: [],
    body: JSON.stringify(body.data),
    media: DECISION,
    thread: thread?.value.id,
    id: args.once,
  });
  const posted = await post(room, event, [], harmlessLine(body.data.title, MAX_DECISION_TITLE_CHARS));
  if (!posted.ok) return posted;
  const { id, thread: at } = event.head;
  return ok({ id, thread: at, state: posted.value.state });
}

/** The first line is the title; what is too long for one is the text as well. */
export function titled(text: string): Decision {
  const [first = "", ...rest] = text.split("\n");
  if (first.length > MAX_DECISION_TITLE_CHARS)
    return { title: `${cutText(first, MAX_DECISION_TITLE_CHARS - 1)}…`, text };
  const more = rest.join("\n").trim();
  return more === "" ? { title: first } : { title: first, text: more };
}

/** What was decided, newest first; a model is not told what only its person was asked. [ADDRESS-2] */
export function decisions(room: Context, { via, limit }: RequestArgs<"decisions">): Results["decisions"] {
  const most = Math.min(limit, MAX_LIMIT);
  const all = decidedIn(room.store.state.questions, room.roomTime.now(), Number.POSITIVE_INFINITY)
    .map((one) => toState(room, one))
    .filter(({ asked }) => asked === undefined || asked.mine || isPerson(via));
  return { decisions: all.slice(0, most), more: all.length > most };
}

function toState(room: Context, one: Decided): DecisionState {
  if (one.how === "decision") {
    const { id, thread, from, key, decision } = one.recorded;
    const { title, text } = decision;
    const at = room.roomTime.said({ ...one.recorded, mine: room.isMyKey(key) });
    return { id, thread, by: from, at, title, ...(text === undefined ? {} : { text }) };
  }
  const asked = room.questions.state(one.standing);
  const { id, from, key } = one.standing.answer;
  const at = room.roomTime.said({ ...one.standing.answer, mine: room.isMyKey(key) });
  return { id, thread: asked.thread, by: from, at, title: asked.answer?.words ?? "", asked };
}
