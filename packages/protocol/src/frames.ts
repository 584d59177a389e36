// Every frame of the wire, as two unions by direction. A frame is one WebSocket message: JSON text, except chunks of files,
// which are binary (chunk.ts). Unknown fields are ignored. Every frame names its room, except `challenge`, `hello`,
// `welcome`, and a `refused` that isn't about one. [FRAME-4]
import * as z from "zod/mini";
import { channelSchema, idSchema, keySchema, memberSchema, roomSchema, signedSchema } from "./event.ts";
import { DEFAULT_LIMITS, MAX_CHANNELS, MAX_CONTROLS, MAX_HEAL_MARKS, MAX_MARK_RANGES, MAX_RECEIPTS } from "./limits.ts";
import { isChannelName } from "./names.ts";
import { chainSchema, factsSchema, presenceSchema } from "./presence.ts";
import { receiptSchema } from "./receipt.ts";
import { isStamp } from "./stamp.ts";

const stamp = z.string().check(z.refine(isStamp));
const word = z.string().check(z.maxLength(200));
const nonce = z.string().check(z.regex(/^[A-Za-z0-9_-]{22,100}$/));
const channels = z.array(channelSchema).check(z.maxLength(MAX_CHANNELS));
/** The one device of `to` that a frame is for. [DEVICE-6] */
const device = z.optional(keySchema);
const receipts = z.array(receiptSchema).check(z.maxLength(MAX_RECEIPTS));

/** Introduces one key under one name; the signature answers the relay's nonce. [HELLO-1] */
export const helloSchema = z.object({
  type: z.literal("hello"),
  v: z.array(z.int()).check(z.maxLength(16)),
  name: z.string().check(z.maxLength(64)),
  key: keySchema,
  origin: z.string().check(z.maxLength(300)),
  sig: z.string().check(z.maxLength(100)),
  client: z.optional(word),
  /** The nonce that the relay has to sign in `welcome`. [PROOF-2] */
  nonce: z.optional(nonce),
});

/** Enters a room. `after` is the highest stamp seen there: anything newer is sent again from the relay's ring. [JOIN-1] */
export const joinSchema = z.object({
  type: z.literal("join"),
  room: roomSchema,
  token: z.optional(z.string().check(z.maxLength(4096))),
  /** Instead of the token: proof of it that is useless on any other connection. [PROOF-4] */
  proof: z.optional(keySchema),
  /** An operator's grant bound to this key, besides what it joins with. [JOIN-12] */
  grant: z.optional(z.string().check(z.maxLength(4096))),
  after: z.optional(stamp),
  facts: z.optional(factsSchema),
  controls: z.optional(z.array(signedSchema).check(z.maxLength(MAX_CONTROLS))),
  channels: z.optional(channels),
  /** With a grant for the lobby: it does not enter, it asks to be let in. [LOBBY-2] */
  knock: z.optional(z.literal(true)),
  /** Whose key this is. [KEYCHAIN-8] */
  chain: z.optional(chainSchema),
});

const leaveSchema = z.object({ type: z.literal("leave"), room: roomSchema });

/** Gives an event to the room to be stamped. [POST-1] */
export const postSchema = z.object({ type: z.literal("post"), room: roomSchema, event: signedSchema });

/** Passes an already stamped event to one recipient who missed it. [DELIVER-1] */
export const deliverSchema = z.object({
  type: z.literal("deliver"),
  room: roomSchema,
  to: memberSchema,
  key: device,
  stamp,
  event: signedSchema,
});

/** Tells an author where its events are; the relay adds `from`. [RECEIPT-3] */
export const sendReceiptsSchema = z.object({
  type: z.literal("receipts"),
  room: roomSchema,
  to: memberSchema,
  key: device,
  items: receipts,
});

/** Replaces what the room knows of this member. [PRESENCE-1] */
export const sendPresenceSchema = z.object({ type: z.literal("presence"), room: roomSchema, facts: factsSchema });

/** Replaces the channels this member is in. [CHANNEL-2] */
export const sendChannelsSchema = z.object({ type: z.literal("channels"), room: roomSchema, channels });

/**
 * One step of a file transfer: `want` asks the author for an offered file from `offset` on, `ack` confirms bytes, `done`
 * says it is complete, `refuse` ends it with a reason and one of `FILE_CODES`. Chunks are binary frames. [FILE-1]
 */
export const fileStepSchema = z.object({
  type: z.literal("file"),
  room: roomSchema,
  to: memberSchema,
  key: device,
  step: z.enum(["want", "ack", "done", "refuse"]),
  id: idSchema,
  offset: z.optional(z.int().check(z.nonnegative())),
  code: z.optional(word),
  reason: z.optional(word),
});

const range = z
  .tuple([z.int().check(z.positive()), z.int().check(z.positive())])
  .check(z.refine(([from, to]) => from <= to));
const markSchema = z.object({
  key: keySchema,
  audience: z.string().check(z.maxLength(2_200)),
  ranges: z.array(range).check(z.maxLength(MAX_MARK_RANGES)),
  /** The stamps that the asker knows of the other side's own events. [HEAL-7] */
  tail: z.optional(z.object({ from: z.int().check(z.positive()), digest: keySchema })),
});
const healing = {
  type: z.literal("heal"),
  room: roomSchema,
  step: z.enum(["marks", "done"]),
  marks: z.optional(z.array(markSchema).check(z.maxLength(MAX_HEAL_MARKS))),
  since: z.optional(stamp),
  /** For each channel, since when the asker has been in it: anything older is its past. [CHANNEL-5] */
  channels: z.optional(
    z
      .record(z.string(), stamp)
      .check(z.refine((all) => Object.keys(all).length <= MAX_CHANNELS && Object.keys(all).every(isChannelName))),
  ),
  more: z.optional(z.boolean()),
};

/**
 * Compares what two members have. `marks` tells the seqs one has in the audiences both belong to and asks for the rest,
 * which comes as `deliver` frames; `done` ends the answer, with `more` when there was too much for one round. The relay
 * passes it on and may drop it. [HEAL-1]
 */
export const sendHealSchema = z.object({ ...healing, to: memberSchema, key: device });

/** From the lobby to the member who decides, or that member's answer. [LOBBY-3] */
const knockSchema = z.object({ type: z.literal("knock"), room: roomSchema, event: signedSchema });

export const fromClientSchema = z.discriminatedUnion("type", [
  helloSchema,
  joinSchema,
  leaveSchema,
  postSchema,
  deliverSchema,
  sendReceiptsSchema,
  sendPresenceSchema,
  sendChannelsSchema,
  fileStepSchema,
  sendHealSchema,
  knockSchema,
]);

const rateSchema = z.object({ burst: z.number(), perSecond: z.number() });

/** Sent when the socket opens: what `hello` has to sign. [HELLO-1] */
export const challengeSchema = z.object({
  type: z.literal("challenge"),
  nonce,
  v: z.array(z.int()),
  /** The key that `welcome` will prove. [PROOF-1] */
  key: z.optional(keySchema),
});

/**
 * The relay's answer to a good `hello`: chosen version, limits, its clock, and an id that changes each time the relay
 * starts.
 */
export const welcomeSchema = z.object({
  type: z.literal("welcome"),
  v: z.int(),
  relay: z.string(),
  life: z.string(),
  time: z.int(),
  /** The relay's key, and its signature over the whole greeting. [PROOF-2] */
  key: z.optional(keySchema),
  sig: z.optional(z.string().check(z.maxLength(100))),
  /** Where the relay sees this connection coming from, `address:port`; for clients that used a loopback origin. [PROOF-5] */
  at: z.optional(z.string().check(z.maxLength(100))),
  /** What this relay can do that one of before can't: `lobby`, `devices`. */
  features: z.optional(z.array(word).check(z.maxLength(64))),
  limits: z.object({
    members: z.int(),
    frameBytes: z.int(),
    textBytes: z.int(),
    fileBytes: z.int(),
    chunkBytes: z.int(),
    history: z._default(z.int(), DEFAULT_LIMITS.history),
    rooms: z.optional(z.int()),
    rate: z.object({ agent: rateSchema, user: rateSchema }),
  }),
});

/** The room at the moment of joining. `gap` says that the ring no longer holds everything after `after`. [JOIN-3] */
export const joinedSchema = z.object({
  type: z.literal("joined"),
  room: roomSchema,
  name: memberSchema,
  grant: z.enum(["member", "operator", "observer"]),
  /** The grant that one of the relay's own tokens stands for, bound to the member's key. [GRANT-6] */
  grantToken: z.optional(z.string().check(z.maxLength(4096))),
  /** It is in the lobby: no member, and `members` has at most the one who decides. [LOBBY-2] */
  lobby: z.optional(z.literal(true)),
  stamp,
  gap: z.boolean(),
  members: z.array(presenceSchema),
  /** With the stamp of each one that was stamped since the relay started. */
  controls: z.array(z.extend(signedSchema, { stamp: z.optional(stamp) })),
});

/** Something was not done; `id` names the event or offer, `to` who a step or chunk was for. [REFUSE-1] */
export const refusedSchema = z.object({
  type: z.literal("refused"),
  room: z.optional(z.string()),
  id: z.optional(z.string()),
  to: z.optional(z.string()),
  code: z.string(),
  message: z.string(),
  retryAfterMs: z.optional(z.number()),
});

/** The author's events have been stamped; `missed` names recipients who aren't here. [POST-3] */
export const stampedSchema = z.object({
  type: z.literal("stamped"),
  room: roomSchema,
  id: idSchema,
  stamp,
  missed: z.optional(z.array(memberSchema)),
});

/** An event for this member; `late` when it didn't come straight from its author's post. [POST-4] [DELIVER-1] */
export const eventFrameSchema = z.object({
  type: z.literal("event"),
  room: roomSchema,
  stamp,
  event: signedSchema,
  late: z.optional(z.boolean()),
  /** Who delivered it, if that was a member and not the relay's own ring: the stamp is then only that member's claim. */
  by: z.optional(memberSchema),
});

const receiptsFrameSchema = z.object({
  type: z.literal("receipts"),
  room: roomSchema,
  from: memberSchema,
  key: keySchema,
  items: receipts,
});

/** Members whose line changed since the last such frame. [PRESENCE-2] */
const presenceFrameSchema = z.object({
  type: z.literal("presence"),
  room: roomSchema,
  members: z.array(presenceSchema),
});

const fileFrameSchema = z.object({
  type: z.literal("file"),
  room: roomSchema,
  from: memberSchema,
  key: keySchema,
  step: z.enum(["want", "ack", "done", "refuse"]),
  id: idSchema,
  offset: z.optional(z.int().check(z.nonnegative())),
  code: z.optional(word),
  reason: z.optional(word),
});

const healFrameSchema = z.object({ ...healing, from: memberSchema, key: keySchema });

export const fromRelaySchema = z.discriminatedUnion("type", [
  challengeSchema,
  welcomeSchema,
  joinedSchema,
  refusedSchema,
  stampedSchema,
  eventFrameSchema,
  receiptsFrameSchema,
  presenceFrameSchema,
  fileFrameSchema,
  healFrameSchema,
  knockSchema,
]);

export type Hello = z.infer<typeof helloSchema>;
export type Join = z.infer<typeof joinSchema>;
export type Post = z.infer<typeof postSchema>;
export type Deliver = z.infer<typeof deliverSchema>;
export type FileStep = z.infer<typeof fileStepSchema>;
export type HealMark = z.infer<typeof markSchema>;
export type HealFrame = z.infer<typeof healFrameSchema>;
export type Knock = z.infer<typeof knockSchema>;
export type FromClient = z.infer<typeof fromClientSchema>;
export type Challenge = z.infer<typeof challengeSchema>;
export type Welcome = z.infer<typeof welcomeSchema>;
export type Joined = z.infer<typeof joinedSchema>;
export type Refused = z.infer<typeof refusedSchema>;
export type Stamped = z.infer<typeof stampedSchema>;
export type EventFrame = z.infer<typeof eventFrameSchema>;
export type FromRelay = z.infer<typeof fromRelaySchema>;

/** What `hello` signs: a fixed word, then nonce, origin, name, key and versions, one per line. [HELLO-2] */
export function helloText(hello: Pick<Hello, "origin" | "name" | "key" | "v">, nonce: string): string {
  return ["agora-hello-v1", nonce, hello.origin, hello.name, hello.key, hello.v.join(",")].join("\n");
}
