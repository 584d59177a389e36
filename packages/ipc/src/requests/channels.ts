// Channels of the room.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** A channel of the room. Only its members see what is said and decided in it. */
export interface ChannelState {
  readonly name: string;
  readonly joined: boolean;
  readonly unread: number;
  /** Its present members, including this one. */
  readonly members: readonly string[];
  readonly topic?: string;
  /** The channel owner: who opened it first. */
  readonly convener?: string;
  /** This member may set the topic, remove and readmit. */
  readonly mine?: true;
  /** Members who were removed but still say that they are in it. */
  readonly removed?: readonly string[];
}

export interface ChannelsResult {
  readonly channels: readonly ChannelState[];
}

export interface ChannelResult {
  readonly channel: string;
  readonly act: "open" | "join" | "leave" | "topic" | "remove" | "admit";
  /** Nothing to do: it was already so. */
  readonly unchanged?: true;
  readonly members: readonly string[];
  readonly topic?: string;
  /** Who was told of it and how to join, by `join --with`. */
  readonly invited?: readonly string[];
  /** `queued` with a reason when the others will hear of it later. */
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  readonly notes: readonly string[];
}

export const channelRequests = {
  /** The existing channels, and which of them this member is in. */
  channels: defineRequest({
    args: z.object({}),
    result: gives<ChannelsResult>(),
    who: "anyone",
    console: true,
    gateway: true,
    shown: {},
  }),
  /**
   * Joins a channel (opening it if there is none), leaves it, sets its topic (an empty `text` removes it), or removes or
   * readmits a `member`. Topic, remove and admit are for the channel owner or an operator; the last two only for a person.
   */
  channel: defineRequest({
    args: z.object({
      via,
      act: z.enum(["join", "leave", "topic", "remove", "admit"]),
      channel: text,
      text: z.optional(text),
      member: z.optional(text),
      once,
    }),
    result: gives<ChannelResult>(),
    who: ({ act }) => (act === "remove" || act === "admit" ? "person" : "anyone"),
    refusal: personOnlyWords("Who is in a channel (admit, remove)"),
    speaks: "sometimes",
    console: true,
    gateway: true,
  }),
} as const;
