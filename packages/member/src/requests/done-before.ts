// A request that is repeated after its daemon died: what it had said is on the disk under the caller's id, so it is not said again,
// what was to follow is made up for, and the answer is the one that the first would have had.
import type { IpcCode, RequestArgs, Session } from "@agora/ipc";
import { fail, ok, type OpenEvent, type Result } from "@agora/protocol";
import { answerOf } from "../questions/fold.ts";
import type { Seat } from "../seats/fold.ts";
import { wholeOf } from "../kernel/outbox/own-event.ts";
import { pickedBy } from "../questions/picked-by.ts";
import { whatBecame } from "../kernel/post.ts";
import type { Room } from "../room.ts";
import { formFrom, howItStands } from "../questions/ask.ts";
import { titled } from "../decisions/requests.ts";
import type { DoneBefore } from "./once.ts";
import { answered, formAnswer } from "../questions/requests.ts";
import { rejected, rejectionText } from "../messages/reject.ts";

const DONE_BEFORE = fail(
  "reused",
  "That was done already, before the daemon was started anew: it was not done twice, and `status` shows it.",
);

type Answer = Promise<Result<unknown, IpcCode> | undefined>;

/** Creates the look-up. `seatOf` gives the room and the seat that a session speaks for. */
export function createDoneBefore(
  seatOf: (session: Session) => Promise<{ readonly room: Room; readonly seat: Seat | undefined }>,
): DoneBefore {
  return async (name, args, session): Answer => {
    const { room, seat } = await seatOf(session);
    const own = room.store.state.outbox[args.once];
    // `append` is a saying, which knows its own ids.
    if (own === undefined || name === "append") return undefined;
    const event = wholeOf(room.store, own);
    if (event === undefined) return DONE_BEFORE;
    switch (name) {
      case "decide":
        return decided(room, args as RequestArgs<"decide">, event);
      case "withdraw":
        return withdrawn(room, args as RequestArgs<"withdraw">, event);
      case "answer":
        return answeredBefore(room, args as RequestArgs<"answer">, event);
      case "reject":
        return rejectedBefore(room, args as RequestArgs<"reject">, event);
      case "ask":
        return asked(room, args as RequestArgs<"ask">, event, seat, (fn) => void session.onClose(fn));
      default:
        return DONE_BEFORE;
    }
  };
}

/** Whether a word of the request can mean one of these: the beginning of an id, or "last". */
function means(word: string, ...ids: readonly string[]): boolean {
  const prefix = word.replace(/^#/, "").toLowerCase();
  return prefix === "last" || ids.some((id) => id.startsWith(prefix));
}

async function decided(room: Room, { text }: RequestArgs<"decide">, { head, body }: OpenEvent): Answer {
  if (head.kind !== "decision" || body !== JSON.stringify(titled(text.trim()))) return DONE_BEFORE;
  const posted = await whatBecame(room, head.id);
  return posted.ok ? ok({ id: head.id, thread: head.thread, state: posted.value.state }) : posted;
}

async function withdrawn(room: Room, { question }: RequestArgs<"withdraw">, { head }: OpenEvent): Answer {
  const { about } = head;
  if (about?.how !== "retracts" || !means(question, about.id, head.thread)) return DONE_BEFORE;
  const posted = await whatBecame(room, head.id);
  return posted.ok ? ok({ id: about.id, state: posted.value.state }) : posted;
}

async function answeredBefore(room: Room, args: RequestArgs<"answer">, event: OpenEvent): Answer {
  const { about, id, thread } = event.head;
  const given = answerOf(event);
  const now = about === undefined ? undefined : room.questions.standing(about.id);
  if (given === undefined || now === undefined || !means(args.question, about!.id, thread)) return DONE_BEFORE;
  const meant = args.words === undefined ? ok(formAnswer(args)) : pickedBy(now.question.form, args.words);
  if (!meant.ok || JSON.stringify(meant.value) !== event.body) return DONE_BEFORE;
  const posted = await whatBecame(room, id);
  return posted.ok ? ok(answered(room, now, id, given, posted.value)) : posted;
}

async function rejectedBefore(room: Room, args: RequestArgs<"reject">, { head, body }: OpenEvent): Answer {
  const { about, id, thread, to } = head;
  const isMeant = about?.how === "rejects" && body === rejectionText(args) && means(args.thread, about.id, thread);
  if (!isMeant) return DONE_BEFORE;
  const posted = await whatBecame(room, id);
  if (!posted.ok) return posted;
  const item = room.store.state.inbox[about.id];
  if (item !== undefined) rejected(room, item, args);
  return ok({ thread, id, to: to.map(({ member }) => member), state: posted.value.state });
}

async function asked(
  room: Room,
  args: RequestArgs<"ask">,
  { head, body }: OpenEvent,
  seat: Seat | undefined,
  ended: (fn: () => void) => void,
): Answer {
  const form = formFrom(args);
  if (head.kind !== "question" || !form.ok || JSON.stringify(form.value) !== body) return DONE_BEFORE;
  const { id, thread, to, expires = 0 } = head;
  const posted = await whatBecame(room, id);
  if (!posted.ok) return posted;
  const names = [...new Set(to.map(({ member }) => member))];
  return howItStands(room, { id, thread, to: names, expires, ...posted.value, notes: [] }, args, seat, ended);
}
