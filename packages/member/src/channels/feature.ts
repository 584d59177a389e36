// Channels: smaller rounds within the room, which everybody may open and enter.
import { ok } from "@agora/protocol";
import { controls } from "../controls/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { type Channels, createChannels } from "./keeper.ts";
import { channel, channels as channelsOf } from "./requests.ts";
import { channelsSlice } from "./slice.ts";

export const channels = defineFeature<Channels>({
  name: "channels",
  slice: channelsSlice,
  start(kernel, use) {
    const operators = use(controls);
    const part = createChannels({
      ...kernel,
      members: () => kernel.members,
      controls: operators,
      mayManage: (channel) => operators.grantFor("channel", channel) !== undefined,
      putOut(channel, by) {
        kernel.notices.set(
          `channel:${channel}`,
          `@${by} removed you from #${channel}: nothing of it comes here any more.`,
        );
      },
      read: (channel, stamp) => kernel.hooks.tell((h) => h.readInChannel?.(channel, stamp)),
      moved: (channel, isIn) => kernel.hooks.tell((h) => h.movedInChannel?.(channel, isIn)),
      changed: kernel.tell.channels,
    });
    const context = { ...kernel, controls: operators, channels: part };
    /** What the relay was told when this member asked to be let in. */
    let shown = "";
    return {
      part,
      requests: {
        channel: (args) => channel(context, args),
        channels: () => Promise.resolve(ok(channelsOf(context))),
      },
      hooks: {
        begin: () => part.reconcile(),
        refuses: (head, { stamp, by }) => part.refusal(head, stamp, by),
        kept({ event, record, position }) {
          if (event.head.channel !== undefined) part.kept(event, record.stamp, position, record.late !== true);
        },
        shown() {
          const names = part.names();
          shown = names.join();
          return { channels: names };
        },
        // What was joined or left between asking and being let in could not be told.
        joined() {
          const names = part.names();
          if (names.join() !== shown) kernel.link().send({ type: "channels", room: kernel.room, channels: [...names] });
        },
      },
    };
  },
});
