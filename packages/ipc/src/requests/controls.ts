// What operators decide, and who is one.
import * as z from "zod/mini";
import { CONTROL_ACTS, controlRateSchema, type ControlAct, type Rate } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** An operator's decision in force. */
export interface ControlInForce {
  /** The operator's name. */
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
  /** When it shall end, by this machine's clock. */
  readonly until?: number;
}

/** What operators decided about one member. */
export interface MemberControls {
  /** The member's name at the time; "" if only the key is known. */
  readonly name: string;
  readonly key?: string;
  readonly paused?: ControlInForce;
  readonly banned?: ControlInForce;
  readonly rate?: Rate;
}

/** What an operator asks by `control`; grants are taken back by `revokeInvite` and `remove`. */
export type AskedAct = Exclude<ControlAct, "revoke">;

export interface ControlResult {
  readonly id: string;
  readonly act: AskedAct;
  readonly member?: string;
  readonly seat?: string;
  readonly key?: string;
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  /** What a ban covers: key, name, grant id; and what it can't cover, in sentences. */
  readonly barred?: { readonly key: string; readonly name: string; readonly grantId?: string };
  readonly notes?: readonly string[];
}

export interface RemoveResult extends Omit<ControlResult, "act" | "seat"> {
  /** The ids of the grants that were taken back. */
  readonly revoked: readonly string[];
}

export interface ControlsResult {
  /** Whether this member may control the room. */
  readonly operator: boolean;
  /** Whether this machine holds the room's root key, so that `grant` works. */
  readonly owner: boolean;
  readonly stopped?: ControlInForce;
  readonly paused?: ControlInForce;
  /** For everybody; absent while the relay's own is in force. */
  readonly rate?: Rate;
  readonly members: readonly MemberControls[];
}

export interface GrantResult {
  readonly name: string;
  readonly key: string;
  readonly id: string;
  readonly expires?: number;
}

export interface AppointResult extends GrantResult {
  /** The one channel it is for. */
  readonly channel?: string;
}

/** The longest pause or ban that ends by itself: 30 days, seconds. */
const MAX_SPAN_S = 30 * 86_400;

export const controlRequests = {
  /**
   * An operator's decision; for a person only. `member` is a name: required for kick, ban, unban, interrupt; for pause,
   * resume and rates it limits the act to that member; for inject it is who should act on it. `seat` goes with interrupt and
   * inject. `rates` without a `rate` restores the relay's own. `forS` ends a pause or a ban after so many seconds.
   */
  control: defineRequest({
    args: z.object({
      via,
      act: z.enum(CONTROL_ACTS.filter((act): act is AskedAct => act !== "revoke")),
      member: z.optional(text),
      seat: z.optional(text),
      reason: z.optional(text),
      text: z.optional(text),
      rate: z.optional(controlRateSchema),
      forS: z.optional(z.int().check(z.positive(), z.maximum(MAX_SPAN_S))),
      once,
    }),
    result: gives<ControlResult>(),
    who: "person",
    refusal: ({ act }) => personOnlyWords(act),
    console: true,
  }),
  /** Removes a member for good: bans its key and name, and takes back the grants it holds. */
  remove: defineRequest({
    args: z.object({ via, member: text, reason: z.optional(text), once }),
    result: gives<RemoveResult>(),
    who: "person",
    refusal: personOnlyWords("remove"),
    console: true,
  }),
  /** The operators' decisions in force. */
  controls: defineRequest({
    args: z.object({}),
    result: gives<ControlsResult>(),
    who: "anyone",
    console: true,
    shown: {},
  }),
  /** Makes a member an operator; only for the person who owns the room. */
  grant: defineRequest({
    args: z.object({ via, member: text, expiresS: z.optional(z.int().check(z.positive())), once }),
    result: gives<GrantResult>(),
    who: "person",
    refusal: personOnlyWords("grant"),
    console: true,
  }),
  /** Makes a member a lead, of one channel or of the room; for the person who owns the room, or an operator. */
  appoint: defineRequest({
    args: z.object({
      via,
      member: text,
      channel: z.optional(text),
      expiresS: z.optional(z.int().check(z.positive())),
      once,
    }),
    result: gives<AppointResult>(),
    who: "person",
    refusal: personOnlyWords("grant"),
    console: true,
  }),
} as const;
