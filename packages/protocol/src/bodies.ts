// Schemas of the event bodies this version understands: file offers, operator controls, chain budgets, channel acts.
// Messages are plain text.
import * as z from "zod/mini";
import { idSchema, keySchema, memberSchema } from "./event.ts";
import { MAX_MORE_TURNS, MAX_REVOKED, MAX_SPARED, MAX_TOPIC_CHARS } from "./limits.ts";
import { isSeatName } from "./names.ts";

export const TEXT = "text/plain";
export const FILE_OFFER = "application/agora-file+json";
export const CONTROL = "application/agora-control+json";
export const BUDGET = "application/agora-budget+json";
export const GRANT = "application/jwt";
export const CHANNEL = "application/agora-channel+json";

const count = z.int().check(z.nonnegative());

/** The body of a `file` event: what is offered. The bytes are requested with `file` frames. [FILE-2] */
export const fileOfferSchema = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(255)),
  size: z.int().check(z.nonnegative()),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  media: z.optional(z.string().check(z.maxLength(100))),
  text: z.optional(z.string()),
});

/** What an operator can decide. [CONTROL-1] */
export const CONTROL_ACTS = [
  "pause",
  "resume",
  "stop",
  "reset",
  "kick",
  "ban",
  "unban",
  "interrupt",
  "inject",
  "rates",
  "revoke",
] as const;

/** A rate as an operator sets it: `burst` events at once, then `perSecond`. [CONTROL-9] */
export const controlRateSchema = z.object({
  burst: z.int().check(z.minimum(1), z.maximum(100_000)),
  perSecond: z.number().check(z.minimum(0.001), z.maximum(100_000)),
});

/**
 * The body of a `control` event: the operator's decision, and the grant that entitles its key. [CONTROL-1]
 * `pause` holds delivery and `resume` ends that, for the room or for the member given by `member` and `key`; `stop` refuses
 * sends until `reset`; `kick` and `ban` say whom; `interrupt` ends the automatic turns of a member or of one `seat`;
 * `inject` says `text` as the operator; `rates` without a `rate` restores the relay's own; `revoke` takes back the grants `ids`.
 */
export const controlSchema = z.object({
  act: z.enum(CONTROL_ACTS),
  member: z.optional(memberSchema),
  key: z.optional(keySchema),
  seat: z.optional(z.string().check(z.refine(isSeatName))),
  text: z.optional(z.string()),
  rate: z.optional(controlRateSchema),
  reason: z.optional(z.string().check(z.maxLength(500))),
  /** When a pause or a ban shall end, unix milliseconds by the relay's clock: an operator's client ends it. [CONTROL-18] */
  until: z.optional(z.int().check(z.positive())),
  /** The grant that a banned key came in with, and the other keys of that grant that may stay. [CONTROL-17] */
  grantId: z.optional(z.string().check(z.minLength(8), z.maxLength(64))),
  spare: z.optional(z.array(keySchema).check(z.maxLength(MAX_SPARED))),
  /** The grants that this operator takes back: all of them, as the latest word replaces the one before. [GRANT-10] */
  ids: z.optional(z.array(z.string().check(z.minLength(8), z.maxLength(64))).check(z.maxLength(MAX_REVOKED))),
  grant: z.optional(z.string().check(z.maxLength(4096))),
});

/** The body of a `budget` event: more automatic turns for a chain, or (`asks`) a daemon's request for them. [CHAIN-4] */
export const budgetSchema = z.object({
  chain: idSchema,
  turns: z.int().check(z.nonnegative(), z.maximum(MAX_MORE_TURNS)),
  asks: z.optional(z.object({ turns: count, limit: count, pattern: z.optional(z.string().check(z.maxLength(300))) })),
});

/** What can be done in a channel besides speaking. [CHANNEL-6] */
export const CHANNEL_ACTS = ["open", "join", "leave", "topic", "remove", "admit", "role", "archive", "reopen"] as const;

/** What somebody may be in a channel besides its owner or a lead. [RIGHT-4] */
export const CHANNEL_ROLES = ["observer", "member"] as const;

/** The body of a `channel` event: `text` is the topic; `member` and `key` say who is removed, readmitted or given a `role`. [CHANNEL-6] [RIGHT-4] */
export const channelActSchema = z.object({
  act: z.enum(CHANNEL_ACTS),
  text: z.optional(z.string().check(z.maxLength(MAX_TOPIC_CHARS))),
  member: z.optional(memberSchema),
  key: z.optional(keySchema),
  role: z.optional(z.enum(CHANNEL_ROLES)),
  /** An operator's or a lead's grant bound to the event's key, as in a control. */
  grant: z.optional(z.string().check(z.maxLength(4096))),
});

export type ChannelAct = z.infer<typeof channelActSchema>;
export type ChannelRole = (typeof CHANNEL_ROLES)[number];
export type FileOffer = z.infer<typeof fileOfferSchema>;
export type Control = z.infer<typeof controlSchema>;
export type ControlAct = Control["act"];
export type Budget = z.infer<typeof budgetSchema>;

/** Parses a JSON body by its schema; undefined when it doesn't fit, which is the author's fault and is shown as such. */
export function readBody<T>(schema: z.ZodMiniType<T>, body: string): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
