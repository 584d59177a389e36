// What a person's devices tell each other of this person alone: up to where it has read a place, and which channels it is in.
import * as z from "zod/mini";
import { isChannelName, isMemberName } from "./names.ts";
import { isStamp } from "./stamp.ts";

export const OWN_STATE = "application/agora-self+json";

/** The room, a channel, or what a member said to this one. [DEVICE-15] */
function isPlace(text: string): boolean {
  if (text === "*") return true;
  return text.startsWith("#") ? isChannelName(text.slice(1)) : text.startsWith("@") && isMemberName(text.slice(1));
}

/** The body of a `self` event: of one place, the stamp up to which it was read, or whether the person is in that channel. [DEVICE-15] */
export const ownStateSchema = z.object({
  place: z.string().check(z.refine(isPlace)),
  read: z.optional(z.string().check(z.refine(isStamp))),
  in: z.optional(z.boolean()),
});

export type OwnState = z.infer<typeof ownStateSchema>;
