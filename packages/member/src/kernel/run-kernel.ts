// Makes a kernel run: the link to its relay, and everything that comes by it.
import { createLink, memoryRelayPins } from "@agora/link";
import { compareStamps, type Joined, NO_RELAY_KEY, ok, type Welcome } from "@agora/protocol";
import { believedLimits } from "./believed-limits.ts";
import { connectionWords } from "./connection-state.ts";
import { createDiskTrouble } from "./disk-trouble.ts";
import { createFrameRouter } from "./frame-router.ts";
import { createKeeping } from "./keeping.ts";
import { createGuest } from "./guest.ts";
import type { Kernel, KernelState } from "./kernel.ts";
import { createReceiptsHeard } from "./outbox/receipts-heard.ts";
import { giveUpUndelivered } from "./outbox/undelivered.ts";
import { createOwnPresence } from "./own-presence.ts";
import { createReceive } from "./receive.ts";
import { createToldAgain } from "./told-again.ts";

const TICK_MS = 1_000;

/** A kernel that can be started. */
export interface Running {
  /** Dials. */
  start(): void;
  stop(): void;
}

/** Wires the link; all features have to be there. */
export function runKernel(kernel: Kernel, state: KernelState): Running {
  const { options, world, store, clock, log, hooks, members, outbox, settings, me, room, roomTime, notices, tell } =
    kernel;
  const relayPins = options.relayPins ?? memoryRelayPins();
  state.relayKey = () => {
    const { key } = relayPins.known();
    return key === NO_RELAY_KEY ? undefined : key;
  };
  const presence = createOwnPresence({
    hooks,
    collect: world.facts,
    more: options.facts,
    clock,
    send: (facts) => void kernel.link().send({ type: "presence", room, facts }),
  });
  state.facts = presence.facts;
  state.factsSoon = presence.tellSoon;

  const receive = createReceive({ ...kernel, kept: createKeeping(kernel) });
  const trouble = createDiskTrouble({
    clock,
    leave: () => kernel.link().stop(),
    join: () => kernel.link().start(),
    reconcile: () => receive.reconcile(),
    tell(isFull) {
      const sentence = `The disk does not take what arrives: make room in ${options.folder.path}; nothing is confirmed meanwhile.`;
      if (isFull) notices.set("disk", sentence);
      else notices.forget("disk");
    },
  });
  store.onTrouble(trouble);
  const undelivered = giveUpUndelivered({
    store,
    days: settings.undeliveredMaxAgeDays,
    clock,
    log,
    isJoined: () => kernel.link().state.at === "joined",
    changed: tell.receipts,
  });
  state.givenUp = () => undelivered.sentences();
  const router = createFrameRouter({
    ...kernel,
    receive,
    receiptsHeard: createReceiptsHeard(kernel),
    laterVerifier: options.laterVerifier,
    toldLater: createToldAgain(clock, (member) => {
      kernel.receipts.tell(member);
      hooks.tell((h) => h.tellAgain?.(member));
    }),
    trouble,
  });
  const guest = createGuest({
    ...kernel,
    token: settings.token,
    relay: settings.relay.origin,
    signer: options.signer,
    inviteKeys: options.inviteKeys,
    now: () => roomTime.now(),
    before: store.state.letIn,
    keepToken(grant, invite) {
      store.in({ op: "let-in", invite, grant });
      return options.keepToken?.(grant) ?? Promise.resolve(ok(undefined));
    },
    changed: tell.connection,
  });
  state.inLobby = (base) => guest.connection(base);
  const joined = (welcome: Welcome, told: Joined): void => {
    if (told.lobby === true) return guest.joined(told);
    state.limits = believedLimits(welcome.limits);
    state.grant = told.grant;
    store.begin(told.stamp);
    members.replace(told.members);
    outbox.joined(state.limits);
    hooks.tell((h) => h.joined?.(welcome, told));
  };
  const lost = (why: string): void => {
    outbox.lost(why);
    members.clear();
    undelivered.lost();
    hooks.tell((h) => h.lost?.());
  };

  const link = createLink({
    url: settings.relay.url,
    identity: {
      origin: settings.relay.origin,
      room,
      name: me,
      get token() {
        return guest.token();
      },
      client: `agora/${options.version}`,
      signer: options.signer,
      verifier: options.verifier,
    },
    relayPins,
    dial: options.dial,
    ...(world.timersMayLag === undefined ? {} : { timersMayLag: world.timersMayLag }),
    clock,
    log,
    random: kernel.random,
    around: () => ({
      after: latest(store.state.stamp, store.state.begin), // [STAMP-6]
      facts: presence.facts(),
      controls: [],
      ...hooks.shown(),
    }),
    events: {
      joined,
      room: (frame) => (guest.isWaiting() ? guest.hear(frame) : router.hear(frame)),
      chunk: router.chunk,
      state(now) {
        if (now.at === "joining") {
          roomTime.heard(now.welcome.time);
          state.features = now.welcome.features ?? []; // known before the relay lets this member in, or does not
        }
        if (now.at !== "joined") lost(connectionWords(now));
        tell.connection();
      },
    },
  });
  state.link = {
    ...link,
    get state() {
      return link.state;
    },
    get unsent() {
      return link.unsent;
    },
    // From the lobby nothing goes to the room.
    send: (frame) => (frame.type === "knock" || !guest.isWaiting()) && link.send(frame),
    sendChunk: (frame) => !guest.isWaiting() && link.sendChunk(frame),
  };
  return {
    start() {
      receive.reconcile();
      hooks.tell((h) => h.begin?.());
      clock.every(TICK_MS, () => hooks.tell((h) => h.tick?.()));
      if (hooks.out() === undefined) kernel.link().start();
    },
    stop() {
      kernel.link().stop();
      router.end();
      hooks.tell((h) => h.end?.());
      kernel.end();
    },
  };
}

function latest(a: string, b: string): string {
  return compareStamps(a, b) > 0 ? a : b;
}
