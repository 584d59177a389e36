// A person's devices in a room: which there are, and what the person decides about them.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { personOnlyWords } from "../person-only.ts";
import { text, via } from "./arguments.ts";

export interface DeviceState {
  /** The beginning of its key. */
  readonly id: string;
  readonly key: string;
  /** What its person calls it. */
  readonly name: string;
  /** When it was certified, by its person's clock, unix milliseconds. */
  readonly since: number;
  /** The names it speaks under. */
  readonly members: readonly string[];
  /** It is the one that answers. */
  readonly this?: true;
  /** It is in the room now. */
  readonly here?: true;
  readonly revoked?: true;
}

export interface DevicesResult {
  /** The person's root key; undefined: this member has none. */
  readonly root?: string;
  /** The root lies on this device: only here devices are revoked, and the words made. */
  readonly hasRoot: boolean;
  /** There are words by which the root can be renewed. */
  readonly hasWords: boolean;
  readonly devices: readonly DeviceState[];
  /** Which relay and room these keys are for. */
  readonly origin: string;
  readonly room: string;
}

/** What was stated, and where the word of it is. */
export interface DeviceResult {
  readonly device?: DeviceState;
  readonly state: "relayed" | "queued";
}

/** A link for another device. */
export interface LinkDeviceResult {
  readonly id: string;
  /** The address to open on the new device: `https://<relay>/console/#link=…`. */
  readonly link: string;
  /** Unix milliseconds, by this machine's clock. */
  readonly expires: number;
  /** Who the device will be, and where. */
  readonly name: string;
  readonly room: string;
}

/** A device that knocked by a link. */
export interface LinkAsker {
  /** A hash, of which both sides show six words. */
  readonly print: string;
  /** What it calls itself, or what the person called it. */
  readonly name: string;
  /** Its device key. */
  readonly key: string;
  readonly at: number;
}

/** A link as it stands. */
export interface DeviceLinkState {
  readonly id: string;
  readonly at: number;
  readonly expires: number;
  readonly ended?: "used" | "expired";
  /** Who came by it. */
  readonly by?: LinkAsker;
  /** Who waits for the person's word: the first one is asked about first. */
  readonly asking: readonly LinkAsker[];
}

export type AwaitLinkResult = DeviceLinkState;

export interface DeviceLinksResult {
  /** The newest first. */
  readonly links: readonly DeviceLinkState[];
}

/** Who was let in, or refused. */
export interface DecideLinkResult extends LinkAsker {
  readonly linked: boolean;
}

/**
 * `revoke` ends what a device of this person may say, `rename` calls it otherwise; `commit` binds the root to a recovery key by its
 * hash, the first one alone; `renewed` says that the keys on this disk were renewed, so that the room is told;
 * `rotate` gives this device another key to sign with from its next start on, and until then nothing more is said.
 */
export const DEVICE_ACTS = ["revoke", "rename", "commit", "renewed", "rotate"] as const;

export const deviceRequests = {
  devices: defineRequest({
    args: z.object({}),
    result: gives<DevicesResult>(),
    who: "anyone",
    console: true,
  }),
  /** A person's decision about the own devices; `id` begins a device's key. */
  device: defineRequest({
    args: z.object({
      via,
      act: z.enum(DEVICE_ACTS),
      id: z.optional(text),
      to: z.optional(text),
      hash: z.optional(text),
    }),
    result: gives<DeviceResult>(),
    who: "person",
    refusal: personOnlyWords("the keys of a person", "terminal"),
    speaks: true,
  }),
  /** Makes a link for another device of this person; `called`: what the person calls it. */
  linkDevice: defineRequest({
    args: z.object({ via, called: z.optional(text) }),
    result: gives<LinkDeviceResult>(),
    who: "person",
    refusal: personOnlyWords("the keys of a person"),
    console: true,
    speaks: true,
  }),
  /** The links that were made lately, and who asks by them. */
  deviceLinks: defineRequest({
    args: z.object({}),
    result: gives<DeviceLinksResult>(),
    who: "anyone",
    console: true,
    shown: {},
  }),
  /** Resolves when somebody asks by a link or it has ended, with its state. */
  awaitLink: defineRequest({
    args: z.object({ id: text, timeoutMs: z.number() }),
    result: gives<AwaitLinkResult>(),
    who: "anyone",
    waits: true,
  }),
  /** The person compared the six words of the device whose print begins so: they are the same (`yes`), or are not. */
  decideLink: defineRequest({
    args: z.object({ via, print: text, yes: z.boolean() }),
    result: gives<DecideLinkResult>(),
    who: "person",
    refusal: personOnlyWords("the keys of a person"),
    console: true,
    speaks: true,
  }),
} as const;
