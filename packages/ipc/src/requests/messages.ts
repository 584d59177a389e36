// Sending messages and reading them.
import * as z from "zod/mini";
import type { Role } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import type { FileState } from "../file-state.ts";
import type { Delivery, Line } from "../line.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

export interface SayResult {
  readonly id: string;
  readonly thread: string;
  readonly role: Role;
  readonly to: readonly string[];
  /** The channel it was said in. */
  readonly channel?: string;
  readonly deliveries: readonly Delivery[];
  /** `queued` with a reason when it has to wait (relay away, rate, pause); `relayed` if the relay stamped it in time. */
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  /** Warnings for the author: a seat that has ended, a recipient that is away. */
  readonly notes: readonly string[];
  readonly file?: FileState;
}

export type AppendResult = SayResult;

export interface HistoryResult {
  /** In the order of their stamps. */
  readonly lines: readonly Line[];
  /** There may be older ones. */
  readonly more: boolean;
  /** There may be newer ones than these. */
  readonly newer?: true;
}

export interface WatchStateResult {
  /** The requests whose answers are pushed. */
  readonly parts: readonly string[];
}

export interface WatchResult {
  /** The newest line's id, "" when there is none: pass it back next time. */
  readonly last: string;
  /** More was missed than is repeated here. */
  readonly cut?: boolean;
}

export const messageRequests = {
  /** `to`: addresses without `@`, as typed; the surface has already removed the leading addresses from the text. */
  say: defineRequest({
    args: z.object({
      via,
      text,
      to: z.array(text),
      /** A channel's name, with or without `#`; sending to it joins it. */
      channel: z.optional(text),
      thread: z.optional(text),
      file: z.optional(text),
      /** Speak as the agent although a person typed it (`--role agent`); never the reverse. */
      asAgent: z.optional(z.boolean()),
      /** The event's id, chosen by the caller so that a repeated request says it only once. */
      id: z.optional(text),
    }),
    result: gives<SayResult>(),
    who: "anyone",
    speaks: true,
    console: true,
    gateway: true,
  }),
  append: defineRequest({
    args: z.object({ via, thread: text, text, once }),
    result: gives<AppendResult>(),
    who: "person",
    refusal: personOnlyWords("append"),
    speaks: true,
    console: true,
  }),
  /** When a model asks (`via` tool or shell), messages for the person alone are left out. */
  history: defineRequest({
    args: z.object({
      via: z.optional(via),
      limit: z.int(),
      with: z.optional(text),
      thread: z.optional(text),
      /** A channel this member is in; asked by a person without `peek`, it counts as read. */
      channel: z.optional(text),
      /** A surface loads lines that nobody has seen yet. */
      peek: z.optional(z.boolean()),
      /** Together with `with`: only what the two addressed to each other. */
      direct: z.optional(z.boolean()),
      search: z.optional(text),
      /** Only what this member said. */
      from: z.optional(text),
      /** The event with this id, or whose id begins so, with its neighbours on both sides. */
      around: z.optional(text),
      /** Only lines before this event. */
      before: z.optional(text),
      /** Only lines behind this event: the oldest of them first, as with `since`. */
      after: z.optional(text),
      /** Only lines that came here from this time on, unix milliseconds: the oldest of them, not the newest. */
      since: z.optional(z.number()),
      /** Only lines that came here before this time. */
      until: z.optional(z.number()),
    }),
    result: gives<HistoryResult>(),
    who: "anyone",
    console: true,
    gateway: true,
  }),
  /** Subscribes this connection to `line` pushes: history lines as they arrive, starting after the line `after`. */
  watch: defineRequest({
    args: z.object({ after: z.optional(text) }),
    result: gives<WatchResult>(),
    who: "anyone",
  }),
  /**
   * Subscribes this connection to `state` pushes: the answers to all `shown` requests at once, and again those that changed.
   * Whoever reconnects asks again and has missed nothing.
   */
  watchState: defineRequest({
    args: z.object({ via }),
    result: gives<WatchStateResult>(),
    who: "person",
    refusal: personOnlyWords("watching all that is shown"),
  }),
} as const;
