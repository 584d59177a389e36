// The room's card: what the room is for, and the repositories that its people work in.
import * as z from "zod/mini";
import type { Repository } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

export interface CardResult {
  readonly room: string;
  readonly title?: string;
  readonly purpose?: string;
  readonly repositories: readonly Repository[];
  /** Who set it, and when by that one's own clock; absent as long as nobody has. */
  readonly by?: string;
  readonly at?: number;
  /** This member may set it. */
  readonly mine?: true;
}

export interface SetCardResult extends CardResult {
  /** `queued` with a reason when the others will hear of it later. */
  readonly state: "queued" | "relayed";
  readonly reason?: string;
}

export const cardRequests = {
  card: defineRequest({
    args: z.object({}),
    result: gives<CardResult>(),
    who: "anyone",
    console: true,
    gateway: true,
    shown: {},
  }),
  /**
   * Sets what is given; an empty text takes a field away. `repositories` are added, or replace those with the same label, and
   * those labelled `without` are taken off. For an operator or a lead.
   */
  setCard: defineRequest({
    args: z.object({
      via,
      title: z.optional(text),
      purpose: z.optional(text),
      repositories: z.optional(z.array(z.object({ url: text, label: text })).check(z.maxLength(100))),
      without: z.optional(z.array(text).check(z.maxLength(100))),
      once,
    }),
    result: gives<SetCardResult>(),
    who: "person",
    refusal: personOnlyWords("The room's card"),
    speaks: true,
    console: true,
  }),
} as const;
