// Wires one live room: all the parts around one store and one link. What a room is stands in room.ts, what requests may do
// in `handlers/`.
import { createLink, type Link, memoryRelayPins } from "@agora/link";
import { scopedClock } from "@agora/ports/clock";
import { compareStamps, DEFAULT_LIMITS, type GrantRole, type Limits, NO_RELAY_KEY } from "@agora/protocol";
import { type Receive, createReceive } from "./kernel/receive.ts";
import { type InboxDispatcher, type ReplyLimits, createInboxDispatcher } from "./inbox/dispatcher.ts";
import { createEventFactory } from "./kernel/event-factory.ts";
import { type ChainKeeper, createChains } from "./chains/keeper.ts";
import { createChannels, type Channels } from "./channels/keeper.ts";
import { type Effects, createEffects } from "./kernel/effects.ts";
import { connectionOf, connectionWords } from "./kernel/connection-state.ts";
import { type Controls, createControls } from "./controls/keeper.ts";
import { createDiskTrouble } from "./kernel/disk-trouble.ts";
import { createFiles, type RoomFiles } from "./files/keeper.ts";
import { createFrameRouter } from "./kernel/frame-router.ts";
import { createHealing } from "./healing/keeper.ts";
import { createMembers } from "./kernel/members.ts";
import { findOperatorGrant, type GrantFor } from "./controls/operator-grant.ts";
import { createOutbox, type Outbox } from "./kernel/outbox/outbox.ts";
import { createOwnPresence } from "./kernel/own-presence.ts";
import { createQuestions, type QuestionKeeper } from "./questions/keeper.ts";
import { createStampIndex } from "./kernel/stamp-index.ts";
import { believedLimits } from "./kernel/believed-limits.ts";
import { createReceipts } from "./kernel/receipts.ts";
import { createToldAgain } from "./kernel/told-again.ts";
import { createReceiptsHeard } from "./kernel/outbox/receipts-heard.ts";
import type { Room, RoomOptions, RoomWorld } from "./kernel/room.ts";
import { createRoomListeners } from "./kernel/room-listeners.ts";
import { createRoomTime } from "./kernel/room-time.ts";
import { createSeats, type Seats } from "./seats/keeper.ts";
import { createRecentMessages } from "./messages/recent.ts";
import { giveUpUndelivered } from "./kernel/outbox/undelivered.ts";

const TICK_MS = 1_000;
/** Sentences for a person about what others do: the first ones stay, whoever goes on. */
const MAX_NOTICES = 20;

/** Wires a room in any world; `start` dials. */
export function createRoomIn(options: RoomOptions, world: RoomWorld): Room {
  const { store, log, pins, settings, folder, project, signer, random = Math.random } = options;
  const clock = scopedClock(options.clock);
  const me = project.name;
  const roomTime = createRoomTime({
    clock,
    off: store.state.clockOff,
    keep: (off) => void store.in({ op: "clock", off }),
  });
  let mode = settings.mode;
  let limits: Limits = DEFAULT_LIMITS;
  let grant: GrantRole | undefined;
  const notices = new Map<string, string>();
  const { on, tell } = createRoomListeners();

  let link: Link;
  const theLink = (): Link => link;
  const { owner } = options;
  const relayPins = options.relayPins ?? memoryRelayPins();
  /** Of a room without a root key of its own, the relay's key is the root. [GRANT-6] */
  const root = (): string | undefined => settings.root ?? owner?.root ?? relayKey();
  const relayKey = (): string | undefined => {
    const { key } = relayPins.known();
    return key === NO_RELAY_KEY ? undefined : key;
  };
  const brakes = (): ReplyLimits & { readonly chainBudget: number } => ({
    mode,
    hopLimit: settings.hopLimit,
    taskAgeMs: settings.taskAgeMs,
    chainBudget: settings.chainBudget,
    held: controls.brake()?.words,
  });
  const maxFileBytes = (): number => Math.min(limits.fileBytes, settings.maxFileBytes ?? limits.fileBytes);
  const inboxChanged = (): void => {
    seats.refresh();
    tell.inbox();
  };

  const receipts = createReceipts({
    store,
    link: theLink,
    room: settings.room,
    keyOf: (name) => (name === me ? signer.key : pins.get(name)?.key),
    clock,
    log,
  });
  const receiptsHeard = createReceiptsHeard({ store, pins, clock });
  const controls: Controls = createControls({
    store,
    verifier: options.verifier,
    root,
    room: settings.room,
    me,
    myKey: signer.key,
    keyOf: (name) => (name === me ? signer.key : pins.get(name)?.key),
    grantIdOf: (name, key) => members.grantIdOf(name, key),
    isOperator: (name, key) => isHereAs(name, key, "operator"),
    clock,
    roomTime,
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
    tell.controls();
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
  const mayControl = (): boolean => operatorGrant() !== undefined;
  const applyRate = (): void => {
    const rate = controls.rate();
    outbox.setRate(rate === undefined ? limits.rate : { agent: rate, user: rate });
  };
  const operatorGrant = (): string | undefined =>
    findOperatorGrant([owner?.grant, store.state.grant, settings.token], grantFor());
  const grantFor = (): GrantFor => ({
    root: root(),
    verifier: options.verifier,
    room: settings.room,
    me,
    myKey: signer.key,
    now: roomTime.now(),
  });
  /** What a token of the relay's stands for: kept, if it is good. [GRANT-6] */
  const takeGrant = (jwt: string | undefined): void => {
    if (jwt === undefined || jwt === store.state.grant) return;
    const good = findOperatorGrant([jwt], grantFor());
    if (good !== undefined) store.in({ op: "grant", jwt });
  };
  const attention: InboxDispatcher = createInboxDispatcher({
    store,
    receipts,
    clock,
    roomTime,
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
    neverSent: (id) => outbox.giveUpIfOver(id),
    seats: () => seats.alive(),
    clock,
    roomTime,
    log,
  });
  const talk = createRecentMessages(store, me);
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
    roomTime,
    log,
    me,
    fileOf: (id) => files.stateOf(id),
    brake: () => controls.brake(),
    changed: () => factsSoon(),
  });
  const author = createEventFactory({ store, signer, verifier: options.verifier, me, room: settings.room, clock });
  const members = createMembers({
    me,
    myKey: signer.key,
    pins,
    came: store.state.came,
    noteCame: (came) => void store.in({ op: "came", ...came }),
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

  const consequences: Effects = createEffects({
    me,
    myKey: signer.key,
    store,
    pins,
    verifier: options.verifier,
    clock,
    roomTime,
    log,
    root,
    operatorGrant,
    parts: () => ({ attention, chains, channels, controls, files, members, questions, seats, talk }),
    tell,
    factsSoon: () => factsSoon(),
  });
  const outbox: Outbox = createOutbox({
    store,
    link: theLink,
    room: settings.room,
    clock,
    roomTime,
    log,
    kept: consequences.kept,
    ...("sign" in signer ? {} : { signer }),
    isInChannel: (channel, name) => channels.has(channel, name),
    *here() {
      for (const name of members.online()) {
        const presence = members.get(name);
        if (presence !== undefined && name !== me && members.isHere(name)) yield presence;
      }
    },
    voidSeq(refused) {
      const event = author.makeVoid(refused);
      if (event !== undefined) void outbox.queue(event, [], "");
    },
  });
  const places = createStampIndex(store, (text) => options.verifier.sha256(text));
  const arrivals: Receive = createReceive({
    store,
    pins,
    verifier: options.verifier,
    receipts,
    places,
    clock,
    roomTime,
    log,
    me,
    myKey: signer.key,
    room: settings.room,
    kept: consequences.kept,
    toInbox: consequences.addressed,
    controls,
    decided: consequences.decided,
    refusal: (head, stamp, by) => channels.refusal(head, stamp, by),
    isObserver: (name, key) => isHereAs(name, key, "observer"),
    service: consequences.service,
    isQueued: (id) => store.state.outbox[id]?.state === "queued",
    stamped: (id, stamp, late) => outbox.stamped({ type: "stamped", room: settings.room, id, stamp }, late),
    notice(key, sentence) {
      if (notices.has(key) || notices.size < MAX_NOTICES) notices.set(key, sentence);
    },
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

  const hearing = createFrameRouter({
    me,
    arrivals,
    channels,
    files,
    healing,
    members,
    outbox,
    receiptsHeard,
    laterVerifier: options.laterVerifier,
    receipts: tell.receipts,
    toldLater: createToldAgain(clock, (member) => {
      receipts.tell(member);
      files.cameBack(member);
    }),
    trouble: () => trouble(),
    log,
  });
  const trouble = createDiskTrouble({
    clock,
    leave: () => link.stop(),
    join: () => link.start(),
    reconcile: () => arrivals.reconcile(),
    tell(isFull) {
      const sentence = `The disk does not take what arrives: make room in ${folder.path}; nothing is confirmed meanwhile.`;
      if (isFull) notices.set("disk", sentence);
      else notices.delete("disk");
    },
  });

  link = createLink({
    url: settings.relay.url,
    identity: {
      origin: settings.relay.origin,
      room: settings.room,
      name: me,
      token: settings.token,
      client: `agora/${options.version}`,
      signer,
      verifier: options.verifier,
    },
    relayPins,
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
        limits = believedLimits(welcome.limits);
        grant = joined.grant;
        takeGrant(joined.grantToken);
        store.begin(joined.stamp);
        members.replace(joined.members);
        outbox.joined(limits);
        controls.adopt(joined.controls);
        applyRate();
        healing.joined(members.online());
      },
      room: hearing.hear,
      chunk: hearing.chunk,
      state(state) {
        if (state.at === "joining") roomTime.heard(state.welcome.time);
        if (state.at !== "joined") {
          outbox.lost(connectionWords(state));
          members.clear();
          healing.lost();
          undelivered.lost();
          files.lost();
        }
        tell.connection();
      },
    },
  });

  store.onTrouble(trouble);
  const undelivered = giveUpUndelivered({
    store,
    days: settings.undeliveredMaxAgeDays,
    clock,
    log,
    isJoined: () => link.state.at === "joined",
    changed: tell.receipts,
  });

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
    roomTime,
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
    relayKey,
    operatorGrant,
    mayControl,
    obey: (event, control) => consequences.obey(event, control),
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
        ...(world.notices?.() ?? []),
        ...undelivered.sentences(),
        ...(brake === undefined ? [] : [`${brake.words[0]!.toUpperCase()}${brake.words.slice(1)}.`]),
      ];
    },
    forgetNotice: (key) => void notices.delete(key),
    onConnection: on.connection,
    onLine: on.line,
    onControls: on.controls,
    onReceipts: on.receipts,
    onInbox: on.inbox,
    async setMode(next) {
      mode = next;
      const saved = await options.keepMode?.(next);
      if (saved?.ok === false) log.warn("mode-not-saved", { message: saved.message });
      attention.tick();
      factsSoon();
    },
    start() {
      arrivals.reconcile();
      channels.reconcile();
      clock.every(TICK_MS, () => {
        attention.tick();
        questions.tick();
        seats.refresh();
      });
      link.start();
    },
    stop() {
      link.stop();
      hearing.end();
      files.close();
      clock.end();
    },
  };
}

function latest(a: string, b: string): string {
  return compareStamps(a, b) > 0 ? a : b;
}
