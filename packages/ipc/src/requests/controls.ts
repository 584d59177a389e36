// What operators decide, and who is one.
import * as z from "zod/mini";
import { CONTROL_ACTS, controlRateSchema, type ControlAct, type Rate } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** An operator's decision that is in force. */
export interface ControlInForce {
  /** The operator's name. */
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
}

/** What operators decided about one member. */
export interface MemberControls {
  /** The name it had then; "" when only the key is known. */
  readonly name: string;
  readonly key?: string;
  readonly paused?: ControlInForce;
  readonly banned?: ControlInForce;
  readonly rate?: Rate;
}

export interface ControlResult {
  readonly id: string;
  readonly act: ControlAct;
  readonly member?: string;
  readonly seat?: string;
  readonly key?: string;
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  /** What a ban bars: the key, the name, the id of the grant; and what it can't, in sentences. */
  readonly barred?: { readonly key: string; readonly name: string; readonly grantId?: string };
  readonly notes?: readonly string[];
}

export interface ControlsResult {
  /** Whether this member may control. */
  readonly operator: boolean;
  /** Whether this machine holds the room's root key, so that `grant` can be used. */
  readonly owner: boolean;
  readonly stopped?: ControlInForce;
  readonly paused?: ControlInForce;
  /** For all; not there while the relay's own is in force. */
  readonly rate?: Rate;
  readonly members: readonly MemberControls[];
}

export interface GrantResult {
  readonly name: string;
  readonly key: string;
  readonly id: string;
  readonly expires?: number;
}

export const controlRequests = {
  /**
   * An operator's word; a person's vias only. `member` is a name: needed for kick, ban, unban, interrupt; for pause,
   * resume and rates it is the one instead of the room; for inject the one who shall act on it. `seat` goes with
   * interrupt and inject. `rates` without a `rate` gives back the relay's own.
   */
  control: defineRequest({
    args: z.object({
      via,
      act: z.enum(CONTROL_ACTS),
      member: z.optional(text),
      seat: z.optional(text),
      reason: z.optional(text),
      text: z.optional(text),
      rate: z.optional(controlRateSchema),
      once,
    }),
    result: gives<ControlResult>(),
    who: "person",
    refusal: ({ act }) => personOnlyWords(act),
    console: true,
  }),
  /** What operators have decided and is in force. */
  controls: defineRequest({
    args: z.object({}),
    result: gives<ControlsResult>(),
    who: "anyone",
    console: true,
    shown: {},
  }),
  /** Makes a member an operator: the room's owner's person only. */
  grant: defineRequest({
    args: z.object({ via, member: text, expiresS: z.optional(z.int().check(z.positive())), once }),
    result: gives<GrantResult>(),
    who: "person",
    refusal: personOnlyWords("grant"),
    console: true,
  }),
} as const;
