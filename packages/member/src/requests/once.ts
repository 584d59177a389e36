// Doing once what is asked twice: a caller that got no answer repeats its request with the id it chose for it.
import type { Handlers, IpcCode, RequestName, Session } from "@agora/ipc";
import { requestsThat, takes } from "@agora/ipc/requests";
import { fail, isId, type Result } from "@agora/protocol";

type Answer = Promise<Result<unknown, IpcCode>>;
type Handler = (args: { readonly once?: string | undefined }, session: Session) => Answer;

/** Answers remembered for whoever asks again; the oldest go first. */
const MAX_REMEMBERED = 200;

const REUSED = fail("reused", "That id stands for another request: nothing was done. Use a new one.");

/** What the daemon before this one did of a request with this id; undefined: nothing that is known. */
export type DoneBefore = (
  name: RequestName,
  args: { readonly once: string },
  session: Session,
) => Promise<Result<unknown, IpcCode> | undefined>;

/**
 * The same handlers, of which those that change something answer a repeated id as the first time. A failure is not
 * remembered: what was not done may be tried again. `doneBefore` tells what of it outlived the daemon.
 */
export function doingOnce(handlers: Handlers, doneBefore: DoneBefore): Handlers {
  const known = new Map<string, { readonly asked: string; readonly answer: Answer }>();

  const guard =
    (name: RequestName, handler: Handler): Handler =>
    async (args, session) => {
      const { once } = args;
      if (once === undefined) return handler(args, session);
      if (!isId(once)) return fail("bad-request", "The id of a request has 8 to 40 of 0-9 and a-z.");
      const asked = JSON.stringify([name, args]);
      const before = known.get(once);
      if (before !== undefined) return before.asked === asked ? before.answer : REUSED;
      // Noted before anything is awaited: the same request may come twice at once.
      const answer = doneBefore(name, { ...args, once }, session).then((before) => before ?? handler(args, session));
      known.set(once, { asked, answer });
      if (known.size > MAX_REMEMBERED) known.delete(known.keys().next().value!);
      const forget = (): void => {
        if (known.get(once)?.answer === answer) known.delete(once);
      };
      answer.then((result) => !result.ok && forget(), forget);
      return answer;
    };

  const guarded = requestsThat((row) => takes(row, "once")).map(
    (name) => [name, guard(name, handlers[name] as Handler)] as const,
  );
  return { ...handlers, ...(Object.fromEntries(guarded) as Partial<Handlers>) };
}
