// What was said: from the journal's end backwards, however long it is, and one's own events that wait.
import { type Line, type RequestArgs, type Results, roleOf } from "@agora/ipc/messages";
import { compareStamps, formatAddress, isForPersonAlone, kindOf, ok, readHead, type Result } from "@agora/protocol";
import type { OwnEvent } from "../kernel/delivery.ts";
import { type HistoryLine, type HistoryRecord, isRestamp } from "../kernel/record.ts";
import { createRestamps } from "../kernel/restamps.ts";
import { allSent } from "../deliveries/slice.ts";
import { deliveriesOf } from "../kernel/outbox/own-event.ts";
import { isPerson } from "../controls/permissions.ts";
import { recordToLine, toLine } from "../kernel/line.ts";
import { findThread } from "../kernel/thread-lookup.ts";
import type { Context } from "./context.ts";

const MAX_LIMIT = 1_000;
/** Lines read back for one before which others were asked for; beyond, the answer says there may be more. */
const MAX_READ = 200_000;
const MAX_STATUS_EVENTS = 20;

type Asked = RequestArgs<"history">;
type Answer = Result<Results["history"], "unknown-thread" | "ambiguous">;

/** The last `limit` lines, by stamp; with a name or a thread only theirs. */
export function history(room: Context, args: Omit<Asked, "search">): Answer {
  const gathering = gather(room, args);
  if (!gathering.ok) return gathering;
  const { look, isEnough, answer } = gathering.value;
  let read = 0;
  for (const { value } of room.store.history.back()) {
    if (isEnough() || (read += 1) > MAX_READ) return answer(true);
    look(value);
  }
  return answer(false);
}

/** Whether `args` select few lines of many: those are searched for, not read one by one. */
export function isSearch({ search, thread, channel, with: name }: Asked): boolean {
  return [search, thread, channel, name].some((word) => word !== undefined && word !== "");
}

/** As `history`, of all that was ever said: a segment at a time, so that the daemon goes on serving. */
export async function searchHistory(room: Context, args: Asked): Promise<Answer> {
  const gathering = gather(room, args);
  if (!gathering.ok) return gathering;
  const { look, isEnough, answer, texts } = gathering.value;
  for (const entries of room.store.history.holding(texts)) {
    if (isEnough()) return answer(true); // before anything of the next segment is read
    for (const { value } of entries) {
      if (isEnough()) return answer(true);
      look(value);
    }
    await new Promise((resolve) => setTimeout(resolve));
  }
  return answer(false);
}

interface Gathering {
  readonly look: (line: HistoryLine) => void;
  readonly isEnough: () => boolean;
  readonly answer: (more: boolean) => Answer;
  /** What a line of the journal holds that has to be looked at. */
  readonly texts: readonly string[];
}

/** Takes lines from the newest on, keeps those that are asked for, and puts them in order. */
function gather(room: Context, args: Asked): Result<Gathering, "unknown-thread" | "ambiguous"> {
  const limit = Math.max(1, Math.min(args.limit, MAX_LIMIT));
  const thread = args.thread === undefined ? undefined : findThread(room.store, args.thread);
  if (thread !== undefined && !thread.ok) return thread;
  const channel = args.channel?.replace(/^#/, "").toLowerCase();
  if (channel !== undefined && args.via !== undefined && isPerson(args.via)) room.channels.read(channel);
  const name = args.with?.replace(/^@/, "").toLowerCase();
  const { search } = args;
  const isOfThread = (id: string): boolean => thread === undefined || id === thread.value.id;
  let isReached = args.before === undefined;
  const isForModel = args.via !== undefined && roleOf(args.via) === "agent";
  const wanted = (line: HistoryRecord): boolean =>
    kindOf(line.kind).silent !== true &&
    !(isForModel && isForPersonAlone(line.to, room.me)) &&
    isOfThread(line.thread) &&
    (channel === undefined || line.channel === channel) &&
    (search === undefined || holds(line.text, search)) &&
    (name === undefined ||
      (line.author === name && ((line.to.length === 0 && args.direct !== true) || addresses(line, room.me))) ||
      (line.author === room.me && addresses(line, name)));
  const restamps = createRestamps();
  const records: HistoryRecord[] = [];
  const toShown = (record: HistoryRecord): Line[] => {
    const stamp = restamps.of(record)?.stamp ?? record.stamp;
    const line = recordToLine({ ...record, stamp }, room.me, (id) => room.files.stateOf(id));
    return line === undefined ? [] : [room.hooks.line(line)];
  };
  // Asked before the journal is read: what gets its stamp meanwhile would be found in neither.
  const waiting = Object.values(room.store.state.outbox)
    .flatMap((own) => queuedLine(room, own))
    .filter((l) => !(isForModel && isForPersonAlone(l.to.map(formatAddress), room.me)))
    .filter((l) => isOfThread(l.thread) && (name === undefined || l.to.some((a) => a.member === name)))
    .filter((l) => channel === undefined || l.channel === channel)
    .filter((l) => search === undefined || holds(l.text, search));
  return ok({
    isEnough: () => records.length >= limit,
    texts: [
      ...textsOf({ search, thread: thread?.value.id, channel, name }),
      // A search for words goes by the first places: to look for all others as well would double what it costs.
      ...(search === undefined || search === "" ? ['{"restamp'] : []),
      ...(args.before === undefined ? [] : [`"id":${JSON.stringify(args.before).slice(0, -1)}`]),
    ],
    look(line) {
      if (!isRestamp(line)) {
        if (isReached && wanted(line)) records.push(line);
        else if (line.id === args.before) isReached = true;
      } else restamps.note(line);
    },
    answer(more) {
      const lines = records.flatMap(toShown);
      lines.sort((a, b) => compareStamps(a.stamp ?? "", b.stamp ?? "") || (a.id < b.id ? -1 : 1));
      if (args.before !== undefined) return ok({ lines, more });
      const found = new Set(lines.map((l) => l.id));
      return ok({ lines: [...lines, ...waiting.filter((l) => !found.has(l.id))].slice(-limit), more });
    },
  });
}

/** Whether a text holds the words, in whatever Unicode form either was typed. */
function holds(text: string, words: string): boolean {
  return text.includes(words) || text.normalize("NFC").includes(words.normalize("NFC"));
}

/** What the most selective of some conditions leaves in a line of the journal; without the closing quote, see `holding`. */
function textsOf(asked: {
  readonly search: string | undefined;
  readonly thread: string | undefined;
  readonly channel: string | undefined;
  readonly name: string | undefined;
}): readonly string[] {
  const within = (text: string): string => JSON.stringify(text).slice(1, -1);
  // As it was typed, and in both forms: what two people type alike may be other bytes.
  if (asked.search !== undefined && asked.search !== "")
    return [...new Set([asked.search, asked.search.normalize("NFC"), asked.search.normalize("NFD")])].map(within);
  if (asked.thread !== undefined) return [`"thread":"${within(asked.thread)}`];
  if (asked.name !== undefined) return [`"author":"${within(asked.name)}`, `"@${within(asked.name)}`];
  return [`"channel":"${within(asked.channel ?? "")}`];
}

function addresses(line: HistoryRecord, name: string): boolean {
  return line.to.some((a) => a === `@${name}` || a.startsWith(`@${name}/`));
}

function queuedLine(room: Context, own: OwnEvent): Line[] {
  if (own.state !== "queued" || own.sealed === undefined) return [];
  const head = readHead(own.sealed.head);
  return head.ok && kindOf(head.value.kind).silent !== true
    ? [toLine({ head: head.value, body: own.sealed.body }, own.at, room.me, undefined, room.files.stateOf(own.id))]
    : [];
}

/** Where one's own events are: the latest directed ones, or those whose id begins with `id`. */
export function ownEvents(room: Context, id: string | undefined): Results["status"]["events"] {
  const word = id?.replace(/^#/, "").toLowerCase();
  return allSent(room.store.state)
    .filter((own) =>
      word === undefined
        ? Object.keys(own.recipients).length > 0 || own.state === "queued"
        : own.id.startsWith(word) || own.thread.startsWith(word),
    )
    .slice(-MAX_STATUS_EVENTS)
    .reverse()
    .map((own) => {
      const reason = own.reason ?? room.outbox.waits(own.id);
      const file = room.files.stateOf(own.id);
      return {
        id: own.id,
        thread: own.thread,
        text: own.preview,
        at: own.at,
        state: own.state,
        ...(reason === undefined ? {} : { reason }),
        deliveries: deliveriesOf(own),
        ...(file === undefined ? {} : { file }),
      };
    });
}
