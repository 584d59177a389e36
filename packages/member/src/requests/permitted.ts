// Whether a request may be made at all, decided in this one place before its handler runs, whichever way it came: whose word it
// takes, and whether this member may speak now.
import type { Handlers, IpcCode, RequestName, Session, Via } from "@agora/ipc";
import { roleOf } from "@agora/ipc/messages";
import { refusalOf } from "@agora/ipc/permission";
import { requestsThat, rowOf } from "@agora/ipc/requests";
import { fail, type Result } from "@agora/protocol";
import type { Room } from "../room.ts";
import { whyBarred } from "../controls/permissions.ts";

interface Asked {
  readonly via?: Via;
  /** As in `say`: the person speaks as the agent. */
  readonly asAgent?: boolean;
}
type Handler = (args: Asked, session: Session) => Promise<Result<unknown, IpcCode>>;

/** The same handlers, behind the traits of their rows: `who` and `speaks`. */
export function permitted(handlers: Handlers, room: () => Promise<Room>): Handlers {
  const guard =
    (name: RequestName, handler: Handler): Handler =>
    async (args, session) => {
      const refusal = refusalOf(name, args);
      if (refusal !== undefined) return fail("not-allowed", refusal);
      if (rowOf(name).speaks === true) {
        const role = args.asAgent === true || args.via === undefined ? "agent" : roleOf(args.via);
        const barred = whyBarred(await room(), role);
        if (barred !== undefined) return barred;
      }
      return handler(args, session);
    };
  const guarded = requestsThat(({ who, speaks }) => who !== "anyone" || speaks === true).map(
    (name) => [name, guard(name, handlers[name] as Handler)] as const,
  );
  return { ...handlers, ...(Object.fromEntries(guarded) as Partial<Handlers>) };
}
