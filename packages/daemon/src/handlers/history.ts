// What was said: from the journal's end backwards, however long it is, and one's own events that wait.
import type { Line, RequestArgs, Results } from "@agora/ipc";
import { compareStamps, ok, readHead, type Result } from "@agora/protocol";
import { type HistoryRecord, isRestamp, type OwnEvent } from "@agora/room";
import { deliveriesOf } from "../outbox.ts";
import type { Room } from "../room.ts";
import { recordToLine, toLine } from "../talk.ts";
import { findThread } from "../thread-lookup.ts";

const MAX_LIMIT = 1_000;
/** Lines read for a filtered history; beyond, the answer says there may be more. */
const MAX_READ = 200_000;
const MAX_STATUS_EVENTS = 20;

/** The last `limit` lines, by stamp; with a name or a thread only theirs. */
export function history(
  room: Room,
  args: RequestArgs<"history">,
): Result<Results["history"], "unknown-thread" | "ambiguous"> {
  const limit = Math.max(1, Math.min(args.limit, MAX_LIMIT));
  const thread = args.thread === undefined ? undefined : findThread(room.store, args.thread);
  if (thread !== undefined && !thread.ok) return thread;
  const name = args.with?.replace(/^@/, "").toLowerCase();
  const wanted = (line: HistoryRecord): boolean =>
    line.kind !== "void" &&
    (thread === undefined || line.thread === thread.value.id) &&
    (name === undefined ||
      (line.author === name && (line.to.length === 0 || addresses(line, room.me))) ||
      (line.author === room.me && addresses(line, name)));
  const lines: Line[] = [];
  const restamps = new Map<string, string>();
  let read = 0;
  let more = false;
  for (const { value } of room.store.history.back()) {
    if (lines.length >= limit || (read += 1) > MAX_READ) {
      more = true;
      break;
    }
    if (isRestamp(value)) {
      if (!restamps.has(value.restamp)) restamps.set(value.restamp, value.stamp);
      continue;
    }
    if (!wanted(value)) continue;
    const stamp = restamps.get(value.id) ?? value.stamp;
    const line = recordToLine({ ...value, stamp }, room.me, (id) => room.receiving.stateOf(id));
    if (line !== undefined) lines.push(line);
  }
  lines.sort((a, b) => compareStamps(a.stamp ?? "", b.stamp ?? "") || (a.id < b.id ? -1 : 1));
  const waiting = Object.values(room.store.state.outbox).flatMap((own) => queuedLine(room, own));
  const fitting = waiting.filter(
    (l) =>
      (thread === undefined || l.thread === thread.value.id) &&
      (name === undefined || l.to.some((a) => a.member === name)),
  );
  return ok({ lines: [...lines, ...fitting].slice(-limit), more });
}

function addresses(line: HistoryRecord, name: string): boolean {
  return line.to.some((a) => a === `@${name}` || a.startsWith(`@${name}/`));
}

function queuedLine(room: Room, own: OwnEvent): Line[] {
  if (own.state !== "queued" || own.sealed === undefined) return [];
  const head = readHead(own.sealed.head);
  return head.ok && head.value.kind !== "void"
    ? [toLine({ head: head.value, body: own.sealed.body }, own.at, room.me, undefined, room.receiving.stateOf(own.id))]
    : [];
}

/** Where one's own events are: the latest directed ones, or those whose id begins with `id`. */
export function ownEvents(room: Room, id: string | undefined): Results["status"]["events"] {
  const word = id?.replace(/^#/, "").toLowerCase();
  return Object.values(room.store.state.outbox)
    .filter((own) =>
      word === undefined
        ? Object.keys(own.recipients).length > 0 || own.state === "queued"
        : own.id.startsWith(word) || own.thread.startsWith(word),
    )
    .slice(-MAX_STATUS_EVENTS)
    .reverse()
    .map((own) => {
      const reason = own.reason ?? room.outbox.waits(own.id);
      return {
        id: own.id,
        thread: own.thread,
        text: own.preview,
        at: own.at,
        state: own.state,
        ...(reason === undefined ? {} : { reason }),
        deliveries: deliveriesOf(own),
      };
    });
}
