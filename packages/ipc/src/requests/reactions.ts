// Reactions to what was said.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { text, via } from "./arguments.ts";

/** `about` is the message; an empty `text`: the reaction was taken back. */
export interface ReactResult {
  readonly id: string;
  readonly about: string;
  readonly text: string;
  /** `queued` with a reason when it has to wait, as in `say`. */
  readonly state: "queued" | "relayed";
  readonly reason?: string;
}

export const reactionRequests = {
  /** Reacts to a message by its id, or how that begins; repeating it changes nothing. An empty text takes one's own back. */
  react: defineRequest({
    args: z.object({ via, id: text, text }),
    result: gives<ReactResult>(),
    who: "anyone",
    speaks: true,
    console: true,
  }),
} as const;
