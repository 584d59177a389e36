// What a room knows about who is in it. Presence is last-value-wins and never journaled; every fact is optional.
import * as z from "zod/mini";
import { channelSchema, keySchema, memberSchema } from "./event.ts";
import { MAX_CHAIN_STATEMENTS, MAX_CHANNELS, MAX_DEVICES, MAX_STATEMENT_BYTES } from "./limits.ts";
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
  /** Since when, unix milliseconds by the room's clock, and for which tool. */
  waitingSince: z.optional(z.int()),
  waitingFor: z.optional(fact),
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

const device = {
  key: keySchema,
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
};
const deviceSchema = z.object(device);

/**
 * One line of presence from the relay: name and key are vouched for by the relay, `facts` are the member's own claim. Of a member with
 * several devices `key`, `since` and `grant` are those of the one that is here longest. [DEVICE-5]
 */
export const presenceSchema = z.object({
  name: memberSchema,
  online: z.boolean(),
  ...device,
  devices: z.optional(z.array(deviceSchema).check(z.maxLength(MAX_DEVICES))),
});

export type SeatFacts = z.infer<typeof seatFactsSchema>;
export type Facts = z.infer<typeof factsSchema>;
/** One of the devices that a member is here with. */
export type PresentDevice = z.infer<typeof deviceSchema>;
export type Presence = z.infer<typeof presenceSchema>;
