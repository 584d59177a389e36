// What a room knows about who is in it. Presence is last-value-wins and never journaled; every fact is optional.
import * as z from "zod/mini";
import { channelSchema, keySchema, memberSchema } from "./event.ts";
import { MAX_CHAIN_STATEMENTS, MAX_CHANNELS, MAX_STATEMENT_BYTES } from "./limits.ts";
import { isSeatName } from "./names.ts";

const fact = z.string().check(z.maxLength(200));

/** One session of a member: whether it can be woken (`reachable`) and whether it is working now (`busy`). */
export const seatFactsSchema = z.object({
  seat: z.string().check(z.refine(isSeatName)),
  client: z.optional(fact),
  connected: z.boolean(),
  reachable: z.boolean(),
  busy: z.boolean(),
  /** It is waiting for its person to grant a permission. */
  waiting: z.optional(z.boolean()),
});

/** What a member tells about itself. */
export const factsSchema = z.object({
  kind: z.optional(z.enum(["person", "agent"])),
  owner: z.optional(fact),
  client: z.optional(fact),
  host: z.optional(fact),
  dir: z.optional(fact),
  branch: z.optional(fact),
  status: z.optional(fact),
  mode: z.optional(z.enum(["manual", "auto"])),
  seats: z.optional(z.array(seatFactsSchema).check(z.maxLength(32))),
});

/** Statements about keys, as they are shown. [KEYCHAIN-8] */
export const chainSchema = z
  .array(z.string().check(z.maxLength(MAX_STATEMENT_BYTES)))
  .check(z.maxLength(MAX_CHAIN_STATEMENTS));

/** One line of presence from the relay: name and key are vouched for by the relay, `facts` are the member's own claim. */
export const presenceSchema = z.object({
  name: memberSchema,
  key: keySchema,
  online: z.boolean(),
  since: z.int(),
  /** The id of the grant it joined with; absent if it joined with a token. */
  grantId: z.optional(z.string().check(z.maxLength(64))),
  grant: z.optional(z.enum(["member", "operator", "observer"])),
  /** It showed a lead's grant for the whole room. [RIGHT-1] */
  lead: z.optional(z.literal(true)),
  /** The channels it says it is in. [CHANNEL-2] */
  channels: z.optional(z.array(channelSchema).check(z.maxLength(MAX_CHANNELS))),
  facts: z.optional(factsSchema),
  /** Whose key it is, told to newcomers and when the member comes. [KEYCHAIN-8] */
  chain: z.optional(chainSchema),
});

export type SeatFacts = z.infer<typeof seatFactsSchema>;
export type Facts = z.infer<typeof factsSchema>;
export type Presence = z.infer<typeof presenceSchema>;
