// The handler map of the ipc: one entry per request, each a few lines over the room.
import type { ConnectionState, Handlers, IpcCode, Results, Session } from "@agora/ipc";
import { isNewer } from "@agora/home/version-order";
import { fail, harmlessLine, newId, ok, type Result } from "@agora/protocol";
import { waitsForPerson } from "./inbox/fold.ts";
import type { Seat } from "./seats/fold.ts";
import type { Room } from "./kernel/room.ts";
import { type IsRunning, watchClient } from "./seats/client-watch.ts";
import { listChains, more } from "./chains/requests.ts";
import { channel, channels } from "./channels/requests.ts";
import { control, controlsOf, grant } from "./controls/requests.ts";
import { decide, decisions } from "./decisions/requests.ts";
import { history, isSearch, ownEvents, searchHistory } from "./messages/history.ts";
import { accept, inbox } from "./inbox/requests.ts";
import { createDoneBefore } from "./kernel/done-before.ts";
import { doingOnce } from "./kernel/once.ts";
import { ping } from "./ping/requests.ts";
import { ask } from "./questions/ask.ts";
import { answer, questions, withdraw } from "./questions/requests.ts";
import { permitted } from "./kernel/permitted.ts";
import { append, reject, say } from "./messages/say.ts";
import { wait } from "./inbox/wait.ts";
import { watch } from "./messages/watch.ts";
import { who } from "./presence/who.ts";

/** What the handlers need besides the room. */
export interface Host {
  readonly room: () => Promise<Room>;
  readonly version: string;
  readonly startedAt: number;
  /** Where there are no processes. */
  readonly pid?: number;
  /** Tells whether a client's process lives; without it none is looked for. */
  readonly isRunning?: IsRunning;
  /** Leaves the room for good and ends the daemon after the answer. */
  readonly leave: () => Promise<void>;
  /** Leaves the place to a successor of that version after the answer; without it there is none. */
  readonly handOver?: (to: string) => Promise<void>;
  /** Serves the console and gives the address that opens it; without it there is none. */
  readonly console?: () => Promise<Result<Results["console"], IpcCode>>;
}

/** What a member says it is busy with, characters. */
const MAX_DOING = 200;

const NOT_ATTACHED = fail("bad-request", "This session has no seat yet: attach first.");

/** The handlers; each waits until the room is ready. */
export function createHandlers(host: Host): Handlers {
  const seatOf = async (session: Session): Promise<{ room: Room; seat: Seat | undefined }> => {
    const room = await host.room();
    return { room, seat: room.seats.of(session) };
  };
  const handlers: Handlers = {
    ready: async ({ timeoutMs }, session) => ready(await host.room(), timeoutMs, session),
    async say(args, session) {
      const { room, seat } = await seatOf(session);
      const id = args.id ?? newId();
      if (args.file !== undefined) tellFile(room, id, session);
      return say(room, { ...args, id }, seat);
    },
    async who(args) {
      return ok(who(await host.room(), args));
    },
    async whoami(_, session) {
      const { room, seat } = await seatOf(session);
      const grant = room.grant();
      return ok({
        name: room.me,
        key: room.myKey,
        room: room.room,
        relay: room.relay,
        mode: room.brakes().mode,
        ...(seat === undefined ? {} : { seat: seat.seat }),
        ...(grant === undefined ? {} : { grant }),
      });
    },
    inbox: async (args) => ok(inbox(await host.room(), args)),
    async accept(args, session) {
      const { room, seat } = await seatOf(session);
      return accept(room, args, seat);
    },
    async reject(args, session) {
      const { room, seat } = await seatOf(session);
      return reject(room, args, seat);
    },
    async append(args, session) {
      const { room, seat } = await seatOf(session);
      return append(room, args, seat);
    },
    async mode({ mode }) {
      const room = await host.room();
      const now = room.brakes().mode;
      if (mode === undefined || mode === now) return ok({ mode: now, changed: false });
      await room.setMode(mode);
      return ok({ mode, changed: true });
    },
    async history(args) {
      const room = await host.room();
      return isSearch(args) ? searchHistory(room, args) : history(room, args);
    },
    async status({ id }) {
      const room = await host.room();
      const { mode, hopLimit } = room.brakes();
      const items = Object.values(room.store.state.inbox);
      return ok({
        daemon: {
          pid: host.pid ?? process.pid,
          version: host.version,
          startedAt: host.startedAt,
          project: room.project,
        },
        connection: room.connection(),
        mode,
        hopLimit,
        inbox: items.filter(waitsForPerson).length,
        queued: room.outbox.queued,
        seats: room.seats.facts(),
        events: ownEvents(room, id),
        notices: room.notices(),
        limits: room.limits(),
        rungs: room.seats.rungs(),
      });
    },
    async wait(args, session) {
      const { room, seat } = await seatOf(session);
      return ok(await wait(room, args, seat, (fn) => session.onClose(fn)));
    },
    async control(args) {
      return control(await host.room(), args);
    },
    async controls() {
      return ok(controlsOf(await host.room()));
    },
    async grant(args) {
      return grant(await host.room(), args);
    },
    async ask(args, session) {
      const { room, seat } = await seatOf(session);
      return ask(room, args, seat, (fn) => session.onClose(fn));
    },
    async answer(args) {
      return answer(await host.room(), args);
    },
    async questions(args) {
      return ok(questions(await host.room(), args));
    },
    async withdraw(args, session) {
      const { room, seat } = await seatOf(session);
      return withdraw(room, args, seat);
    },
    async decide(args) {
      return decide(await host.room(), args);
    },
    async decisions(args) {
      return ok(decisions(await host.room(), args));
    },
    async more(args) {
      return more(await host.room(), args);
    },
    async chains() {
      return ok({ chains: listChains(await host.room()) });
    },
    async channels() {
      return ok(channels(await host.room()));
    },
    async channel(args) {
      return channel(await host.room(), args);
    },
    async busy({ text }) {
      const room = await host.room();
      const doing = text === undefined || text.trim() === "" ? undefined : harmlessLine(text.trim(), MAX_DOING);
      room.setDoing(doing);
      return ok(doing === undefined ? {} : { text: doing });
    },
    async ping(args) {
      return ping(await host.room(), args);
    },
    async waiting({ session: id }) {
      const room = await host.room();
      const seat = room.seats.known(id);
      if (seat !== undefined) room.seats.waiting(seat.seat);
      return ok({});
    },
    async watch(args, session) {
      return ok(watch(await host.room(), args, session));
    },
    async trust({ name: word }) {
      const room = await host.room();
      const name = word.replace(/^@/, "").toLowerCase();
      const key = room.members.get(name)?.key;
      const pinned = room.pins.get(name)?.key;
      if (key === undefined)
        return fail("unknown-recipient", `@${name} is not here now: trust a new key while its owner is in the room.`);
      if (key === pinned) return ok({ name, key, changed: false });
      const saved = await room.pins.repin(name, key);
      if (!saved.ok) return fail("disk", saved.message);
      room.forgetNotice(`key:${name}`);
      return ok({ name, key, changed: true });
    },
    async console() {
      return host.console === undefined
        ? fail("not-allowed", "There is no console here: open it where the project's own daemon runs.")
        : host.console();
    },
    async stop() {
      const room = await host.room();
      await host.leave();
      return ok({ name: room.me, room: room.room });
    },
    async handOver({ version, again }) {
      const due = isNewer(version, host.version) || (again && version === host.version);
      if (!due || host.handOver === undefined) return ok({ leaving: false });
      await host.handOver(version);
      return ok({ leaving: true });
    },

    async attach({ client, session: id, pid }, session) {
      const room = await host.room();
      const state = seatState(room, room.seats.attach(session, client, id));
      if (host.isRunning !== undefined)
        watchClient(room.clock, session, pid, host.isRunning, () => room.seats.lose(session));
      return ok(state);
    },
    async resession({ session: id }, session) {
      const room = await host.room();
      const seat = room.seats.resession(session, id);
      return seat === undefined ? NOT_ATTACHED : ok(seatState(room, seat));
    },
    async prompt({ typed, poll }, session) {
      const { room, seat } = await seatOf(session);
      return seat === undefined ? NOT_ATTACHED : ok(room.seats.prompt(seat.seat, typed, poll));
    },
    async sign({ deliver, lost }, session) {
      const { room, seat } = await seatOf(session);
      return seat === undefined ? NOT_ATTACHED : ok(room.seats.sign(seat.seat, deliver, lost));
    },
    async turnEnd({ last, lost }, session) {
      const { room, seat } = await seatOf(session);
      return seat === undefined ? NOT_ATTACHED : ok(room.seats.turnEnd(seat.seat, last, lost));
    },
    async breakOff(_, session) {
      const { room, seat } = await seatOf(session);
      if (seat === undefined) return NOT_ATTACHED;
      room.seats.breakOff(seat.seat);
      return ok({});
    },
    async detach({ session: id }) {
      const room = await host.room();
      room.seats.end(id);
      return ok({});
    },
    async sessionStart({ client, session: id, source }) {
      const room = await host.room();
      // After /clear the new id belongs to a seat that goes on: its own process will say so. No text is given here: the
      // first prompt hands it, and would show it "again" otherwise.
      const seat = room.seats.known(id) ?? (source === "clear" ? undefined : room.seats.ensure(client, id));
      const state = seat === undefined ? { ...seatState(room, undefined), seat: client } : seatState(room, seat);
      return ok({ ...state, items: [], skipped: 0 });
    },
    async probeWake({ seat, word, timeoutS }) {
      const room = await host.room();
      const proof = await room.seats.probe(seat, word, timeoutS * 1000);
      return proof === undefined
        ? fail("bad-request", `There is no session ${seat} here now.`)
        : ok({ seat, ...proof });
    },
    async bringWord({ word }, session) {
      const { room, seat } = await seatOf(session);
      return seat === undefined ? NOT_ATTACHED : ok({ known: room.seats.bring(seat.seat, word) });
    },
    async awaitWake({ session: id }, session) {
      const room = await host.room();
      return ok(await room.seats.awaitWake(session, id));
    },
  };
  return permitted(doingOnce(handlers, createDoneBefore(seatOf)), host.room);
}

/** Files of which a session is told how far they are: the latest it said. */
const MAX_FOLLOWED = 20;
const followed = new WeakMap<Session, Set<string>>();

/** Tells the session how far a file is that it says. */
function tellFile(room: Room, id: string, session: Session): void {
  const ids = followed.get(session) ?? new Set();
  ids.add(id);
  if (ids.size > MAX_FOLLOWED) ids.delete(ids.values().next().value!);
  if (followed.has(session)) return;
  followed.set(session, ids);
  session.onClose(room.files.onProgress((file) => ids.has(file.id) && session.push({ push: "file", file })));
}

function seatState(room: Room, seat: Seat | undefined): Results["attach"] {
  const inbox = Object.values(room.store.state.inbox).filter(waitsForPerson).length;
  return {
    name: room.me,
    seat: seat?.seat ?? "",
    room: room.room,
    mode: room.brakes().mode,
    connection: room.connection(),
    inbox,
  };
}

/** Resolves when joined or refused for good, or with the reason why not yet when the time is over. */
function ready(
  room: Room,
  timeoutMs: number,
  session: Session,
): Promise<Result<Results["ready"], "refused" | "timeout">> {
  const settled = (): Result<Results["ready"], "refused" | "timeout"> | undefined => {
    const now: ConnectionState = room.connection();
    if (now.state === "joined")
      return ok({
        name: room.me,
        room: room.room,
        relay: room.relay,
        mode: room.brakes().mode,
        online: room.members.online(),
        ...relayKeyOf(room),
      });
    if (now.state === "refused") return fail("refused", now.reason ?? "The relay refused us.");
    return isDefinite(now) ? fail("refused", now.reason ?? "The relay refused us.") : undefined;
  };
  const first = settled();
  if (first !== undefined) return Promise.resolve(first);
  return new Promise((resolve) => {
    const finish = (result: Result<Results["ready"], "refused" | "timeout">): void => {
      off();
      cancel();
      resolve(result);
    };
    const off = room.onConnection(() => {
      const result = settled();
      if (result !== undefined) finish(result);
    });
    const cancel = room.clock.after(timeoutMs, () =>
      finish(
        fail(
          "timeout",
          `Not joined yet, and going on trying: ${room.connection().reason ?? "the relay does not answer."}`,
        ),
      ),
    );
    session.onClose(() => finish(fail("timeout", "The asker went away.")));
  });
}

/** Name taken, room full: the link comes back later, but a person who starts wants to know now. */
function relayKeyOf(room: Room): Pick<Results["ready"], "relayKey"> {
  const relayKey = room.relayKey();
  return relayKey === undefined ? {} : { relayKey };
}

function isDefinite(now: ConnectionState): boolean {
  return now.state === "connecting" && now.retryInMs !== undefined && now.retryInMs >= 15_000;
}
