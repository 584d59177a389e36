// `reject`: refuses what waits in the inbox, and says so to its author.
import { type RequestArgs, type Results, roleOf } from "@agora/ipc/messages";
import { type Address, fail, harmlessLine, ok, type Result, TEXT } from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import type { Seat } from "../seats/fold.ts";
import { post } from "../kernel/post.ts";
import { findItem } from "../kernel/thread-lookup.ts";
import { isPerson, whyBarred } from "../controls/permissions.ts";
import type { Context } from "./context.ts";
import type { SayCode } from "./place-in-room.ts";
import { PREVIEW_CHARS } from "./say.ts";

/** Its author; our own session that asked its person is told here. */
function rejectedTo(room: Context, { from, question }: Item, key: string | undefined): readonly Address[] {
  if (from === room.me) return question === true ? [{ member: room.me, key: room.myKey }] : [];
  return [{ member: from, ...(key === undefined ? {} : { key }) }];
}

/** Refuses what waits in the inbox, and says so to its author. */
export async function reject(
  room: Context,
  args: RequestArgs<"reject">,
  seat: Seat | undefined,
): Promise<Result<Results["reject"], SayCode>> {
  const item = findItem(room.store, args.thread);
  if (!item.ok) return item;
  const { id, thread, from } = item.value;
  if ((item.value.card ?? item.value.note) !== undefined) {
    // This daemon's own: a question is answered with no, a note was read, and nobody has to be told.
    if (!isPerson(args.via)) return fail("not-allowed", "What the daemon asks its person is for the person to say.");
    room.inbox.close(item.value, "rejected");
    return ok({ thread, id, to: [], state: "relayed" });
  }
  if (item.value.question === true && !isPerson(args.via))
    return fail("not-allowed", "A question to the person is theirs to answer or to refuse.");
  const barred = whyBarred(room, roleOf(args.via));
  if (barred !== undefined) return barred;
  const key = room.pins.get(from)?.key;
  const event = room.events.make({
    role: roleOf(args.via),
    kind: "message",
    to: rejectedTo(room, item.value, key),
    body: rejectionText(args),
    media: TEXT,
    thread,
    about: { how: "rejects", id },
    seat,
    id: args.once,
  });
  const others = item.value.question === true ? [from].filter((name) => name !== room.me) : [from];
  const posted = await post(room, event, others, harmlessLine(event.body, PREVIEW_CHARS));
  if (!posted.ok) return posted;
  rejected(room, item.value, args);
  return ok({ thread, id: event.head.id, to: [from], state: posted.value.state });
}

/** The words by which something is refused. */
export function rejectionText({ reason = "" }: Pick<RequestArgs<"reject">, "reason">): string {
  return reason.trim() === "" ? "rejected" : reason.trim();
}

/** A refusal is on the disk: what was refused waits no longer. */
export function rejected(room: Context, item: Item, { reason = "" }: Pick<RequestArgs<"reject">, "reason">): void {
  room.files.decline(item.id);
  room.inbox.close(item, "rejected", reason.trim() === "" ? undefined : harmlessLine(reason.trim(), 150));
}
