// Why this member may say nothing in a channel: it was made an observer there, or the channel is archived. [RIGHT-5]
import { fail, type Failure } from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import type { Channels } from "./keeper.ts";

/** The refusal, in one sentence; undefined when it may speak there. */
export function whyObserving(
  room: Pick<Kernel, "myKey"> & { readonly channels: Pick<Channels, "observingOf"> },
  name: string,
): Failure<"not-allowed"> | undefined {
  const observing = room.channels.observingOf(name, room.myKey);
  if (observing === undefined) return undefined;
  return fail(
    "not-allowed",
    observing.archived === true
      ? `#${name} is archived: @${observing.by} lets nobody speak there any more; nothing was sent.`
      : `In #${name} you only read: @${observing.by} made you an observer there; nothing was sent.`,
  );
}
