// Wires one live room: all the parts around one store and one link. What a room is stands in room.ts, what requests may do
// in `handlers/`.
import type { Line } from "@agora/ipc";
import { createLink, type Link } from "@agora/link";
import { scopedClock } from "@agora/ports/clock";
import {
  compareStamps,
  type Control,
  DEFAULT_LIMITS,
  type EventFrame,
  type FromRelay,
  type GrantRole,
  type Limits,
  type OpenEvent,
  openGrant,
} from "@agora/protocol";
import { budgetOf, type HistoryRecord, type Item, offerOf } from "@agora/room";
import { type Arrivals, createArrivals } from "./arrivals.ts";
import { type Attention, type Brakes, createAttention } from "./attention.ts";
import { createAuthor } from "./author.ts";
import { type ChainKeeper, createChains } from "./chains.ts";
import { createChannels, type Channels } from "./channels.ts";
import { createChecking, type Opened } from "./checking.ts";
import { connectionOf, connectionWords } from "./connection-state.ts";
import { type Controls, createControls } from "./controls.ts";
import { createFiles, type RoomFiles } from "./files/files.ts";
import type { Folder } from "./folder.ts";
import { createHealing } from "./healing.ts";
import { createMembers } from "./members.ts";
import { findOperatorGrant } from "./operator-grant.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createOwnPresence } from "./own-presence.ts";
import { withQuestion } from "./question-line.ts";
import { createQuestions, type QuestionKeeper } from "./questions.ts";
import { createPlaces } from "./places.ts";
import { createReceipts } from "./receipts.ts";
import { createReceiptsHeard } from "./receipts-heard.ts";
import type { Room, RoomOptions, RoomWorld } from "./room.ts";
import { createSeats, type Seats } from "./seats.ts";
import { isNew, isTalk } from "./state.ts";
import { createTalk, toLine } from "./talk.ts";

const TICK_MS = 1_000;
/** An interruption that comes later than this meets another turn than the one it was meant for. */
const AT_ONCE_MS = 60_000;
/** The disk refused: the link is left and joined anew after this, so that the relay's ring gives the events again. */
const DISK_RETRY_MS = 2_000;

/** Wires a room in any world; `start` dials. */
export function createRoomIn(
  options: Omit<RoomOptions, "folder"> & { readonly folder: Pick<Folder, "path"> },
  world: RoomWorld,
): Room {
  const { store, log, pins, settings, folder, project, signer, random = Math.random } = options;
  const clock = scopedClock(options.clock);
  const me = project.name;
  let mode = settings.mode;
  let limits: Limits = DEFAULT_LIMITS;
  let grant: GrantRole | undefined;
  const notices = new Map<string, string>();
  const listeners = {
    connection: new Set<() => void>(),
    line: new Set<(line: Line) => void>(),
    inbox: new Set<() => void>(),
    controls: new Set<() => void>(),
    receipts: new Set<() => void>(),
  };
  const on =
    <F>(set: Set<F>) =>
    (fn: F): (() => void) => (set.add(fn), () => void set.delete(fn));

  let link: Link;
  const theLink = (): Link => link;
  const { owner } = options;
  const root = settings.root ?? owner?.root;
  const brakes = (): Brakes & { readonly chainBudget: number } => ({
    mode,
    hopLimit: settings.hopLimit,
    taskAgeMs: settings.taskAgeMs,
    chainBudget: settings.chainBudget,
    held: controls.brake()?.words,
  });
  const maxFileBytes = (): number => Math.min(limits.fileBytes, settings.maxFileBytes ?? limits.fileBytes);
  const inboxChanged = (): void => {
    seats.refresh();
    for (const fn of listeners.inbox) fn();
  };

  const receipts = createReceipts({ store, link: theLink, room: settings.room, clock, log });
  const receiptsHeard = createReceiptsHeard({ store, pins, clock });
  const controls: Controls = createControls({
    store,
    verifier: options.verifier,
    root,
    room: settings.room,
    me,
    myKey: signer.key,
    isRelayLocal: settings.relay.loopback,
    keyOf: (name) => (name === me ? signer.key : pins.get(name)?.key),
    isOperator: (name, key) => isHereAs(name, key, "operator"),
    clock,
    log,
    changed: () => controlsChanged(),
  });
  const isHereAs = (name: string, key: string, role: GrantRole): boolean => {
    const presence = members.get(name);
    return presence?.key === key && presence.grant === role;
  };
  const controlsChanged = (): void => {
    attention.tick();
    if (controls.brake() === undefined) attention.unpause();
    applyRate();
    outbox.released();
    seats.refresh();
    for (const fn of listeners.controls) fn();
  };
  const channels: Channels = createChannels({
    store,
    link: theLink,
    room: settings.room,
    me,
    myKey: signer.key,
    members: () => members,
    controls,
    mayControl: () => mayControl(),
    log,
    clock,
    putOut(channel, by) {
      notices.set(`channel:${channel}`, `@${by} removed you from #${channel}: nothing of it comes here any more.`);
    },
    changed: () => seats.refresh(),
  });
  const mayControl = (): boolean => grant === "operator" || operatorGrant() !== undefined;
  const applyRate = (): void => {
    const rate = controls.rate();
    outbox.setRate(rate === undefined ? limits.rate : { agent: rate, user: rate });
  };
  const operatorGrant = (): string | undefined =>
    findOperatorGrant([owner?.grant, store.state.grant, settings.token], {
      root,
      verifier: options.verifier,
      room: settings.room,
      me,
      myKey: signer.key,
      now: clock.now(),
    });
  const attention: Attention = createAttention({
    store,
    receipts,
    clock,
    log,
    brakes,
    isBusy: (seat) => seats.isBusy(seat),
    chains: () => chains,
    heldBack: (name) => controls.heldBack(name),
    changed: inboxChanged,
  });
  const chains: ChainKeeper = createChains({
    store,
    budget: settings.chainBudget,
    me,
    myKey: signer.key,
    author: () => author,
    keyOf: (name) => pins.get(name)?.key,
    send: (event, to) => void outbox.queue(event, [to], "a question about a chain"),
    addCard: (item) => attention.addCard(item),
    clock,
    log,
  });
  const questions: QuestionKeeper = createQuestions({
    store,
    me,
    myKey: signer.key,
    attention: () => attention,
    receipts,
    seats: () => seats.alive(),
    clock,
    log,
  });
  const talk = createTalk(store, me);
  const files: RoomFiles = createFiles({
    store,
    me,
    room: settings.room,
    disk: world.files,
    settings,
    maxBytes: maxFileBytes,
    chunkBytes: () => limits.chunkBytes,
    isHere: (name) => members.isHere(name),
    isInChannel: (channel, name, key) => channels.has(channel, name) && channels.removalOf(channel, key) === undefined,
    isKnown(name, key) {
      const pin = pins.pin(name, key);
      return pin !== "changed" && pin !== "full";
    },
    link: theLink,
    clock,
    log,
    random,
  });
  const seats: Seats = createSeats({
    store,
    attention: () => attention,
    talk,
    clock,
    log,
    me,
    fileOf: (id) => files.stateOf(id),
    brake: () => controls.brake(),
    changed: () => factsSoon(),
  });
  const author = createAuthor({ store, signer, verifier: options.verifier, me, room: settings.room, clock });
  const members = createMembers({
    me,
    myKey: signer.key,
    pins,
    keep: world.keepPresence,
    clock,
    log,
    isPaused: (name) => controls.heldBack(name) !== undefined,
    cameBack(name) {
      const presence = members.get(name);
      if (presence === undefined || !members.isHere(name)) return;
      outbox.deliverTo(name, presence.key);
      receipts.tell(name);
      files.cameBack(name);
      healing.cameBack(name);
    },
  });

  const kept = (event: OpenEvent, record: HistoryRecord, position: number): void => {
    const { head } = event;
    members.heard(head.author);
    if (head.author === me) ownWord(event, record);
    if (head.channel !== undefined) channels.kept(event, record.stamp, position, record.late !== true);
    if (isTalk(head, me, record) && isNew(store.state, record.stamp, head.channel)) {
      talk.add(record, head, store.state.ordinal);
      seats.refresh();
    }
    const offer = offerOf(event);
    if (offer !== undefined && head.author !== me)
      files.kept(event, offer, !isNew(store.state, record.stamp, head.channel));
    if (head.author === me) toOwnSeats(event, position);
    questions.kept(event);
    const budget = record.withheld === undefined && head.role === "user" ? budgetOf(event) : undefined;
    if (budget !== undefined && budget.asks === undefined) attention.resume(budget.chain, budget.turns);
    const file = offer === undefined ? undefined : files.stateOf(head.id);
    if (head.kind !== "void" && head.kind !== "ping")
      for (const fn of listeners.line)
        fn(withQuestion(toLine(event, record.at, me, record.stamp, file, record.withheld), store, clock.now(), me));
  };
  /** An own control has its place: it holds here as everywhere. */
  const ownWord = (event: OpenEvent, record: HistoryRecord): void => {
    const control = event.head.kind === "control" ? controls.judge(event, true) : undefined;
    if (control !== undefined) obey(event, control, record.stamp);
  };
  const obeyed = new Set<string>();
  const obey = (event: OpenEvent, control: Control, stamp?: string): void => {
    controls.take(event, control, stamp);
    if (obeyed.has(event.head.id)) return;
    obeyed.add(event.head.id);
    decided(event, control);
  };
  /** What an operator's word is to do at once, here. */
  const decided = ({ head }: OpenEvent, { act, member, key, seat }: Control): void => {
    const isMe = key === undefined ? member === me : key === signer.key;
    if (act === "interrupt" && isMe) {
      const ended = seats.interrupt(
        seat,
        `an operator (@${head.author}) interrupted this session: its automatic turns ended`,
      );
      attention.interrupt(ended, "an operator interrupted the session");
      factsSoon();
    }
  };
  /** What is no news for the inbox. */
  const service = (event: OpenEvent, position: number): void => {
    const { head, body } = event;
    if (head.kind === "budget") return chains.asked(event, position);
    if (head.kind !== "grant" || root === undefined) return;
    const before = operatorGrant();
    const opened = openGrant(body, root, options.verifier, clock.now());
    const isMine = opened.ok && opened.value.key === signer.key && opened.value.grant === "operator";
    if (!isMine || before === body) return log.warn("grant-refused", { id: head.id });
    store.in({ op: "grant", jwt: body }); // [GRANT-8]
    for (const fn of listeners.controls) fn();
  };
  /** One of our sessions addressed another of ours: nothing comes back from the relay for that. */
  const toOwnSeats = ({ head, ...event }: OpenEvent, position: number): void => {
    const mine = head.to.find((a) => a.member === me);
    if (mine === undefined || head.kind === "void") return;
    const { seat, person } = mine;
    addressed(
      {
        id: head.id,
        thread: head.thread,
        from: me,
        role: head.role,
        at: clock.now(),
        hop: head.hop,
        chain: head.chain,
        position,
        ...(seat === undefined ? {} : { seat }),
        ...(person === undefined ? {} : { person }),
        ...(head.expires === undefined ? {} : { expires: head.expires }),
      },
      { head, ...event },
    );
  };
  /** What is addressed to this member: a question's business has its own ways. */
  const addressed = (item: Omit<Item, "state">, event: OpenEvent): void => {
    if (!questions.take(item, event)) attention.add(item, event);
  };
  /** What an operator says to this member is asked of it. */
  const toInbox = (event: OpenEvent, { seat }: Control, position: number): void => {
    const { id, thread, author: from, role, hop, chain } = event.head;
    const item = { id, thread, from, role, at: clock.now(), hop, chain, position };
    attention.add(seat === undefined ? item : { ...item, seat }, event);
  };
  const outbox: Outbox = createOutbox({
    store,
    link: theLink,
    room: settings.room,
    clock,
    log,
    kept,
    ...("sign" in signer ? {} : { signer }),
    isInChannel: (channel, name) => channels.has(channel, name),
    redeliver() {
      for (const name of members.online()) {
        const presence = members.get(name);
        if (presence !== undefined && name !== me && members.isHere(name)) outbox.deliverTo(name, presence.key);
      }
    },
    voidSeq(refused) {
      const event = author.makeVoid(refused);
      if (event !== undefined) void outbox.queue(event, [], "");
    },
  });
  const places = createPlaces(store, (text) => options.verifier.sha256(text));
  const arrivals: Arrivals = createArrivals({
    store,
    pins,
    verifier: options.verifier,
    receipts,
    places,
    clock,
    log,
    me,
    myKey: signer.key,
    room: settings.room,
    kept,
    toInbox: addressed,
    controls,
    decided(event, control, position, late) {
      // What was to happen at once, and is heard of long after, is over.
      if (!late || clock.now() - event.head.time < AT_ONCE_MS) decided(event, control);
      if (control.act === "inject" && control.key === signer.key) toInbox(event, control, position);
    },
    refusal: (head, stamp) => channels.refusal(head, stamp),
    isObserver: (name, key) => isHereAs(name, key, "observer"),
    service,
    isQueued: (id) => store.state.outbox[id]?.state === "queued",
    stamped: (id, stamp, late) => outbox.stamped({ type: "stamped", room: settings.room, id, stamp }, late),
    notice: (key, sentence) => notices.set(key, sentence),
  });

  const healing = createHealing({
    store,
    places,
    link: theLink,
    room: settings.room,
    me,
    myKey: signer.key,
    begin: () => store.state.begin,
    history: () => limits.history,
    channels,
    keyOf: (name) => (name === me ? signer.key : pins.get(name)?.key),
    isHere: (name) => members.isHere(name),
    online: () => members.online(),
    clock,
    log,
    random,
  });

  const presence = createOwnPresence({
    store,
    seats,
    collect: world.facts,
    mode: () => mode,
    more: options.facts,
    clock,
    send: (facts) => void link.send({ type: "presence", room: settings.room, facts }),
  });
  const factsSoon = (): void => presence.tellSoon();

  const checking =
    options.laterVerifier === undefined
      ? undefined
      : createChecking({
          verifier: options.laterVerifier,
          take: (frame, opened) => unharmed(() => takeEvent(frame, opened)),
        });
  const takeEvent = (frame: EventFrame, opened?: Opened): void => {
    const taken = arrivals.take(frame, opened);
    if (taken === "trouble") retryDisk();
    else if (taken === "kept" && frame.by !== undefined) healing.progress(frame.by);
  };

  const hear = (frame: FromRelay): void => {
    switch (frame.type) {
      case "event":
        return checking === undefined || frame.by === undefined ? takeEvent(frame) : checking.add(frame);
      case "stamped":
        return outbox.stamped(frame);
      case "refused":
        if (frame.to === undefined) outbox.refused(frame);
        return files.notPassed(frame);
      case "receipts":
        receiptsHeard.take(frame.from, frame.key, frame.items);
        members.heard(frame.from);
        for (const fn of listeners.receipts) fn();
        return;
      case "presence":
        members.update(frame.members);
        return askInChannels();
      case "file":
        return files.step(frame);
      case "heal":
        if (checking === undefined || frame.step !== "done") return healing.hear(frame);
        return checking.afterAll(() => unharmed(() => healing.hear(frame))); // "that is all" means: all was taken
      case "challenge":
      case "welcome":
      case "joined":
        return; // the session's own
    }
  };
  /** The channels that the room was told this member is in: their past is asked for as soon as it is. */
  let told: ReadonlySet<string> = new Set(channels.names());
  const askInChannels = (): void => {
    const now = new Set(members.get(me)?.channels);
    const came = [...now].filter((name) => !told.has(name) && channels.isIn(name));
    told = now;
    const there = members.online().filter((name) => name !== me && came.some((channel) => channels.has(channel, name)));
    if (there.length > 0) healing.ask(there);
  };
  /** A handler that throws is a mistake in this program: it costs one frame, not the daemon. */
  const unharmed = (handle: () => void): void => {
    try {
      handle();
    } catch (error) {
      log.warn("bug", { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  let isDiskFull = false;
  const retryDisk = (): void => {
    if (isDiskFull) return;
    isDiskFull = true;
    notices.set(
      "disk",
      `The disk does not take what arrives: make room in ${folder.path}; nothing is confirmed meanwhile.`,
    );
    link.stop();
    clock.after(DISK_RETRY_MS, () => {
      notices.delete("disk");
      isDiskFull = false;
      arrivals.reconcile(); // what is in the history, but whose item the disk did not take
      if (!isDiskFull) link.start();
    });
  };

  link = createLink({
    url: settings.relay.url,
    identity: {
      origin: settings.relay.origin,
      room: settings.room,
      name: me,
      token: settings.token,
      client: `agora/${options.version}`,
      signer,
    },
    dial: options.dial,
    ...(world.timersMayLag === undefined ? {} : { timersMayLag: world.timersMayLag }),
    clock,
    log,
    random,
    around: () => ({
      after: latest(store.state.stamp, store.state.begin), // [STAMP-6]
      facts: presence.facts(),
      grant: operatorGrant(),
      controls: Object.values(store.state.controls).map((c) => c.sealed),
      channels: channels.names(),
    }),
    events: {
      joined(welcome, joined) {
        limits = welcome.limits;
        grant = joined.grant;
        store.begin(joined.stamp);
        members.replace(joined.members);
        outbox.joined(limits);
        controls.adopt(joined.controls);
        applyRate();
        healing.joined(members.online());
      },
      room: (frame) => unharmed(() => hear(frame)),
      chunk: (frame) => unharmed(() => files.chunk(frame)),
      state(state) {
        if (state.at !== "joined") {
          outbox.lost(connectionWords(state));
          members.clear();
          healing.lost();
          files.lost();
        }
        for (const fn of listeners.connection) fn();
      },
    },
  });

  store.onTrouble(retryDisk);

  const connection = () => connectionOf(link.state, { relay: settings.relay.origin, room: settings.room, name: me });

  return {
    me,
    myKey: signer.key,
    project: project.path,
    room: settings.room,
    relay: settings.relay.origin,
    store,
    pins,
    clock,
    members,
    outbox,
    author,
    attention,
    seats,
    files,
    controls,
    channels,
    chains,
    questions,
    human: () => presence.facts().owner ?? me,
    owner,
    operatorGrant,
    mayControl,
    obey: (event, control) => obey(event, control),
    setDoing(text) {
      store.in({ op: "doing", ...(text === undefined ? {} : { text }) });
      factsSoon();
    },
    brakes,
    maxFileBytes,
    connection,
    limits: () => limits,
    grant: () => grant,
    notices() {
      const brake = controls.brake();
      return [
        ...notices.values(),
        ...(brake === undefined ? [] : [`${brake.words[0]!.toUpperCase()}${brake.words.slice(1)}.`]),
      ];
    },
    forgetNotice: (key) => void notices.delete(key),
    onConnection: on(listeners.connection),
    onLine: on(listeners.line),
    onControls: on(listeners.controls),
    onReceipts: on(listeners.receipts),
    onInbox: on(listeners.inbox),
    async setMode(next) {
      mode = next;
      const saved = await options.keepMode?.(next);
      if (saved?.ok === false) log.warn("mode-not-saved", { message: saved.message });
      attention.tick();
      factsSoon();
    },
    start() {
      arrivals.reconcile();
      clock.every(TICK_MS, () => {
        attention.tick();
        questions.tick();
        seats.refresh();
      });
      link.start();
    },
    stop() {
      link.stop();
      checking?.end();
      files.close();
      clock.end();
    },
  };
}

function latest(a: string, b: string): string {
  return compareStamps(a, b) > 0 ? a : b;
}
