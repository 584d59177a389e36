// The room as the page knows it: signals filled by the backend, and what is derived from them.
import type { Delivery, FileProgress, Push, Results, Snapshot } from "@agora/ipc/messages";
import { compareStamps } from "@agora/protocol";
import { batch, computed, signal } from "@preact/signals";
import type { Asked, Backend, LinkState } from "./backend.ts";
import { addApart, addLines, EMPTY_BOOK, type LineBook, setReactions, type ShownLine, threadsOf } from "./line-book.ts";
import { memory, remember } from "./memory.ts";
import { isRead, reads, takeReads, unknownMarks } from "./read-state.ts";
import { rooms } from "./rooms.ts";

const FIRST_LINES = 200;
const MORE_LINES = 500;

export const link = signal<LinkState>("connecting");
/** Why the daemon can't be reached, if the hub could say. */
export const awayBecause = signal<string | undefined>(undefined);
export const book = signal<LineBook>(EMPTY_BOOK);

/** The first lines have arrived. */
export const isLoaded = signal(false);
export const who = signal<Results["who"] | undefined>(undefined);
export const inbox = signal<Results["inbox"]["items"]>([]);
/** All that waits for the person, as far as the daemon is of a version that lists it. */
export const attention = signal<Results["attention"] | undefined>(undefined);
export const status = signal<Results["status"] | undefined>(undefined);
export const whoami = signal<Results["whoami"] | undefined>(undefined);
export const controls = signal<Results["controls"] | undefined>(undefined);
export const invites = signal<Results["invites"] | undefined>(undefined);
/** Links for other devices of one's own that were made lately, and who asks by them. */
export const links = signal<Results["deviceLinks"]["links"]>([]);

/** Questions to people: waiting for this one, asked from here, ended recently. */
export const questions = signal<Results["questions"]>({ waiting: [], asked: [], lately: [] });
export const chains = signal<Results["chains"]["chains"]>([]);
const NONE = { m5: 0, m15: 0, h1: 0, d1: 0 };
/** Who does how much, seat by seat. */
export const activity = signal<Results["activity"]>({
  seats: [],
  room: { messages: NONE, turns: NONE },
  pairs: [],
});
/** What the room is for, and its repositories. */
export const card = signal<Results["card"] | undefined>(undefined);
export const channels = signal<Results["channels"]["channels"]>([]);

/** The delivery of our own events, by id; and files in transfer. */
export const deliveries = signal<ReadonlyMap<string, readonly Delivery[]>>(new Map());
export const progress = signal<ReadonlyMap<string, FileProgress>>(new Map());

/** How often the connection to the relay was restored while this page was open. */
export const reconnects = signal(0);

export const me = computed(() => who.value?.you ?? whoami.value?.name ?? "");
export const members = computed(() => who.value?.members ?? []);
export const threads = computed(() => threadsOf(book.value.room));

/** What was said in the room itself: channels have their own views. */
export const roomLines = computed(() => {
  const { room } = book.value;
  return room.some(({ channel }) => channel !== undefined) ? room.filter(({ channel }) => channel === undefined) : room;
});

/** The unread lines of the room itself, as far as they are loaded. */
export const unreadLines = computed(() => roomLines.value.filter((l) => !l.mine && !isRead(l)));
export const unread = computed(() => unreadLines.value.length);

/** By member, how much of what it said to this one is unread. */
export const unreadFrom = computed(() => {
  const counts = new Map<string, number>();
  for (const line of roomLines.value) {
    if (line.mine || isRead(line) || !line.to.some(({ member }) => member === me.value)) continue;
    counts.set(line.author, (counts.get(line.author) ?? 0) + 1);
  }
  return counts;
});

/** What others asked for: answers to our requests need nothing, and questions have their own view. */
export const requests = computed(() =>
  inbox.value.filter((item) => item.answers === undefined && item.kind !== "question"),
);

/** Everything waiting for the person, as the daemon counts it. */
export const waiting = computed(() => inbox.value.filter((item) => item.waits === true));
/** How much waits for the person: every count that the page shows of it. */
export const waits = computed(() => attention.value?.count ?? waiting.value.length);
export const mayOperate = computed(() => controls.value?.operator === true);

/** This browser is the member: it has no agent. */
export const isMember = signal(false);

let backend: Backend;
const lineListeners = new Set<(line: ShownLine) => void>();

/** Calls back for every line that arrives while the page is open. */
export function onNewLine(fn: (line: ShownLine) => void): void {
  lineListeners.add(fn);
}

/** Sets the backend that requests go to. */
export function useBackend(own: Backend): void {
  backend = own;
  isMember.value = own.kind === "member";
}

/** Makes a request; see ipc's own list. */
export const ask: Backend["request"] = (name, args) => backend.request(name, args);
export const upload: Backend["upload"] = (file, tell) => backend.upload(file, tell);
export const fileUrl: Backend["fileUrl"] = (id) => backend.fileUrl(id);
export const leave: Backend["leave"] = () => backend.leave();

/** Takes the state of the connection to the backend; `why` is a sentence for the person. */
export function takeLink(state: LinkState, why?: string): void {
  batch(() => {
    link.value = state;
    awayBecause.value = state === "away" ? why : undefined;
  });
  if (state === "open") void loadNewest();
}

async function loadNewest(): Promise<void> {
  // What was read is asked for, too: the state that tells it may come later, and all would seem new until then.
  const [answer, marks] = await Promise.all([ask("history", { limit: FIRST_LINES }), ask("reads", {})]);
  if (!answer.ok) return;
  if (marks.ok) {
    takeReads(marks.value.read);
    for (const [place, read] of unknownMarks(marks.value.read)) void ask("markRead", { place, read });
  }
  const { lines, more } = book.peek().room.length > 0 ? answer.value : await upToRead(answer.value);
  const known = book.peek();
  // After an absence, the newest lines may not reach back to the known ones: then the page starts over.
  const meets =
    known.room.length === 0 || lines.length < FIRST_LINES || known.room.some(({ id }) => id === lines[0]?.id);
  batch(() => {
    book.value = addLines(meets ? known : EMPTY_BOOK, lines, meets && known.room.length > 0 ? known.more : more);
    // Somebody's first look at a room: what was said before isn't news.
    if (memory.peek().readAt === 0) remember({ readAt: reads.peek()["*"] === undefined ? Date.now() : 1 });
    isLoaded.value = true;
  });
}

/** Lines loaded at the opening to reach the first unread one; of more, the oldest of these are begun at. */
const MAX_UNREAD_LINES = 2_000;

/** The newest lines, and older ones until the first unread is among them. */
async function upToRead(newest: Results["history"]): Promise<Results["history"]> {
  const mark = reads.peek()["*"];
  let all = newest;
  const isReached = (): boolean => {
    const first = all.lines.find(({ stamp, channel }) => stamp !== undefined && channel === undefined);
    return mark === undefined || first === undefined || compareStamps(first.stamp!, mark) <= 0;
  };
  while (all.more && all.lines.length < MAX_UNREAD_LINES && !isReached()) {
    const before = await ask("history", { limit: MORE_LINES, before: all.lines[0]!.id });
    if (!before.ok || before.value.lines.length === 0) break;
    all = { lines: [...before.value.lines, ...all.lines], more: before.value.more };
  }
  return all;
}

let loadingOlder: Promise<void> | undefined;

/** Loads what was said before the first line. */
export function loadOlder(): Promise<void> {
  return (loadingOlder ??= older().finally(() => {
    loadingOlder = undefined;
  }));
}

/** The daemon's order is that of coming: behind a first line that came late, all may be known, and what is new lies further back. */
async function older(): Promise<void> {
  let before = book.peek().room[0]?.id;
  while (before !== undefined && book.peek().more) {
    const answer = await ask("history", { limit: MORE_LINES, before });
    if (!answer.ok) return;
    const { lines, more } = answer.value;
    const known = new Set(book.peek().room.map(({ id }) => id));
    const isNews = lines.some(({ id }) => !known.has(id));
    book.value = addLines(book.peek(), lines, more && lines.length > 0);
    const next = lines[0]?.id;
    if (isNews || next === before) return;
    before = next;
  }
}

/** Loads the missing lines of a thread, a channel, or a conversation with a member. */
export async function loadApart(what: Omit<Asked<"history">, "limit">): Promise<void> {
  const answer = await ask("history", { limit: FIRST_LINES, ...what });
  if (answer.ok) book.value = addApart(book.peek(), answer.value.lines);
}

let arrived: ShownLine[] = [];

let shownAt = 0;

/** Lines that arrive closer together than this are shown together. */
const CLOSE_MS = 40;

/** A single line is shown at once; many in one frame are rendered together. */
function takeLine(line: ShownLine): void {
  arrived.push(line);
  for (const fn of lineListeners) fn(line);
  if (arrived.length > 1) return;
  const now = performance.now();
  if (now - shownAt > CLOSE_MS) showArrived();
  else if (document.hidden) setTimeout(showArrived, 50);
  else requestAnimationFrame(showArrived);
}

function showArrived(): void {
  if (arrived.length === 0) return;
  const lines = arrived;
  arrived = [];
  shownAt = performance.now();
  book.value = addLines(book.peek(), lines);
}

/** Takes a push from the backend. */
export function takePush(push: Push): void {
  switch (push.push) {
    case "line":
      return takeLine(push.line);
    case "file":
      progress.value = new Map(progress.peek()).set(push.file.id, push.file);
      if (push.file.step !== "receiving" && push.file.step !== "sending") void refreshLine(push.file.id);
      return;
    case "reactions":
      showArrived();
      book.value = setReactions(book.peek(), push);
      return;
    case "state":
      return takeState(push);
    case "rooms":
      rooms.value = { here: push.here, all: push.rooms };
      return;
    case "connection":
    case "controls":
    case "unread":
    case "grown":
    case "inbox":
    case "moved":
      return; // the state tells
  }
}

/** Reloads a line: its file has arrived, or waits for another reason. */
async function refreshLine(id: string): Promise<void> {
  showArrived();
  const known = book.peek().room.find((line) => line.id === id) ?? book.peek().apart.get(id);
  if (known === undefined) return;
  const answer = await ask("history", { limit: MORE_LINES, thread: known.thread });
  const line = answer.ok ? answer.value.lines.find((one) => one.id === id) : undefined;
  if (line !== undefined && book.peek().room.some((one) => one.id === id)) book.value = addLines(book.peek(), [line]);
}

let wasJoined = false;

function takeState(push: Snapshot): void {
  batch(() => {
    if (push.who !== undefined) {
      const before = who.peek()?.connection.state;
      // A member's page exists before its first connection, which doesn't count as a reconnect.
      const cameBack = before !== undefined && before !== "joined" && push.who.connection.state === "joined";
      if (cameBack && (wasJoined || !isMember.peek())) reconnects.value += 1;
      wasJoined ||= push.who.connection.state === "joined";
      who.value = push.who;
    }
    if (push.inbox !== undefined) inbox.value = push.inbox.items;
    if (push.attention !== undefined) attention.value = push.attention;
    if (push.whoami !== undefined) whoami.value = push.whoami;
    if (push.controls !== undefined) controls.value = push.controls;
    if (push.invites !== undefined) invites.value = push.invites;
    if (push.deviceLinks !== undefined) links.value = push.deviceLinks.links;
    if (push.questions !== undefined) questions.value = push.questions;
    if (push.reads !== undefined) takeReads(push.reads.read);
    if (push.chains !== undefined) chains.value = push.chains.chains;
    if (push.activity !== undefined) activity.value = push.activity;
    if (push.card !== undefined) card.value = push.card;
    if (push.channels !== undefined) channels.value = push.channels.channels;
    if (push.status !== undefined) {
      status.value = push.status;
      takeDeliveries(push.status.events);
    }
  });
}

function takeDeliveries(events: Results["status"]["events"]): void {
  const next = new Map(deliveries.peek());
  for (const event of events) next.set(event.id, event.deliveries);
  deliveries.value = next;
}

/** Asks for the delivery of one of our own events that the regular state no longer includes. */
export async function askDeliveries(id: string): Promise<void> {
  const answer = await ask("status", { id });
  if (answer.ok) takeDeliveries(answer.value.events);
}
