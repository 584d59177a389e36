// What a person has read, on whichever of the own devices.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { personOnlyWords } from "../person-only.ts";
import { text, via } from "./arguments.ts";

/** By place the stamp up to which the person has read it, on whichever device: `*` the room, `#name` a channel, `@name` what a member said to this one alone. */
export interface ReadsResult {
  readonly read: Readonly<Record<string, string>>;
}

/** `changed`: it was not read so far before. */
export interface MarkReadResult {
  readonly changed: boolean;
}

/** What is unread, by place. */
export interface UnreadResult {
  readonly places: readonly {
    /** `*` the room, `#name` a channel. */
    readonly place: string;
    readonly count: number;
    /** How many of them address this member. */
    readonly toMe: number;
    /** When the first of them came here, unix milliseconds. */
    readonly since: number;
    /** The stamp of the last of them, to mark them as read. */
    readonly last: string;
  }[];
  /** There are more than were counted. */
  readonly more?: true;
}

const refusal = personOnlyWords("what a person has read");

export const ownStateRequests = {
  reads: defineRequest({
    args: z.object({ via }),
    result: gives<ReadsResult>(),
    who: "person",
    refusal,
    console: true,
    shown: {},
  }),
  unread: defineRequest({ args: z.object({ via }), result: gives<UnreadResult>(), who: "person", refusal }),
  /** The person has read a place up to a stamp; a lower one than before changes nothing. */
  markRead: defineRequest({
    args: z.object({ via, place: text, read: text }),
    result: gives<MarkReadResult>(),
    who: "person",
    refusal,
    console: true,
  }),
} as const;
