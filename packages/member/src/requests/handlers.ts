// The handlers of all requests: each is a feature's, or the process's around the member.
import { isNewer } from "@agora/user-config/version-order";
import type { Handlers, IpcCode, RequestName, Session } from "@agora/ipc";
import { requestsThat } from "@agora/ipc/requests";
import { fail, ok, type Result } from "@agora/protocol";
import { waitsForPerson } from "../inbox/fold.ts";
import { ownEvents } from "../messages/history.ts";
import type { Room } from "../room.ts";
import { type IsRunning, watchClient } from "../seats/client-watch.ts";
import type { Seat } from "../seats/fold.ts";
import { createDoneBefore } from "./done-before.ts";
import { doingOnce } from "./once.ts";
import { permitted } from "./permitted.ts";
import { ready } from "./ready.ts";
import { createStatePushes } from "./state-pushes.ts";

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
  /** The room's handlers, where some are answered otherwise. */
  readonly adapt?: (handlers: Handlers) => Handlers;
}

/** The requests that the process around a member answers, or has a part in. */
type OfTheProcess = "ready" | "whoami" | "status" | "attach" | "stop" | "handOver";

/** The handlers of all requests; each waits until the room is ready, and is let through by permitted.ts. */
export function createHandlers(host: Host): Handlers {
  const ofTheRoom = requestsThat(() => true).map((name) => [name, inRoom(host, name)] as const);
  const all: Handlers = { ...(Object.fromEntries(ofTheRoom) as unknown as Handlers), ...ofTheProcess(host) };
  const adapted = host.adapt?.(all) ?? all;
  const handlers: Handlers = { ...adapted, watchState: createStatePushes(adapted, host.room) };
  const seatOf = async (session: Session): Promise<{ room: Room; seat: Seat | undefined }> => {
    const room = await host.room();
    return { room, seat: room.seats.of(session) };
  };
  return permitted(doingOnce(handlers, createDoneBefore(seatOf)), host.room);
}

/** A request that a feature answers. */
function inRoom(host: Host, name: RequestName) {
  return async (args: never, session: Session): Promise<Result<unknown, IpcCode>> => {
    const { requests } = await host.room();
    const handler = requests[name] as
      | ((args: never, session: Session) => Promise<Result<unknown, IpcCode>>)
      | undefined;
    return handler === undefined
      ? fail("bad-request", `This member has no answer to ${name}.`)
      : handler(args, session);
  };
}

function ofTheProcess(host: Host): Pick<Handlers, OfTheProcess> {
  return {
    ready: async ({ timeoutMs }, session) => ready(await host.room(), timeoutMs, session),
    async whoami(_, session) {
      const room = await host.room();
      const seat = room.seats.of(session);
      const grant = room.grant();
      const devices = room.members.devices(room.me);
      const { allow, places } = room.inbox.rules();
      return ok({
        name: room.me,
        key: room.myKey,
        room: room.room,
        relay: room.relay,
        mode: room.inbox.limits().mode,
        ...(seat === undefined ? {} : { seat: seat.seat }),
        ...(grant === undefined ? {} : { grant }),
        ...(devices === undefined ? {} : { devices }),
        ...(allow.everyone === "wake" && allow.members.length === 0 ? {} : { allow }),
        ...(places.length === 0 ? {} : { places }),
      });
    },
    async status({ id }) {
      const room = await host.room();
      const { mode, hopLimit } = room.inbox.limits();
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
        inbox: Object.values(room.store.state.inbox).filter(waitsForPerson).length,
        waits: room.hooks.waits().length,
        queued: room.outbox.queued,
        seats: room.seats.facts(),
        events: ownEvents(room, id),
        notices: room.sentences(),
        limits: room.limits(),
        maxFileBytes: room.files.maxBytes(),
        rungs: room.seats.rungs(),
      });
    },
    async attach(args, session) {
      const room = await host.room();
      const attached = await room.requests.attach!(args, session);
      if (host.isRunning !== undefined)
        watchClient(room.clock, session, args.pid, host.isRunning, () => room.seats.lose(session));
      return attached;
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
  };
}
