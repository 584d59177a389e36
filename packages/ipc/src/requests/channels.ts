// Channels inside the room.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** A channel inside the room. What is said and decided there is known to those in it alone. */
export interface ChannelState {
  readonly name: string;
  readonly joined: boolean;
  readonly unread: number;
  /** Who is in it now, with oneself. */
  readonly members: readonly string[];
  readonly topic?: string;
  /** Who opened it first. */
  readonly convener?: string;
  /** This member may set its topic, remove and admit. */
  readonly mine?: true;
  /** Members who were removed and still say that they are in it. */
  readonly removed?: readonly string[];
}

export interface ChannelsResult {
  readonly channels: readonly ChannelState[];
}

export interface ChannelResult {
  readonly channel: string;
  readonly act: "open" | "join" | "leave" | "topic" | "remove" | "admit";
  /** Nothing had to be done: it was so already. */
  readonly unchanged?: true;
  readonly members: readonly string[];
  readonly topic?: string;
  /** `queued` with a reason when the others hear of it later. */
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  readonly notes: readonly string[];
}

export const channelRequests = {
  /** The channels that there are now, and those this member is in. */
  channels: defineRequest({
    args: z.object({}),
    result: gives<ChannelsResult>(),
    who: "anyone",
    console: true,
    gateway: true,
    shown: {},
  }),
  /**
   * Joins a channel (opens it when there is none), leaves it, sets its topic (`text`; empty takes it away), removes a
   * `member` from it or admits one again. Topic, remove and admit are for the channel owner or an operator; the last two
   * a person's.
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
