// Speaking, and reading what was said.
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
  /** `queued` with a reason when it waits (relay away, rate, pause); `relayed` when the relay stamped it in time. */
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  /** Things the author should know: a seat that ended, a recipient that is away. */
  readonly notes: readonly string[];
  readonly file?: FileState;
}

export type AppendResult = SayResult;

export interface HistoryResult {
  readonly lines: readonly Line[];
  readonly more: boolean;
}

export interface WatchResult {
  /** The newest line's id, "" when there is none: what to come back with. */
  readonly last: string;
  /** More was missed than is given again. */
  readonly cut?: boolean;
}

export const messageRequests = {
  /** `to`: addresses without `@`, as typed; the leading run of the text was already taken off by the surface. */
  say: defineRequest({
    args: z.object({
      via,
      text,
      to: z.array(text),
      /** The name of a channel, with or without `#`; who is not in it joins by sending. */
      channel: z.optional(text),
      thread: z.optional(text),
      file: z.optional(text),
      /** Speak as the agent although a person typed it (`--role agent`); never the other way round. */
      asAgent: z.optional(z.boolean()),
      /** The event's id, chosen by the caller so that asking twice says it once. */
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
  /** Asked by a model (`via` tool or shell) it leaves out what is for the person alone. */
  history: defineRequest({
    args: z.object({
      via: z.optional(via),
      limit: z.int(),
      with: z.optional(text),
      thread: z.optional(text),
      /** A channel this member is in; a person who asks has read it then. */
      channel: z.optional(text),
      /** Besides `with`: only what was addressed to one by the other. */
      direct: z.optional(z.boolean()),
      search: z.optional(text),
      /** Only what stands before this event. */
      before: z.optional(text),
    }),
    result: gives<HistoryResult>(),
    who: "anyone",
    console: true,
    gateway: true,
  }),
  /** Subscribes this connection to `line` pushes: history lines as they arrive, first those behind the line `after`. */
  watch: defineRequest({
    args: z.object({ after: z.optional(text) }),
    result: gives<WatchResult>(),
    who: "anyone",
  }),
} as const;
