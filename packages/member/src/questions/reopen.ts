// A question that somebody's revoked key decided is open again: it waits once more for this member's person, if that was asked.
import type { OpenEvent } from "@agora/protocol";
import type { InboxDispatcher } from "../inbox/inbox-dispatcher.ts";
import { deadlineOf } from "../kernel/deadline.ts";
import { itemOf } from "../kernel/keeping.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { eventOf } from "../kernel/record.ts";
import { searchedBack } from "../kernel/thread-lookup.ts";
import { isHeld } from "./disowned-fold.ts";
import { isAskedOf } from "./fold.ts";
import type { QuestionKeeper } from "./keeper.ts";

/** How much of the history's end is searched for the question, bytes. */
const MAX_SEARCHED = 16 * 1024 * 1024;

/** Takes back what an event did to questions that counts no more; doing it again changes nothing. [KEYCHAIN-4] */
export function reopen(
  { store, me, myKey, persons, clock }: Kernel,
  questions: Pick<QuestionKeeper, "standing">,
  inbox: Pick<InboxDispatcher, "addForPerson">,
  { head: { id, key, about } }: Pick<OpenEvent, "head">,
): void {
  if (isHeld(store.state.questions, id, key) && !store.in({ op: "question-disowned", id, key }).ok) return;
  const now = about === undefined ? undefined : questions.standing(about.id);
  if (now?.state !== "open" || Object.hasOwn(store.state.inbox, now.question.id)) return;
  if (!isAskedOf(now.question, { from: me, key: myKey, root: persons.root() })) return;
  const { question } = now;
  for (const { position, value } of searchedBack(store, [question.id], MAX_SEARCHED)) {
    const event = value.id === question.id && value.withheld === undefined ? eventOf(value) : undefined;
    if (event?.head.key !== question.key) continue;
    const expires = deadlineOf(event.head, question.stamp);
    const item = { ...itemOf(event, clock.now(), position), key: question.key, person: true, question: true } as const;
    inbox.addForPerson(expires === undefined ? item : { ...item, expires }, "a question to the person, open again");
    return;
  }
}
