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
  readonly owner?: string;
  /** This member may set the topic, remove and readmit. */
  readonly mine?: true;
  /** Members who were removed but still say that they are in it. */
  readonly removed?: readonly string[];
  /** Members who only read there. */
  readonly observers?: readonly string[];
  /** Everybody only reads there. */
  readonly archived?: true;
}

export interface ChannelsResult {
  readonly channels: readonly ChannelState[];
}

export interface ChannelResult {
  readonly channel: string;
  readonly act: "open" | "join" | "leave" | "topic" | "remove" | "admit" | "role" | "archive" | "reopen";
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
   * Joins a channel (opening it if there is none), leaves it, sets its topic (an empty `text` removes it), removes or readmits a
   * `member`, makes it an observer there or takes that back (`role`), or archives the channel, where everybody only reads then.
   * All but joining and leaving are for the channel owner, a lead or an operator; and but for the topic only for a person.
   */
  channel: defineRequest({
    args: z.object({
      via,
      act: z.enum(["join", "leave", "topic", "remove", "admit", "role", "archive", "reopen"]),
      channel: text,
      text: z.optional(text),
      member: z.optional(text),
      role: z.optional(z.enum(["observer", "member"])),
      once,
    }),
    result: gives<ChannelResult>(),
    who: ({ act }) => (act === "join" || act === "leave" || act === "topic" ? "anyone" : "person"),
    refusal: personOnlyWords("Who is in a channel, and who speaks there,"),
    speaks: "sometimes",
    console: true,
    gateway: true,
  }),
} as const;
