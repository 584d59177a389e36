// The channels this member is or was in, and what was decided in them.
import { kindOf } from "@agora/protocol";
import { folds, type Slice } from "../kernel/slice.ts";
import type { ActHeard, ChannelActs } from "./acts.ts";
import { foldAct, foldActStamp } from "./fold.ts";
import { foldMembership, foldSaid, membershipOf, type MembershipRecord, type Memberships } from "./memberships-fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly channels: Memberships;
    readonly channelActs: ChannelActs;
  }
  interface InRecords {
    readonly channels: MembershipRecord | { readonly op: "channel-act"; readonly heard: ActHeard };
  }
}

export const channelsSlice: Slice = {
  empty: () => ({ channels: {}, channelActs: {} }),
  told({ channels }, { head, isMine, isNews }) {
    const isTalk = isNews && !isMine && kindOf(head.kind).talk === true;
    if (isTalk && head.channel !== undefined) foldSaid(channels, head.channel);
  },
  moved: ({ channelActs }, { id, stamp, key }) => foldActStamp(channelActs, id, stamp, key),
  in: {
    ...folds(
      ["channel-in", "channel-out", "channel-read"],
      (state, record) => void foldMembership(state.channels, record),
    ),
    "channel-act": ({ channelActs, channels }, { heard }) =>
      void foldAct(channelActs, heard, (channel) => membershipOf(channels, channel)?.in === true),
  },
  restsOn: (record) => (record.op === "channel-act" ? record.heard.position : undefined),
  hearsSince: ({ channels }, channel) => membershipOf(channels, channel)?.since,
};
