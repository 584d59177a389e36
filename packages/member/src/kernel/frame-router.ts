// What the relay sends, handed to the part of the kernel that it is for, or to the features. A frame that breaks a part costs that frame alone.
import type { Log } from "@agora/ports";
import type { EventFrame, FromRelay, LaterVerifier } from "@agora/protocol";
import { createChecking, type Opened } from "./checking.ts";
import type { AllHooks } from "./hooks.ts";
import type { Members } from "./members.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { ReceiptsHeard } from "./outbox/receipts-heard.ts";
import type { Persons } from "./persons.ts";
import type { Receive } from "./receive.ts";
import type { RoomListeners } from "./room-listeners.ts";

export interface FrameRouter {
  /** Takes a frame of the room. */
  readonly hear: (frame: FromRelay) => void;
  /** Takes a chunk of a file. */
  readonly chunk: (frame: Uint8Array) => void;
  /** Nothing that is still being checked is taken any more. */
  readonly end: () => void;
}

export interface FrameRouterOptions {
  readonly receive: Receive;
  readonly hooks: AllHooks;
  readonly members: Members;
  readonly outbox: Outbox;
  readonly receiptsHeard: ReceiptsHeard;
  /** Checks what other members hand on beside the event loop; without it each event is checked when it comes. */
  readonly laterVerifier?: LaterVerifier | undefined;
  /** What was for this member could not be passed for the moment: it is told again after that time. */
  readonly toldLater: (member: string, retryAfterMs: number | undefined) => void;
  readonly tell: Pick<RoomListeners["tell"], "receipts" | "change">;
  /** The disk did not take what arrived. */
  readonly trouble: () => void;
  readonly log: Log;
  readonly me: string;
  readonly myKey: string;
  readonly persons: Pick<Persons, "isOurs">;
}

/** Creates the router of frames. */
export function createFrameRouter(options: FrameRouterOptions): FrameRouter {
  const { hooks, members, outbox, log } = options;

  /** A handler that throws is a mistake in this program: it costs one frame, not the daemon. */
  const unharmed = (handle: () => void): void => {
    try {
      handle();
    } catch (error) {
      log.warn("bug", { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  const take = (frame: EventFrame, opened?: Opened): void => {
    const taken = options.receive.take(frame, opened);
    if (taken === "trouble") options.trouble();
    else if (taken === "kept" && frame.by !== undefined) {
      const { by } = frame;
      hooks.tell((h) => h.handedOn?.(by));
    }
  };
  const checking =
    options.laterVerifier === undefined
      ? undefined
      : createChecking({
          verifier: options.laterVerifier,
          take: (frame, opened) => unharmed(() => take(frame, opened)),
        });

  const others = (frame: FromRelay): void => hooks.tell((h) => h.frame?.(frame));

  const hear = (frame: FromRelay): void => {
    switch (frame.type) {
      case "event":
        return checking === undefined || frame.by === undefined ? take(frame) : checking.add(frame);
      case "stamped":
        return outbox.stamped(frame);
      case "refused":
        if (frame.to === undefined) outbox.refused(frame);
        else if (frame.code === "busy") options.toldLater(frame.to, frame.retryAfterMs);
        return others(frame);
      case "receipts":
        if (frame.from === options.me) {
          const isOthers =
            frame.key !== options.myKey &&
            options.persons.isOurs(frame.key) &&
            hooks.kinship(frame.from, frame.key) !== "former";
          return isOthers ? hooks.tell((h) => h.toldByOwnDevice?.(frame.items)) : undefined;
        }
        options.receiptsHeard.take(frame.from, frame.key, frame.items);
        hooks.tell((h) => h.receipts?.(frame.from, frame.key, frame.items));
        members.heard(frame.from);
        return options.tell.receipts();
      case "presence":
        members.update(frame.members);
        hooks.tell((h) => h.presence?.());
        return options.tell.change();
      case "file":
      case "knock":
        return others(frame);
      case "heal":
        if (checking === undefined || frame.step !== "done") return others(frame);
        return checking.afterAll(() => unharmed(() => others(frame))); // "that is all" means: all was taken
      case "challenge":
      case "welcome":
      case "joined":
        return; // the session's own
    }
  };

  return {
    hear: (frame) => unharmed(() => hear(frame)),
    chunk: (frame) => unharmed(() => hooks.tell((h) => h.chunk?.(frame))),
    end: () => checking?.end(),
  };
}
