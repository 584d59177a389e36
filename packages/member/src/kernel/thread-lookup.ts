// Finding what a person means by a thread: a whole id or any unique prefix, "last" for the newest open item.
import type { Entry } from "@agora/ports";
import { fail, type Head, kindOf, ok, type Result } from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import { NOWHERE } from "./delivery.ts";
import { eventOf, type HistoryRecord, isRestamp } from "./record.ts";
import type { Store } from "./store.ts";
import { foldThread, rememberThread, type Thread, type Threads } from "./threads.ts";

/** How much of the history's end is searched for a thread, bytes: some 90 ms, in which the daemon does nothing else. */
const MAX_SEARCHED = 64 * 1024 * 1024;
/** Lines of one thread that are looked at. */
const MAX_LINES = 5_000;
const ID_START = /^[0-9a-z]+$/;

/** The whole id of a thread (or of an event in it) that begins with `prefix`, and who takes part. */
export function findThread(
  store: Store,
  prefix: string,
): Result<{ readonly id: string; readonly thread: Thread }, "unknown-thread" | "ambiguous"> {
  const word = prefix.replace(/^#/, "").toLowerCase();
  if (!ID_START.test(word)) return fail("unknown-thread", "Which thread? Give its id, or the first letters of it.");
  const found = new Set<string>();
  for (const id of Object.keys(store.state.threads)) if (id.startsWith(word)) found.add(id);
  for (const item of Object.values(store.state.inbox))
    if (item.id.startsWith(word) || item.thread.startsWith(word)) found.add(item.thread);
  for (const own of Object.values(store.state.outbox))
    if (own.id.startsWith(word) || own.thread.startsWith(word)) found.add(own.thread);
  if (found.size === 0)
    for (const { value } of searchedBack(store, [`"thread":"${word}`, `"id":"${word}`], MAX_SEARCHED)) {
      if (found.size > 1 || found.has(word)) break;
      if (value.thread.startsWith(word) || value.id.startsWith(word)) found.add(value.thread);
    }
  if (found.size > 1)
    return fail("ambiguous", `"${prefix}" is the beginning of ${found.size} threads: give more letters.`);
  const id = [...found][0];
  if (id === undefined)
    return fail("unknown-thread", `No thread here begins with "${prefix}": \`inbox\` and \`history\` show the ids.`);
  const thread = wholeThread(store, id);
  // Without its readers a reply would go to the whole room, whoever the thread was with.
  return thread === undefined
    ? fail(
        "unknown-thread",
        "What was said in that thread is not kept here any more: address whom you mean, without it.",
      )
    : ok({ id, thread });
}

/** Who takes part, looked up once where the beginning is not remembered. */
function wholeThread(store: Store, id: string): Thread | undefined {
  const { threads } = store.state;
  const known = threads[id];
  if (known !== undefined && known.cut !== true) return known;
  const { thread, isAll } = rebuild(store, id);
  if (thread === undefined) return undefined;
  const { cut, ...whole } = thread;
  // A guess from the end of a long history is good for this once; and nobody of it being addressed, it might be private.
  if (cut === true && !isAll) return whole.members.length === 0 ? undefined : whole;
  rememberThread(threads, id, whole);
  return whole;
}

/** The open inbox item that a person means. */
export function findItem(store: Store, prefix: string): Result<Item, "unknown-thread" | "ambiguous"> {
  const items = Object.values(store.state.inbox);
  const word = prefix.replace(/^#/, "").toLowerCase();
  if (word === "last") {
    const last = items.findLast((i) => i.answers === undefined);
    return last === undefined ? fail("unknown-thread", "The inbox is empty.") : ok(last);
  }
  // A question is meant itself, whatever else has come in the thread that it began.
  const asked = items.find((i) => i.question === true && i.id === word);
  if (asked !== undefined) return ok(asked);
  const hits = items.filter((i) => i.thread.startsWith(word) || i.id.startsWith(word));
  const threads = new Set(hits.map((i) => i.thread));
  if (threads.size > 1)
    return fail(
      "ambiguous",
      `"${prefix}" is the beginning of ${threads.size} threads in the inbox: give more letters.`,
    );
  const newest = hits.at(-1);
  return newest === undefined
    ? fail("unknown-thread", `Nothing in the inbox begins with "${prefix}": \`inbox\` shows what waits.`)
    : ok(newest);
}

/** The events in the last `bytes` of the history whose line holds one of `texts`, newest first. */
export function* searchedBack(store: Store, texts: readonly string[], bytes: number): Iterable<Entry<HistoryRecord>> {
  for (const entries of store.history.holding(texts, store.history.end - bytes))
    for (const { position, value } of entries) if (!isRestamp(value)) yield { position, value };
}

/**
 * From the latest lines, its beginning, and what is still open however long ago it came; `isAll`: there is no more of the
 * history than was looked at.
 */
function rebuild(store: Store, id: string): { readonly thread: Thread | undefined; readonly isAll: boolean } {
  const heads = new Map<number, Head>();
  let isCapped = false;
  for (const { position, value } of searchedBack(store, [`"thread":"${id}`], MAX_SEARCHED)) {
    isCapped = heads.size >= MAX_LINES;
    if (isCapped) break;
    const head = value.thread === id ? eventOf(value)?.head : undefined;
    if (head !== undefined) heads.set(position, head);
  }
  const open = [...Object.values(store.state.inbox), ...Object.values(store.state.outbox)].flatMap((kept) =>
    kept.thread === id && kept.position !== undefined && kept.position !== NOWHERE ? [kept.position] : [],
  );
  for (const position of [...open, ...(isCapped ? beginning(store, id) : [])]) {
    const kept = heads.has(position) ? undefined : store.at(position);
    const head = kept === undefined ? undefined : eventOf(kept)?.head;
    if (head !== undefined) heads.set(position, head);
  }
  const inOrder = [...heads].sort(([a], [b]) => a - b).map(([, head]) => head);
  const said = inOrder.filter(({ kind }) => kindOf(kind).silent !== true);
  const threads: Threads = {};
  // What is silent says nothing; but where nothing else is left, it tells who took part.
  for (const head of said.length > 0 ? said : inOrder) foldThread(threads, head);
  return { thread: threads[id], isAll: !isCapped && store.history.end <= MAX_SEARCHED };
}

/** Where the event stands that a thread begins with. */
function* beginning(store: Store, id: string): Iterable<number> {
  for (const { position, value } of searchedBack(store, [`"id":"${id}`], MAX_SEARCHED))
    if (value.id === id) return yield position;
}
