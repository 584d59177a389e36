// The mailbox: what waits and what was said, by position, for programs that reach a member from elsewhere (HTTP, a bridge).
import type { Session } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";
import { inbox } from "../inbox/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { seats } from "../seats/feature.ts";
import type { Seat } from "../seats/fold.ts";
import { acknowledge, type Context, follow, lines, mail, newChain, taken } from "./requests.ts";

const NO_SEAT = fail("bad-request", "This session has no seat yet: attach first.");

export const mailbox = defineFeature({
  name: "mailbox",
  start(kernel, use) {
    const sessions = use(seats);
    const context: Context = { ...kernel, inbox: use(inbox) };
    /** Acts for the seat that a session has. */
    const forSeat = async (session: Session, act: (seat: Seat) => void) => {
      const seat = sessions.of(session);
      if (seat === undefined) return NO_SEAT;
      act(seat);
      return ok({});
    };
    return {
      part: undefined,
      requests: {
        mail: (args, session) => Promise.resolve(ok(mail(context, args.seat ?? sessions.of(session)?.seat, args))),
        lines: (args) => Promise.resolve(ok(lines(context, args))),
        taken: ({ positions }, session) => forSeat(session, (seat) => taken(context, seat, positions)),
        acknowledge: (args, session) =>
          forSeat(session, (seat) => {
            acknowledge(context, seat, args);
            sessions.sign(seat.seat, false);
          }),
        newChain: (_, session) => forSeat(session, (seat) => newChain(context, seat)),
        follow: (_, session) => Promise.resolve(ok(follow(context, session))),
      },
    };
  },
});
