// What the relay sends, handed to the part of the room that it is for. A frame that breaks a part costs that frame alone.
import type { Log } from "@agora/ports";
import type { EventFrame, FromRelay, LaterVerifier } from "@agora/protocol";
import type { Receive } from "./receive.ts";
import type { Channels } from "../channels/keeper.ts";
import { createChecking, type Opened } from "./checking.ts";
import type { RoomFiles } from "../files/keeper.ts";
import type { Healing } from "../healing/keeper.ts";
import type { Members } from "./members.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { ReceiptsHeard } from "./outbox/receipts-heard.ts";

export interface FrameRouter {
  /** Takes a frame of the room. */
  readonly hear: (frame: FromRelay) => void;
  /** Takes a chunk of a file. */
  readonly chunk: (frame: Uint8Array) => void;
  /** Nothing that is still being checked is taken any more. */
  readonly end: () => void;
}

export interface FrameRouterOptions {
  readonly me: string;
  readonly arrivals: Receive;
  readonly channels: Channels;
  readonly files: RoomFiles;
  readonly healing: Healing;
  readonly members: Members;
  readonly outbox: Outbox;
  readonly receiptsHeard: ReceiptsHeard;
  /** Checks what other members hand on beside the event loop; without it each event is checked when it comes. */
  readonly laterVerifier?: LaterVerifier | undefined;
  /** What was for this member could not be passed for the moment: it is told again after that time. */
  readonly toldLater: (member: string, retryAfterMs: number | undefined) => void;
  /** Receipts came. */
  readonly receipts: () => void;
  /** The disk did not take what arrived. */
  readonly trouble: () => void;
  readonly log: Log;
}

/** Makes the way from the link to the parts. */
export function createFrameRouter(options: FrameRouterOptions): FrameRouter {
  const { me, arrivals, channels, files, healing, members, outbox, log } = options;

  /** A handler that throws is a mistake in this program: it costs one frame, not the daemon. */
  const unharmed = (handle: () => void): void => {
    try {
      handle();
    } catch (error) {
      log.warn("bug", { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  const take = (frame: EventFrame, opened?: Opened): void => {
    const taken = arrivals.take(frame, opened);
    if (taken === "trouble") options.trouble();
    else if (taken === "kept" && frame.by !== undefined) healing.progress(frame.by);
  };
  const checking =
    options.laterVerifier === undefined
      ? undefined
      : createChecking({
          verifier: options.laterVerifier,
          take: (frame, opened) => unharmed(() => take(frame, opened)),
        });

  /** The comings to channels that the room was told of: the past of a channel is asked for as soon as it is, at each coming. */
  let told: ReadonlyMap<string, number> = new Map(channels.names().map((name) => [name, channels.comings(name)]));
  const askInChannels = (): void => {
    const now = (members.get(me)?.channels ?? []).filter((name) => channels.isIn(name));
    // Out and in again may be one line of presence: that a channel stood there before says nothing.
    const came = now.filter((name) => told.get(name) !== channels.comings(name));
    told = new Map(now.map((name) => [name, channels.comings(name)]));
    const there = members.online().filter((name) => name !== me && came.some((channel) => channels.has(channel, name)));
    if (there.length > 0) healing.ask(there);
  };

  const hear = (frame: FromRelay): void => {
    switch (frame.type) {
      case "event":
        return checking === undefined || frame.by === undefined ? take(frame) : checking.add(frame);
      case "stamped":
        return outbox.stamped(frame);
      case "refused":
        if (frame.to === undefined) outbox.refused(frame);
        else if (frame.code === "busy") options.toldLater(frame.to, frame.retryAfterMs);
        return files.notPassed(frame);
      case "receipts":
        options.receiptsHeard.take(frame.from, frame.key, frame.items);
        members.heard(frame.from);
        return options.receipts();
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

  return {
    hear: (frame) => unharmed(() => hear(frame)),
    chunk: (frame) => unharmed(() => files.chunk(frame)),
    end: () => checking?.end(),
  };
}
