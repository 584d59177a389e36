// What was said: from the journal's end backwards, or any stretch of it, however long it is; and one's own events that wait.
import type { Line, RequestArgs, Results } from "@agora/ipc/messages";
import { compareStamps, kindOf, ok, readHead, type Result } from "@agora/protocol";
import type { OwnEvent } from "../kernel/delivery.ts";
import { type HistoryLine, type HistoryRecord, isRestamp } from "../kernel/record.ts";
import { createRestamps } from "../kernel/restamps.ts";
import { allSent } from "../deliveries/slice.ts";
import { deliveriesOf } from "../kernel/outbox/own-event.ts";
import { isPerson } from "../controls/permissions.ts";
import { recordToLine, toLine } from "../kernel/line.ts";
import { inTurns } from "../kernel/steps.ts";
import { findThread } from "../kernel/thread-lookup.ts";
import type { Context } from "./context.ts";
import { channelOf, type Filter, filterOf } from "./history-filter.ts";
import { type Window, windowOf } from "./history-window.ts";

const MAX_LIMIT = 1_000;
/** Lines read one by one on each side; beyond, the answer says there may be more. */
const MAX_READ = 200_000;
/** And between two pauses, in which the daemon does what else there is. */
const PAUSE_EVERY = 2_000;
const MAX_STATUS_EVENTS = 20;

type Asked = RequestArgs<"history">;
type Answer = Result<Results["history"], "unknown-thread" | "unknown-message" | "ambiguous">;

/**
 * At most `limit` lines in the order of their stamps: the newest, or those of the stretch that is asked for. `more`: there may
 * be older ones; `newer`: there may be newer ones.
 */
export function history(room: Context, args: Asked): Promise<Answer> {
  return inTurns(historySteps(room, args));
}

/** The same in steps. */
export function* historySteps(room: Context, args: Asked): Generator<void, Answer> {
  const limit = Math.max(1, Math.min(args.limit, MAX_LIMIT));
  const thread = args.thread === undefined ? undefined : findThread(room.store, args.thread);
  if (thread !== undefined && !thread.ok) return thread;
  const filter = filterOf(args, room.me, thread?.value.id);
  // Asked before the journal is read: what gets its stamp meanwhile would be found in neither.
  const waiting = Object.values(room.store.state.outbox)
    .flatMap((own) => queuedLine(room, own))
    .filter((line) => filter.wantsWaiting(line));
  const window = yield* windowOf(room.store, args);
  if (!window.ok) return window;
  const { reads, end } = window.value;
  const isNewest = reads !== "around" && end === room.store.history.end;
  const channel = channelOf(args);
  const isSeen = args.peek !== true && args.via !== undefined && isPerson(args.via);
  const isReading = channel !== undefined && isNewest && isSeen;
  if (isReading && reads === "back") room.channels.read(channel);

  const gathering = new Gathering(filter);
  const { older, newer } = yield* read(room, window.value, gathering, limit);
  // From an old line on, the newest ones need not be among those that are given.
  if (isReading && reads === "on" && !newer) room.channels.read(channel);
  const lines = gathering.shown(room);
  const found = new Set(lines.map(({ id }) => id));
  const also = isNewest && !newer ? waiting.filter(({ id, at }) => !found.has(id) && at >= (args.since ?? 0)) : [];
  const all = reads === "on" ? [...lines, ...also].slice(0, limit) : [...lines, ...also].slice(-limit);
  return ok({ lines: all, more: older, ...(newer ? { newer } : {}) });
}

/** Lines that are asked for, and those that tell of another stamp. */
class Gathering {
  readonly records: HistoryRecord[] = [];
  readonly #filter: Filter;
  readonly #restamps = createRestamps();

  constructor(filter: Filter) {
    this.#filter = filter;
  }

  get filter(): Filter {
    return this.#filter;
  }

  look(line: HistoryLine): void {
    if (isRestamp(line)) this.#restamps.note(line);
    else if (this.#filter.wants(line)) this.records.push(line);
  }

  /** The lines as they are shown, in order. */
  shown(room: Context): Line[] {
    const lines = this.records.flatMap((record) => {
      const stamp = this.#restamps.of(record)?.stamp ?? record.stamp;
      const line = recordToLine({ ...record, stamp }, room.me, (id) => room.files.stateOf(id));
      return line === undefined ? [] : [room.hooks.line(line)];
    });
    return lines.sort((a, b) => compareStamps(a.stamp ?? "", b.stamp ?? "") || (a.id < b.id ? -1 : 1));
  }
}

interface Left {
  /** There may be lines before, and behind, those that were taken. */
  readonly older: boolean;
  readonly newer: boolean;
}

/** Reads a window until `limit` lines are gathered. */
function* read(room: Context, window: Window, gathering: Gathering, limit: number): Generator<void, Left> {
  const { history: journal } = room.store;
  const { start, end, at } = window;
  switch (window.reads) {
    case "back":
      return { older: yield* readBack(room, gathering, window, limit), newer: end < journal.end };
    case "on":
      return { older: start > 0, newer: yield* readOn(room, gathering, window, limit) };
    case "around": {
      const half = Math.ceil(limit / 2);
      const newer = yield* readOn(room, gathering, { start: at, end }, half);
      const older = yield* readBack(room, gathering, { start, end: at }, gathering.records.length + limit - half);
      return { older, newer: newer || end < journal.end };
    }
  }
}

type Stretch = Pick<Window, "start" | "end">;

/** Reads from a stretch's end back; whether it was left before its start. */
function* readBack(
  room: Context,
  gathering: Gathering,
  { start, end }: Stretch,
  most: number,
): Generator<void, boolean> {
  const { records, filter } = gathering;
  const { history: journal } = room.store;
  if (filter.isSelective) {
    // A search for words goes by the first places: to look for all others as well would double what it costs.
    const restamps = filter.isForWords ? [] : ['{"restamp'];
    for (const entries of journal.holding([...filter.texts, ...restamps], start, end)) {
      if (records.length >= most) return true; // before anything of the next segment is read
      for (const { position, value } of entries) {
        if (position >= end) continue;
        if (records.length >= most) return true;
        gathering.look(value);
      }
      yield;
    }
    return false;
  }
  let count = 0;
  for (const { position, value } of journal.back(end)) {
    if (position < start) return false;
    if (records.length >= most || (count += 1) > MAX_READ) return true;
    gathering.look(value);
    if (count % PAUSE_EVERY === 0) yield;
  }
  return false;
}

/** Reads a stretch from its start on; whether it was left before its end. */
function* readOn(room: Context, gathering: Gathering, { start, end }: Stretch, most: number): Generator<void, boolean> {
  let count = 0;
  for (const { position, value } of room.store.history.from(start)) {
    if (position >= end) return false;
    if (gathering.records.length >= most || (count += 1) > MAX_READ) return true;
    gathering.look(value);
    if (count % PAUSE_EVERY === 0) yield;
  }
  return false;
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
