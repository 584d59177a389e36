// What the client of a session asks: to be a seat, when a turn begins, goes on and ends, and to be woken.
import type { Handlers, Results, Session } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";
import type { Inbox } from "../inbox/feature.ts";
import { waitsForPerson } from "../inbox/fold.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Seat } from "./fold.ts";
import type { Seats } from "./keeper.ts";

/** What these requests use. */
export type Context = Kernel & { readonly seats: Seats; readonly inbox: Pick<Inbox, "limits"> };

const NOT_ATTACHED = fail("bad-request", "This session has no seat yet: attach first.");

/** The requests of sessions. */
export function seatRequests(room: Context): Partial<Handlers> {
  const { seats } = room;
  /** Answers for the seat that a session is bound to. */
  const bySeat = async <T>(session: Session, answer: (seat: string) => T) => {
    const seat = seats.of(session);
    return seat === undefined ? NOT_ATTACHED : ok(answer(seat.seat));
  };
  return {
    attach: async ({ client, session: id }, session) => ok(seatState(room, seats.attach(session, client, id))),
    async resession({ session: id }, session) {
      const seat = seats.resession(session, id);
      return seat === undefined ? NOT_ATTACHED : ok(seatState(room, seat));
    },
    prompt: ({ typed, poll }, session) => bySeat(session, (seat) => seats.prompt(seat, typed, poll)),
    sign: ({ deliver, lost }, session) => bySeat(session, (seat) => seats.sign(seat, deliver, lost)),
    turnEnd: ({ last, lost }, session) => bySeat(session, (seat) => seats.turnEnd(seat, last, lost)),
    breakOff: (_, session) =>
      bySeat(session, (seat) => {
        seats.breakOff(seat);
        return {};
      }),
    async waiting({ session: id, tool }) {
      const seat = seats.known(id);
      if (seat !== undefined) seats.waiting(seat.seat, room.settings.share.tool ? tool : undefined);
      return ok({});
    },
    async detach({ session: id }) {
      seats.end(id);
      return ok({});
    },
    async sessionStart({ client, session: id, source }) {
      // After /clear the new id belongs to a seat that goes on: its own process will say so. No text is given here: the
      // first prompt hands it, and would show it "again" otherwise.
      const seat = seats.known(id) ?? (source === "clear" ? undefined : seats.ensure(client, id));
      const state = seat === undefined ? { ...seatState(room, undefined), seat: client } : seatState(room, seat);
      return ok({ ...state, items: [], skipped: 0 });
    },
    async probeWake({ seat, word, timeoutS }) {
      const proof = await seats.probe(seat, word, timeoutS * 1000);
      return proof === undefined
        ? fail("bad-request", `There is no session ${seat} here now.`)
        : ok({ seat, ...proof });
    },
    bringWord: ({ word }, session) => bySeat(session, (seat) => ({ known: seats.bring(seat, word) })),
    awaitWake: async ({ session: id }, session) => ok(await seats.awaitWake(session, id)),
  };
}

function seatState(room: Context, seat: Seat | undefined): Results["attach"] {
  return {
    name: room.me,
    seat: seat?.seat ?? "",
    room: room.room,
    mode: room.inbox.limits().mode,
    connection: room.connection(),
    inbox: Object.values(room.store.state.inbox).filter(waitsForPerson).length,
  };
}
