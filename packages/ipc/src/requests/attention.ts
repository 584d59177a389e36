// All that waits for the person, in one list: whatever is counted anywhere is the length of it.
import * as z from "zod/mini";
import type { Role } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import { personOnlyWords } from "../person-only.ts";
import { via } from "./arguments.ts";

/**
 * What kind of thing waits, and so what the person does about it. `mention`: accept, reject, answer · `question`: answer,
 * reject · `budget`: may a chain go on? · `permission`: an own session asks in its own window · `guest`: somebody asks to be
 * let in · `device`: another device asks to be linked · `note`: something for the person to do · `unanswered`: an own question
 * that nobody has answered for long.
 */
export const ATTENTION_KINDS = [
  "mention",
  "question",
  "budget",
  "permission",
  "guest",
  "device",
  "note",
  "unanswered",
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** One thing that waits for the person. */
export interface AttentionItem {
  /** What a command about it names: an event's id, a guest's name, the beginning of a device's key, a seat. */
  readonly id: string;
  readonly kind: AttentionKind;
  /** The member it comes from; this one itself for its own sessions and questions. */
  readonly from: string;
  readonly seat?: string;
  readonly role?: Role;
  /** Its beginning, in one line. */
  readonly text: string;
  /** Unix milliseconds, by this machine's clock. */
  readonly since: number;
  readonly deadline?: number;
  readonly urgent?: true;
  /** Who waits because of it: members, and seats such as `bob/claude`. */
  readonly blocks?: readonly string[];
  readonly thread?: string;
  readonly channel?: string;
  /** Why it waits though the mode is auto. */
  readonly reason?: string;
  /** The tool that a permission is for, where the client tells. */
  readonly tool?: string;
}

export interface AttentionResult {
  /** The most urgent first: urgent, then by deadline, then what an agent waits for, then the oldest. */
  readonly items: readonly AttentionItem[];
  /** How many there are: more than are listed, if one author sent very many. */
  readonly count: number;
}

export const attentionRequests = {
  attention: defineRequest({
    args: z.object({ via }),
    result: gives<AttentionResult>(),
    who: "person",
    refusal: personOnlyWords("attention"),
    console: true,
    shown: {},
  }),
} as const;
